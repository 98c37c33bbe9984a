"""What becomes of two tickets that turn out to be one? The older stays, nothing is lost (PC 23)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.platform.messages import actions as messages
from mainstay.service.tickets import impacts, outcome
from mainstay.service.tickets.audience import cleared_at
from mainstay.service.tickets.casework import CaseFile, Casework, load_files
from mainstay.service.tickets.choices import LIVE_TICKETS, EventKind, TicketStatus
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.clocks import status_unsettled
from mainstay.service.tickets.models import Clock, Pause, TicketEvent

MOVED = (
    EventKind.CIRCUIT_DOWN,
    EventKind.CIRCUIT_DEGRADED,
    EventKind.CIRCUIT_RESTORED,
    EventKind.NOT_AFFECTED,
    EventKind.CUSTOMER_REPORT,
    EventKind.CUSTOMER_TOLD,
    EventKind.PAUSED,
    EventKind.RESUMED,
    EventKind.PROMISE_CHANGED,
    EventKind.ESCALATED,
    EventKind.BREACHED,
)
"""What is written again on the ticket that stays, so that its clocks read as they would have."""


def merge(merged_id: int, into_id: int, *, at: datetime, by: Actor) -> None:
    """Bring the live tickets of two incidents together: per customer the older stays, under the remaining incident."""
    files = load_files(Q(status__in=LIVE_TICKETS, incident_id__in=(merged_id, into_id)))
    work = Casework(files, action="ticket.merge", at=at, by=by)
    for mine in _by_customer(files):
        older, *younger = mine
        for file in younger:
            absorb(work, file, older)
        if older.ticket.incident_id != into_id:
            older.ticket.incident_id = into_id
            work.tell(older, EventKind.LINKED, body={"incident": into_id, "merged": merged_id})
    impacts.finish(work)


def absorb(work: Casework, file: CaseFile, into: CaseFile) -> None:
    """Close a file as a duplicate of another, which takes over its circuits, what happened to them, and the clocks."""
    held = set(standing_of(into.story))
    resolved = into.ticket.status == TicketStatus.RESOLVED
    over_at = cleared_at(file.story)
    for event in [e for e in file.story if e.kind in MOVED and not _is_over(e, over_at)]:
        _write_again(work, event, file, into)
    messages.move("ticket", file.ticket.pk, into.ticket.pk, since=over_at)
    for clock in file.clocks:
        if clock.circuit_id is not None and clock.circuit_id not in held:
            into.clocks.append(
                Clock(kind=clock.kind, circuit_id=clock.circuit_id, promise=clock.promise, policy=clock.policy)
            )
    asked = Pause.objects.filter(ticket=file.ticket, needs_approval=True, approved_at=None, refused_at=None)
    asked.update(ticket=into.ticket)
    work.tell(into, EventKind.LINKED, body={"took_over": file.ticket.pk, "number": file.ticket.number})
    work.tell(
        file, EventKind.LINKED, for_customer=True,
        body={"ends": True, "duplicate_of": into.ticket.pk, "number": into.ticket.number},
    )  # fmt: skip
    work.tell(file, EventKind.CLOSED, for_customer=True)
    file.ticket.parent_id = into.ticket.pk
    file.ticket.status, file.ticket.closed_at, file.ticket.next_update_at = TicketStatus.CLOSED, work.at, None
    if resolved and any(standing.is_out for standing in standing_of(into.story).values()):
        outcome.unsettle(into.ticket, status_unsettled(into.ticket))


def _is_over(event: TicketEvent, over_at: datetime | None) -> bool:
    """Say whether word was given and ended by an all-clear: nobody is owed another, on the other ticket either."""
    return event.kind == EventKind.CUSTOMER_TOLD and over_at is not None and event.at <= over_at


def _write_again(work: Casework, event: TicketEvent, file: CaseFile, into: CaseFile) -> None:
    body = {**event.body, "from_ticket": file.ticket.pk}
    if event.kind in (EventKind.PAUSED, EventKind.RESUMED):
        body.setdefault("circuits", sorted(standing_of(file.story)))
    work.tell(
        into, EventKind(event.kind), happened_at=event.at, circuit_id=event.circuit_id, text=event.text,
        for_customer=event.for_customer, body=body,
    )  # fmt: skip


def _by_customer(files: Iterable[CaseFile]) -> list[list[CaseFile]]:
    customers: dict[int, list[CaseFile]] = {}
    for file in files:
        customers.setdefault(file.ticket.customer_id, []).append(file)
    return list(customers.values())
