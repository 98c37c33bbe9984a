"""Lays a history of tickets with stories and clocks into an empty house (see `platform.bulk.laying`).

Messages and timers of the newest follow from the stories as they stand.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from mainstay.accounts.customers.models import Contact
from mainstay.platform.bulk.laying import lay
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.timers import actions as timers
from mainstay.service.tickets.audience import ALL_CLEAR, Receiver
from mainstay.service.tickets.casework import CLOSE_TIMER, TICKET_OWNER
from mainstay.service.tickets.choices import EventKind, TicketStatus
from mainstay.service.tickets.making import circuit_facts
from mainstay.service.tickets.models import Clock, Pause, Ticket, TicketEvent
from mainstay.service.tickets.notices import About, writer_for
from mainstay.service.tickets.outcome import rung_of
from mainstay.service.tickets.policy import DEFAULT

TABLES = (Ticket, TicketEvent, Clock, Pause)
TICKET = (
    "id", "kind", "origin", "status", "title", "customer_id", "incident_id", "contact_id", "region_code", "grade",
    "grade_rank", "assigned_to_id", "responsibility", "cause_code", "is_repeat", "opened_at", "breached_at",
    "resolved_at", "closed_at", "revision",
)  # fmt: skip
EVENT = (
    "id", "ticket_id", "kind", "at", "recorded_at", "by_name", "user_id", "circuit_id", "text", "for_customer", "body",
)  # fmt: skip
CLOCK = (
    "ticket_id", "kind", "circuit_id", "promise", "policy", "state", "started_at", "stopped_at", "deadline_at",
    "breached_at", "used_s", "total_s", "judged_at",
)  # fmt: skip
PAUSE = (
    "id", "ticket_id", "reason", "evidence", "from_at", "limit_at", "to_at", "asked_by", "asked_user_id",
)  # fmt: skip
TOLD = timedelta(days=3)
"""Messages are written for the news of so many days."""
AT_ONCE = 1_000

Row = Sequence[Any]


def lay_tickets(rows: Iterable[Row]) -> int:
    """Write tickets (columns TICKET); return how many."""
    return lay(Ticket, TICKET, rows)


def lay_events(rows: Iterable[Row]) -> int:
    """Write entries of stories (columns EVENT), keys in the order they took effect within a ticket; return how many."""
    return lay(TicketEvent, EVENT, rows)


def lay_clocks(rows: Iterable[Row]) -> int:
    """Write clocks with their verdicts (columns CLOCK); return how many."""
    return lay(Clock, CLOCK, rows)


def lay_pauses(rows: Iterable[Row]) -> int:
    """Write pauses (columns PAUSE); return how many."""
    return lay(Pause, PAUSE, rows)


def set_closings(*, at: datetime) -> int:
    """Set the timers by which resolved tickets close that nobody confirms; return how many."""
    waiting = Ticket.objects.filter(status=TicketStatus.RESOLVED).values_list("pk", "resolved_at")
    due = [
        timers.Due(CLOSE_TIMER, TICKET_OWNER, pk, rung_of(resolved_at), max(at, resolved_at + _CLOSES_AFTER))
        for pk, resolved_at in waiting
        if resolved_at is not None
    ]
    timers.set_timers(due)
    return len(due)


_CLOSES_AFTER = timedelta(minutes=DEFAULT.close_after_minutes)


def write_letters(*, at: datetime) -> int:
    """Write the messages that the newest stories say were sent; return how many."""
    told = TicketEvent.objects.filter(kind=EventKind.CUSTOMER_TOLD, at__gte=at - TOLD).order_by("pk")
    rows = told.select_related("ticket__customer")
    count, last = 0, 0
    while part := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = part[-1].pk
        for event, letters in _letters(part):
            count += send(letters, at=event.at)
    return count


def _letters(told: Sequence[TicketEvent]) -> Iterator[tuple[TicketEvent, list[NewMessage]]]:
    people = Contact.objects.in_bulk({pk for event in told for pk in event.body["contacts"]})
    down = (EventKind.CIRCUIT_DOWN, EventKind.CIRCUIT_DEGRADED)
    out: dict[int, list[int]] = {}
    fallen = TicketEvent.objects.filter(ticket__among={e.ticket_id for e in told}, kind__in=down, circuit__isnull=False)
    for ticket_id, circuit_id in fallen.order_by("pk").values_list("ticket_id", "circuit_id"):
        out.setdefault(ticket_id, []).append(circuit_id)
    known = circuit_facts(circuit for circuits in out.values() for circuit in circuits).circuits
    writer = writer_for(event.ticket for event in told)
    for event in told:
        ticket, what = event.ticket, event.body["what"]
        restored_at = ticket.resolved_at if what == ALL_CLEAR else None
        circuits = [known[circuit] for circuit in out.get(ticket.pk, ())]
        about = About(circuits, ticket.opened_at, event.at, restored_at=restored_at)
        receivers = [Receiver(people[pk], ()) for pk in event.body["contacts"]]  # read in the portal, sent no more
        number = int(what == ALL_CLEAR)
        yield event, [writer.message(what, ticket, receiver, about, number=number) for receiver in receivers]
