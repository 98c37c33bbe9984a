"""Hand a portfolio over on one page: who takes which customer, what is open there, both signatures (C4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mainstay.accounts.portfolios import registry
from mainstay.accounts.portfolios.actions import handing
from mainstay.accounts.portfolios.choices import ItemState
from mainstay.accounts.portfolios.queries import handovers as queries
from mainstay.accounts.portfolios.queries import pool
from mainstay.domain.actor import Actor
from mainstay.faces.web import listing
from mainstay.faces.web.changes import link_to
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.links import page as page_url
from mainstay.faces.web.portfolios.frame import said, tabs
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs import running

SIZE = 100
HEAD = (
    gettext_lazy("Customer"), gettext_lazy("Code"), gettext_lazy("Service grade"), gettext_lazy("Region"),
    gettext_lazy("New account manager"), gettext_lazy("State"), gettext_lazy("What is open"), gettext_lazy("Note"),
    gettext_lazy("Answer"),
)  # fmt: skip


class StartForm(forms.Form):
    """Whose portfolio, and why."""

    giver = forms.TypedChoiceField(label=gettext_lazy("Who hands over"), coerce=int)
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=400,
        help_text=gettext_lazy("It stands in the record and in each history."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = pool.holders(actor, timezone.localdate())
        if not actor.may(Permission.ASSIGN_CUSTOMERS):
            found = [h for h in found if h.user.pk == actor.user_id]
        gone = _("may no longer sign in")
        fields: Any = self.fields
        fields["giver"].choices = [
            (h.user.pk, f"{h.user} · {h.held}" + (f" · {gone}" if h.gone else "")) for h in found if h.held
        ]


@door()
def handovers(request: ConsoleRequest) -> HttpResponse:
    """List hand-overs, the newest first; who left customers behind stands above them."""
    assigns = request.actor.may(Permission.ASSIGN_CUSTOMERS)
    context = {
        "tabs_shown": tabs("portfolio-handovers", request.actor),
        "page": listing.page_of(queries.handovers(request.actor), request),
        "leavers": queries.leavers(request.actor) if assigns else [],
        "may_start": assigns or request.actor.customer_ids is not None, "data_at": timezone.now(),
    }  # fmt: skip
    return render(request, "web/portfolios/handovers.html", context)


@door()
def start(request: ConsoleRequest) -> HttpResponse:
    """Choose whose portfolio is handed over."""
    form = StartForm(request.actor, request.POST or None, initial={"giver": request.GET.get("giver")})
    made: list[Any] = []
    if request.method == "POST" and accepted(
        form,
        lambda given: made.append(handing.start(given["giver"], given["why"], at=timezone.now(), by=request.actor)),
    ):
        return redirect("web:portfolio-handover", made[0].pk)
    context = {"form": form, "title": _("Hand a portfolio over"), "up": "web:portfolio-handovers"}
    return render(request, "web/portfolios/form.html", context)


@door()
def handover(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one hand-over with its customers; `?state=` limits them."""
    at, found = timezone.now(), queries.visible_handover(request.actor, pk)
    items, state = queries.items(request.actor, found), request.GET.get("state", "")
    counts = _counts(items)
    if listing.wants_file(request):
        return listing.list_file(request, found.number, HEAD, items.iterator(chunk_size=500), cells)
    if state in ItemState.values:
        items = items.filter(state=state)
    page, steers = listing.page_of(items, request, size=SIZE), queries.steers(request.actor, found)
    planned = counts.get(ItemState.DRAFT, 0)
    receivers = [h for h in pool.holders(request.actor, timezone.localdate()) if h.regions and not h.gone] if (
        steers and planned) else []  # fmt: skip
    page.object_list = _rows(list(page.object_list), request.actor, at)
    chips = [(value, label, counts[value]) for value, label in ItemState.choices if counts.get(value)]
    context = {
        "handover": found, "page": page, "rows": page.object_list, "steers": steers, "planned": planned,
        "given": items.filter(state=ItemState.DRAFT, to__isnull=False).count() if planned else 0,
        "receivers": [h for h in receivers if h.user.pk != found.giver_id], "counts": counts,
        "filters": [{"name": "state", "label": _("State"), "kind": "chips", "options": chips}],
        "answers": any(row["mine"] for row in page.object_list), "data_at": at, "checks": registry.checks(),
        **listing.export_urls(request),
    }  # fmt: skip
    return render(request, "web/portfolios/handover.html", context)


def _counts(items: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for state in items.order_by().values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts


def _rows(items: list[Any], actor: Actor, at: Any) -> list[dict[str, Any]]:
    """Return the customers with what is open: as it is now while planned, as it was signed afterwards."""
    planned = [item.customer_id for item in items if item.state == ItemState.DRAFT]
    live = queries.findings(planned, at=at) if planned else {}
    return [
        {
            "item": item,
            "facts": _facts(queries.told(live[item.customer_id]) if item.customer_id in live else item.facts),
            "mine": item.state == ItemState.MOVED and item.to_id == actor.user_id, "said": said(item.answer),
        }
        for item in items
    ]  # fmt: skip


def _facts(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {check.name: check for check in registry.checks()}
    return [
        {
            "title": known[each["check"]].title if each["check"] in known else each["check"],
            "icon": known[each["check"]].icon if each["check"] in known else "point",
            "count": each["count"],
            "lines": [(line["words"], link_to(line["kind"], line["id"])) for line in each["lines"]],
        }
        for each in told
    ]


def cells(item: Any) -> tuple[object, ...]:
    """Return a customer of a hand-over as a row of a file."""
    known = {check.name: check.title for check in registry.checks()}
    is_open = "; ".join(f"{known.get(f['check'], f['check'])}: {f['count']}" for f in item.facts)
    customer = item.customer
    grade = customer.get_service_grade_display()
    return (customer.name, customer.code, grade, customer.region.name, str(item.to or ""),
            item.get_state_display(), is_open, item.note, said(item.answer))  # fmt: skip


@require_POST
@door()
def plan(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Keep the draft; then suggest, give the rest to one, drop it, or sign, as the button says."""
    at, by, verb = timezone.now(), request.actor, request.POST.get("verb", "save")
    wanted = _wanted(request)
    if wanted:
        handing.plan(pk, wanted, at=at, by=by)
    if verb == "suggest":
        among = [n for n in map(listing.number_of, request.POST.getlist("among")) if n is not None]
        n = handing.suggest(pk, among, at=at, by=by)
        messages.success(request, ngettext("A receiver was found for %(n)s customer.",
                                           "A receiver was found for %(n)s customers.", n) % {"n": n})  # fmt: skip
    elif verb == "discard":
        handing.discard(pk, at=at, by=by)
        messages.success(request, _("What was planned is dropped."))
    elif verb == "sign":
        job = handing.sign(pk, at=at, by=by, language=get_language() or "")
        if not job.at_once:
            messages.success(request, _("Signed. The customers move now; this page tells how far it is."))
            return redirect(page_url("job", job.pk))
        running.run_at_once(job, now=timezone.now)
        messages.success(request, _("Signed; the customers are with their new managers, who tick each."))
    else:
        messages.success(request, _("The draft is kept."))
    return redirect("web:portfolio-handover", pk)


def _wanted(request: ConsoleRequest) -> dict[int, tuple[int | None, str]]:
    found: dict[int, tuple[int | None, str]] = {}
    for name, value in request.POST.items():
        item = listing.number_of(name.removeprefix("to-")) if name.startswith("to-") else None
        if item is not None:
            found[item] = (listing.number_of(str(value)), request.POST.get(f"note-{item}", ""))
    return found


@require_POST
@door()
def answer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Sign as receiver for what is ticked: taken over, or sent back with a reason."""
    takes, words = request.POST.get("verb") != "refuse", request.POST.get("words", "")
    ticked = [n for n in map(listing.number_of, request.POST.getlist("items")) if n is not None]
    n = handing.answer(pk, {item: handing.Answer(takes, words) for item in ticked}, at=timezone.now(), by=request.actor)
    told = ngettext("%(n)s customer is taken over.", "%(n)s customers are taken over.", n) if takes else ngettext(
        "%(n)s customer is sent back.", "%(n)s customers are sent back.", n)  # fmt: skip
    messages.success(request, told % {"n": n})
    still = queries.waiting_for(request.actor)
    return redirect("web:portfolio-handover", pk) if takes or still else redirect("web:portfolio-handovers")


urlpatterns = [
    path("pool/hand-overs", handovers, name="portfolio-handovers"),
    path("pool/hand-overs/new", start, name="portfolio-handover-new"),
    path("pool/hand-overs/<int:pk>", handover, name="portfolio-handover"),
    path("pool/hand-overs/<int:pk>/plan", plan, name="portfolio-handover-plan"),
    path("pool/hand-overs/<int:pk>/answer", answer, name="portfolio-handover-answer"),
]
