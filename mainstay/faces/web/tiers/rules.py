"""Rule sets: the list, one with its table in force, a version that is edited, tried, proposed and approved."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.tiers.actions import drafting, loading, trying
from mainstay.accounts.tiers.choices import VersionStatus
from mainstay.accounts.tiers.queries import proposals, rules, runs
from mainstay.accounts.tiers.queries.register import facts, grades_of, label_of, source_of, table_of
from mainstay.domain.errors import MainstayError, NotAllowed, NotFound
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.listing import day_of
from mainstay.faces.web.tiers.sheet import Sheet, reordered, sheet_of, show_errors, typed_in
from mainstay.platform.identity.choices import Permission


@door()
def tiers(request: ConsoleRequest) -> HttpResponse:
    """List the rule sets: in force since when, how many hold what, what waits."""
    rows = rules.rule_sets(request.actor)
    told = [
        {"row": row, "name": label_of(row.rule_set), "source": source_of(row.rule_set),
         "url": reverse("web:tier-rules", args=[row.rule_set.code])}
        for row in rows
    ]  # fmt: skip
    context = {
        "rows": told,
        "may_write": request.actor.may(Permission.WRITE_TIERS),
        "may_approve": request.actor.may(Permission.APPROVE_TIERS),
        "waiting": sum(row.waiting for row in rows),
        "to_approve": rules.to_approve(request.actor),
        "decidable": proposals.waiting_for(request.actor).count(),
    }
    return render(request, "web/tiers/tiers.html", context)


@require_POST
@door(Permission.WRITE_TIERS)
def load(request: ConsoleRequest) -> HttpResponse:
    """Load the shipped rule sets that are missing."""
    count = loading.load_shipped(at=timezone.now(), by=request.actor)
    messages.success(request, gettext("%(n)s rule sets loaded.") % {"n": count})
    return redirect("web:tiers")


@door()
def rule_set(request: ConsoleRequest, code: str) -> HttpResponse:
    """Show a rule set: the table in force, its versions, who approves what, cities and mandates."""
    owner, today = rules.rule_set(request.actor, code), timezone.localdate()
    standing = rules.in_force(owner)
    versions = rules.versions(owner)
    pending = next((v for v in versions if v.status in ("draft", "proposed", "approved")), None)
    row = next(row for row in rules.rule_sets(request.actor) if row.rule_set.pk == owner.pk)
    last = runs.last_run(request.actor, standing, trial=False) if standing else None
    context = {
        "owner": owner, "name": label_of(owner), "source": source_of(owner), "version": standing,
        "sheet": sheet_of(table_of(standing), grades_of(owner)) if standing else None,
        "versions": versions, "pending": pending, "row": row, "grades": grades_of(owner),
        "may_write": request.actor.may(Permission.WRITE_TIERS),
        "may_approve": request.actor.may(Permission.APPROVE_TIERS),
        "mandates": rules.mandates(request.actor, owner, on=today),
        "may_delegate": [grade for grade in grades_of(owner) if grade.may_delegate],
        "cities": rules.cities(request.actor) if standing and table_of(standing).factors else [],
        "figures": runs.figures(request.actor, last, at=timezone.now()) if last else None, "run": last,
        "today": today,
    }  # fmt: skip
    return render(request, "web/tiers/rules.html", context)


@require_POST
@door(Permission.WRITE_TIERS)
def draft(request: ConsoleRequest, code: str) -> HttpResponse:
    """Begin to change a table, or go on with the draft that is there."""
    made = drafting.begin_draft(code, at=timezone.now(), by=request.actor)
    return redirect("web:tier-version", made.pk)


@require_POST
@door(Permission.APPROVE_TIERS)
def switch(request: ConsoleRequest, code: str) -> HttpResponse:
    """Switch a rule set on or off."""
    run = drafting.switch(code, request.POST.get("on") == "1", at=timezone.now(), by=request.actor)
    if run is not None:
        trying.run_to_its_end(run.pk, now=timezone.now, by=request.actor)
    messages.success(request, _("Saved."))
    return redirect("web:tier-rules", code)


@door()
def version(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a version; a draft is edited in place, tried over everybody and proposed, all from one form."""
    found = rules.version(request.actor, pk)
    sheet: Sheet | None = None
    if request.method == "POST":
        answer = _edited(request, found)
        if not isinstance(answer, Sheet):
            return answer
        sheet = answer
    return _page(request, found, sheet)


def _edited(request: ConsoleRequest, found: Any) -> HttpResponse | Sheet:
    """Keep what was typed and do what the button says; give the sheet back where something cannot be read."""
    given, at, by = request.POST, timezone.now(), request.actor
    what = given.get("do", "save")
    standing = rules.in_force(found.rule_set)
    typed = typed_in(given, table_of(found))
    extra = [name for name in given.get("cols", "").split(",") if name]
    grades, before = grades_of(found.rule_set), table_of(standing) if standing else None
    if typed.errors:
        return show_errors(sheet_of(typed.table, grades, before, extra), typed)
    table = reordered(typed.table, what)
    try:
        drafting.save_draft(found.pk, table.contents(), revision=_number(given.get("revision")), at=at, by=by)
        return _then(request, found, what, extra)
    except (NotFound, NotAllowed):
        raise
    except MainstayError as error:
        sheet = sheet_of(table, grades, before, extra)
        sheet.problem, sheet.errors = error.explain(gettext), 1
        return sheet


def _then(request: ConsoleRequest, found: Any, what: str, extra: list[str]) -> HttpResponse:
    given, at, by = request.POST, timezone.now(), request.actor
    here = reverse("web:tier-version", args=[found.pk])
    if what == "try":
        run = trying.try_over_all(found.pk, language=get_language() or "", at=at, by=by)
        trying.run_to_its_end(run.pk, now=timezone.now, by=by)
        return redirect(f"{here}#result")
    if what == "ask":
        on = day_of(given.get("on", "")) or timezone.localdate(at)
        drafting.propose(found.pk, on=on, why=given.get("why", ""), at=at, by=by)
        messages.success(request, _("It waits for approval by another person; they find it in their day."))
        return redirect(here)
    added = given.get("add-column", "") if what == "column" else ""
    empty = [name for name in (*extra, added) if name in facts()]
    messages.success(request, _("Saved."))
    return redirect(f"{here}?col={','.join(empty)}#sheet" if empty else f"{here}#sheet")


def _page(request: ConsoleRequest, found: Any, sheet: Sheet | None) -> HttpResponse:
    owner, at = found.rule_set, timezone.now()
    standing = rules.in_force(owner)
    before = table_of(standing) if standing and standing.pk != found.pk else None
    may_write = request.actor.may(Permission.WRITE_TIERS)
    extra = [name for name in request.GET.get("col", "").split(",") if name]
    run = runs.last_run(request.actor, found)
    grades = grades_of(owner)
    status = 422 if sheet else 200
    context = {
        "owner": owner, "name": label_of(owner), "version": found, "standing": standing,
        "sheet": sheet or sheet_of(table_of(found), grades, before, extra),
        "editable": may_write and found.status == VersionStatus.DRAFT,
        "may_approve": rules.may_approve(request.actor, found),
        "own": found.proposed_by_id is not None and found.proposed_by_id == request.actor.user_id,
        "may_take_back": may_write and found.status in (VersionStatus.DRAFT, VersionStatus.PROPOSED),
        "may_write": may_write, "run": run, "today": timezone.localdate(at),
        "figures": runs.figures(request.actor, run, at=at) if run else None,
        "why": request.POST.get("why", found.why), "on": request.POST.get("on", f"{timezone.localdate(at)}"),
    }  # fmt: skip
    return render(request, "web/tiers/version.html", context, status=status)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


class RejectForm(forms.Form):
    """Why a proposal is rejected."""

    why = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


@require_POST
@door(Permission.APPROVE_TIERS)
def decide(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    """Approve a proposed version, or reject it."""
    found, at = rules.version(request.actor, pk), timezone.now()
    run = drafting.decide(pk, verb == "approve", why=request.POST.get("why", ""), at=at, by=request.actor)
    if verb != "approve":
        messages.success(request, _("Rejected; who proposed it sees why."))
        return redirect("web:tier-version", pk)
    if run is not None:
        trying.run_to_its_end(run.pk, now=timezone.now, by=request.actor, parts=trying.WAITED_FOR * 4)
    messages.success(request, _("Approved. Every customer’s page says what changed and why."))
    return redirect("web:tier-rules", found.rule_set.code)


@require_POST
@door(Permission.WRITE_TIERS)
def take_back(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take a proposal back into the draft, or throw the draft away."""
    found = drafting.take_back(pk, at=timezone.now(), by=request.actor)
    if found.status == VersionStatus.DRAFT:
        return redirect("web:tier-version", pk)
    return redirect("web:tier-rules", found.rule_set.code)


urlpatterns = [
    path("tiers", tiers, name="tiers"),
    path("tiers/load", load, name="tiers-load"),
    path("tiers/versions/<int:pk>", version, name="tier-version"),
    path("tiers/versions/<int:pk>/take-back", take_back, name="tier-take-back"),
    path("tiers/versions/<int:pk>/<slug:verb>", decide, name="tier-decide"),
    path("tiers/<slug:code>", rule_set, name="tier-rules"),
    path("tiers/<slug:code>/draft", draft, name="tier-draft"),
    path("tiers/<slug:code>/switch", switch, name="tier-switch"),
]
