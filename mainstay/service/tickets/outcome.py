"""How does a ticket end, and go on again? Resolved, closed by time, taken up anew (PC 8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from mainstay.service.tickets.audience import ALL_CLEAR, told_receivers
from mainstay.service.tickets.casework import CLOSE_TIMER, UPDATE_TIMER, CaseFile, Casework
from mainstay.service.tickets.choices import EventKind, TicketStatus
from mainstay.service.tickets.making import CircuitFacts
from mainstay.service.tickets.models import Pause, Ticket
from mainstay.service.tickets.notices import writer_for
from mainstay.service.tickets.policy import DEFAULT
from mainstay.service.tickets.telling import about_recovery, tell, was_told


def settle(work: Casework, files: Sequence[CaseFile], facts: CircuitFacts) -> None:
    """Resolve files of which the network says that all is well again, and give the all-clear to those told."""
    if not files:
        return
    for file in files:
        back = [e.at for e in file.story if e.kind in (EventKind.CIRCUIT_RESTORED, EventKind.NOT_AFFECTED)]
        resolve(work, file, max(back), body={"network": True})
    give_all_clear(work, files, facts)


def resolve(
    work: Casework, file: CaseFile, resolved_at: datetime, *, text: str = "", body: dict[str, object] | None = None
) -> None:
    """Mark a file as resolved from an instant on; it closes by itself when nobody answers."""
    work.tell(file, EventKind.RESOLVED, happened_at=resolved_at, text=text, for_customer=True, body=body)
    if file.ticket.status == TicketStatus.PAUSED:
        in_force = Q(needs_approval=False) | Q(approved_at__isnull=False)
        Pause.objects.filter(in_force, ticket=file.ticket, to_at__isnull=True).update(to_at=resolved_at)
    file.ticket.status, file.ticket.resolved_at, file.ticket.next_update_at = TicketStatus.RESOLVED, resolved_at, None
    file.ticket.untold_since = None
    due_at = work.at + timedelta(minutes=DEFAULT.close_after_minutes)
    work.remind(CLOSE_TIMER, file, rung_of(resolved_at), due_at)


def rung_of(at: datetime) -> str:
    """Name a timer by the instant it was set for: one that was moved on since does nothing."""
    return f"{at:%Y%m%dT%H%M%S}"


def unsettle(ticket: Ticket, status: TicketStatus) -> None:
    """Take a ticket up again."""
    ticket.status, ticket.resolved_at, ticket.closed_at = status, None, None


def give_all_clear(work: Casework, files: Sequence[CaseFile], facts: CircuitFacts) -> None:
    """Tell exactly those who were told, by the ways they were told, that all is in service again."""
    told = [file for file in files if was_told(file)]
    if not told:
        return
    writer = writer_for(file.ticket for file in told)
    for file, receivers in zip(told, told_receivers(file.story for file in told), strict=True):
        about = about_recovery(file, facts, at=work.at)
        tell(work, writer, file, receivers, what=ALL_CLEAR, about=about)


def remind_of_update(work: Casework, file: CaseFile) -> None:
    """Set the timer that warns before the promised next message is due; the warning sets the one for its absence."""
    due_at = file.ticket.next_update_at
    if due_at is None:
        return
    warn_at = max(work.at, due_at - timedelta(minutes=DEFAULT.warn_update_minutes))
    work.remind(UPDATE_TIMER, file, f"{rung_of(due_at)}:warn", warn_at)
