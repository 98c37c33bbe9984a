"""Compensation clauses as data: which sets hold where, changed in versions, tried out on a circuit's month (H8)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.domain.compensation import ClauseSet, clause_set_from
from mainstay.domain.errors import MainstayError
from mainstay.faces.web import listing
from mainstay.faces.web.compensation.claims import evidence_of
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.compensation import month_of
from mainstay.faces.web.settings.clause_forms import (
    DAY,
    NewSetForm,
    SetForm,
    clause_forms,
    initial_of_set,
    read_set,
)
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity.choices import Permission
from mainstay.service.compensation.actions import clauses as actions
from mainstay.service.compensation.actions.clauses import NewTerms, Place
from mainstay.service.compensation.queries import clauses as queries
from mainstay.service.compensation.wording import yuan

TAB = "settings-clauses"


class EndForm(forms.Form):
    """The day a set no longer holds."""

    on = forms.DateField(label=_("Holds no longer from"), widget=DAY)


@door()
def clauses(request: ConsoleRequest) -> HttpResponse:
    """List the sets: those for all, those agreed with customers, the example; try what holds for a circuit."""
    today = timezone.localdate()
    rows = queries.all_terms(request.actor, on=today, ended="all" in request.GET)
    return show(
        request, "clauses", TAB,
        sets=[row for row in rows if not row.is_example], examples=[row for row in rows if row.is_example],
        may_write=request.actor.may(Permission.SETTINGS),
        filters=[{"name": "all", "label": _("Also past versions"), "kind": "toggle"}], **bench(request),
    )  # fmt: skip


@door()
def clause_set(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one set: its clauses in words, its versions, and what it gives for a circuit's month."""
    found, today = queries.visible_terms(request.actor, pk), timezone.localdate()
    row = queries.terms_row(found, on=today)
    return show(
        request, "clause_set", TAB,
        row=row, versions=queries.versions(request.actor, found, on=today), may_write=_may_write(request, row),
        **bench(request, clause_set_from(found.terms), name=found.name),
    )  # fmt: skip


def bench(request: ConsoleRequest, given: ClauseSet | None = None, *, name: str = "") -> dict[str, Any]:
    """Return what the test bench shows: what `?circuit=` gets for `?month=` under these clauses, or those that hold."""
    number, text = request.GET.get("circuit", ""), request.GET.get("month", "")
    month = month_of(text) or (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    told: dict[str, Any] = {"bench_circuit": number, "bench_month": f"{month:%Y-%m}"}
    if not number:
        return told
    try:
        trial = queries.try_out(request.actor, number, month, given, name=name)
    except MainstayError as error:
        return told | {"bench_problem": error.explain(gettext)}
    url = evidence_of(trial.circuit_id, month, trial.version)
    return told | {"trial": trial, "trial_amount": yuan(trial.amount_fen), "trial_evidence": url}


def _may_write(request: ConsoleRequest, row: queries.TermsRow) -> bool:
    for_all = row.customer_id is None and row.contract_id is None and row.circuit_id is None
    needed = Permission.SETTINGS if for_all else Permission.WRITE_CONTRACTS
    return request.actor.may(needed) and not row.is_example and row.valid_to is None


@door()
def new_set(request: ConsoleRequest) -> HttpResponse:
    """Lay down a set: for all, or (`?customer=`, `?contract=`, `?circuit_id=`) for somebody's own things."""
    place = _place(request)
    if not request.actor.may(Permission.WRITE_CONTRACTS if place else Permission.SETTINGS):
        raise Http404
    initial = {"valid_from": timezone.localdate(), **initial_of_set(ClauseSet())}
    form = (SetForm if place else NewSetForm)(request.POST or None, initial=initial)
    parts = clause_forms(request.POST or None, ClauseSet())
    made: list[Any] = []
    if request.method == "POST" and (said := read_set(form, parts)) is not None:
        given = form.cleaned_data
        where = place or Place(profile=given["profile"], grade=given["grade"], product=given["product"])
        new = NewTerms(given["name"], said, given["valid_from"], source=given["source"], place=where)
        at, by = timezone.now(), request.actor
        if accepted(form, lambda _given: made.append(actions.lay_down(new, at=at, by=by))):
            messages.success(request, _("Saved."))
            return redirect("web:settings-clause-set", made[0].pk)
    return _form(request, form, parts, _("New set of clauses"), reverse("web:settings-clauses"))


def _place(request: ConsoleRequest) -> Place | None:
    customer, contract, circuit = (
        listing.number_of(request.GET.get(name)) for name in ("customer", "contract", "circuit_id")
    )
    if customer is None and contract is None and circuit is None:
        return None
    return Place(customer_id=customer, contract_id=contract, circuit_id=circuit)


@door()
def revise(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a set say something else from a day on; what it said before stays readable."""
    found = queries.visible_terms(request.actor, pk)
    if not _may_write(request, queries.terms_row(found, on=timezone.localdate())):
        raise Http404
    standing = clause_set_from(found.terms)
    initial = {"name": found.name, "source": found.source, "valid_from": timezone.localdate()}
    form = SetForm(request.POST or None, initial={**initial, **initial_of_set(standing)})
    parts = clause_forms(request.POST or None, standing)
    made: list[Any] = []
    if request.method == "POST" and (said := read_set(form, parts)) is not None:

        def act(given: dict[str, Any]) -> None:
            made.append(
                actions.revise(pk, given["name"], said, valid_from=given["valid_from"], source=given["source"],
                               at=timezone.now(), by=request.actor)
            )  # fmt: skip

        if accepted(form, act):
            messages.success(request, _("Saved."))
            return redirect("web:settings-clause-set", made[0].pk)
    title = _("Change the clauses: %(name)s") % {"name": found.name}
    return _form(request, form, parts, title, reverse("web:settings-clause-set", args=[pk]))


@door()
def end_set(request: ConsoleRequest, pk: int) -> HttpResponse:
    """End a set."""
    found = queries.visible_terms(request.actor, pk)
    if not _may_write(request, queries.terms_row(found, on=timezone.localdate())):
        raise Http404
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and accepted(
        form, lambda given: actions.end(pk, on=given["on"], at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved."))
        return redirect("web:settings-clauses")
    title = _("End the clauses: %(name)s") % {"name": found.name}
    up = {"url": reverse("web:settings-clause-set", args=[pk])}
    return show(request, "form", TAB, form=form, title=title, verb=_("Save"), up=up)


def _form(request: ConsoleRequest, form: SetForm, parts: list[Any], title: object, up: str) -> HttpResponse:
    return show(request, "clause_form", TAB, form=form, parts=parts, title=title, up=up)


urlpatterns = [
    path("settings/clauses", clauses, name="settings-clauses"),
    path("settings/clauses/new", new_set, name="settings-clause-new"),
    path("settings/clauses/<int:pk>", clause_set, name="settings-clause-set"),
    path("settings/clauses/<int:pk>/revise", revise, name="settings-clause-revise"),
    path("settings/clauses/<int:pk>/end", end_set, name="settings-clause-end"),
]
