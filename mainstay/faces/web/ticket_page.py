"""One ticket as a story with its clocks: what happened, what is promised, what can be done now (H1, H2, H3)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from mainstay.accounts.customers import queries as customers
from mainstay.domain.actor import Actor
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.ticket_forms import Subject, VerbForm
from mainstay.faces.web.ticket_story import policy_words, told
from mainstay.faces.web.ticket_verbs import VERBS, Order
from mainstay.faces.web.whereabouts import tell_where
from mainstay.network.alarms.queries import incidents
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.choices import CauseCode, Responsibility
from mainstay.service.tickets.queries.page import ticket_page, visible_ticket

PRIMARY = 3
"""So many verbs stand in the open; the others are in the menu."""

FORWARD = ("claim", "resume", "confirm", "resolve", "close")
"""Verbs that bring a ticket on: the first of them stands out."""

NOT_IN_HEAD = ("approve_pause", "refuse_pause")
"""These stand beside the pause they decide."""


@door()
def ticket(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one ticket: its story, its clocks and why they stand where they stand, what can be done now."""
    return show(request, pk, opened=request.GET.get("do", ""))


def show(
    request: ConsoleRequest, pk: int, *, opened: str = "", bound: VerbForm | None = None, status: int = 200
) -> HttpResponse:
    """Render a ticket's page; `opened` is the verb whose form stands open, `bound` that form with its errors."""
    at = timezone.now()
    page = ticket_page(request.actor, pk, at=at)
    tell_where(page.told)
    verbs = _verbs(request, page, opened, bound)
    context = {
        "page": page,
        "may_add_contacts": request.actor.may(Permission.WRITE_CUSTOMERS),
        "ticket": page.ticket,
        "customer": customers.by_ids([page.ticket.customer_id])[page.ticket.customer_id],
        "people": customers.contacts(page.ticket.customer_id),
        "story": told(page.story),
        "clocks": [(clock, policy_words(clock.policy)) for clock in _ordered(page.clocks)],
        "cause": CauseCode(page.ticket.cause_code).label if page.ticket.cause_code in CauseCode.values else "",
        "responsibility": Responsibility(page.ticket.responsibility).label,
        "incident_seen": _incident_seen(request.actor, page.ticket.incident_id),
        "forms": verbs,
        "first_verbs": [verb for verb in verbs if verb["name"] not in NOT_IN_HEAD][:PRIMARY],
        "more_verbs": [verb for verb in verbs if verb["name"] not in NOT_IN_HEAD][PRIMARY:],
        "may_note": "note" in page.verbs,
        "forward": next((verb["name"] for verb in verbs if verb["name"] in FORWARD), ""),
        "opened": opened if any(verb["name"] == opened and verb["fields"] for verb in verbs) else "",
        "data_at": at,
    }
    return render(request, "web/tickets/ticket.html", context, status=status)


def _ordered(clocks: list[Any]) -> list[Any]:
    """Put the clocks that go first, the least time left on top."""
    return sorted(clocks, key=lambda clock: (not clock.reading.is_going, clock.reading.remaining_seconds))


def _incident_seen(actor: Actor, incident_id: int | None) -> bool:
    return incident_id is not None and incidents.visible_to(actor).filter(pk=incident_id).exists()


def _verbs(request: ConsoleRequest, page: Any, opened: str, bound: VerbForm | None) -> list[dict[str, Any]]:
    subject = Subject(request.actor, page.ticket)
    names = [name for name in page.verbs if name in VERBS]
    if bound is not None and opened not in names:
        names.append(opened)
    made = []
    for name in names:
        verb = VERBS[name]
        form = bound if bound is not None and name == opened else verb.form(subject=subject)
        fields = bool(form.fields) or bool(form.is_bound and form.errors)
        made.append(
            {"name": name, "label": verb.label, "icon": verb.icon, "key": verb.key, "form": form, "fields": fields}
        )
    return made


@require_POST
@door(Permission.WORK_TICKETS)
def do(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    """Do a verb; what is refused is shown in its own form, with what was typed."""
    if verb not in VERBS:
        raise Http404
    wanted, ticket = VERBS[verb], visible_ticket(request.actor, pk)
    form = wanted.form(request.POST, subject=Subject(request.actor, ticket))
    order = Order(pk, _revision(request), timezone.now(), request.actor)
    if request.htmx and form.is_valid():
        wanted.act(order, form.cleaned_data)
        return HttpResponse(status=204)
    if accepted(form, lambda given: wanted.act(order, given)):
        messages.success(request, str(wanted.done))
        return redirect("web:ticket", pk)
    return show(request, pk, opened=verb, bound=form, status=422)


def _revision(request: ConsoleRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


urlpatterns = [
    path("tickets/<int:pk>", ticket, name="ticket"),
    path("tickets/<int:pk>/<slug:verb>", do, name="ticket-do"),
]
