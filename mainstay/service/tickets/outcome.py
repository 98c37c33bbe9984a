"""How does a ticket end, and go on again? Resolved, closed by time, taken up anew (PC 8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from mainstay.accounts.customers.models import Contact
from mainstay.service.tickets.casework import CLOSE_TIMER, UPDATE_TIMER, CaseFile, Casework
from mainstay.service.tickets.choices import EventKind, TicketStatus
from mainstay.service.tickets.circuits import Standing, standing_of
from mainstay.service.tickets.making import CircuitFacts
from mainstay.service.tickets.models import Pause, Ticket
from mainstay.service.tickets.notices import ALL_CLEAR, all_clear, tellings, told_contacts
from mainstay.service.tickets.policy import DEFAULT


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
    due_at = work.at + timedelta(minutes=DEFAULT.close_after_minutes)
    work.remind(CLOSE_TIMER, file, rung_of(resolved_at), due_at)


def rung_of(at: datetime) -> str:
    """Name a timer by the instant it was set for: one that was moved on since does nothing."""
    return f"{at:%Y%m%dT%H%M%S}"


def unsettle(ticket: Ticket, status: TicketStatus) -> None:
    """Take a ticket up again."""
    ticket.status, ticket.resolved_at, ticket.closed_at = status, None, None


def give_all_clear(work: Casework, files: Sequence[CaseFile], facts: CircuitFacts) -> None:
    """Tell exactly those who were told that all is in service again."""
    told = {file: told_contacts(file.story) for file in files}
    wanted = {contact for contacts in told.values() for contact in contacts}
    people = Contact.objects.in_bulk(wanted) if wanted else {}
    for file, contacts in told.items():
        if not contacts:
            continue
        back = [
            facts.circuits[circuit]
            for circuit, standing in standing_of(file.story).items()
            if standing in (Standing.RESTORED, Standing.NOT_AFFECTED)
        ]
        number, restored_at, ticket = tellings(file.story), file.ticket.resolved_at or work.at, file.ticket
        for contact_id in contacts:
            work.letters.append(
                partial(all_clear, ticket, people[contact_id], back, restored_at=restored_at, number=number)
            )
        body = {"what": ALL_CLEAR, "contacts": contacts, "names": [people[c].name for c in contacts]}
        work.tell(file, EventKind.CUSTOMER_TOLD, for_customer=True, body=body)


def remind_of_update(work: Casework, file: CaseFile) -> None:
    """Set the timer that warns before the promised next message is due; the warning sets the one for its absence."""
    due_at = file.ticket.next_update_at
    if due_at is None:
        return
    warn_at = max(work.at, due_at - timedelta(minutes=DEFAULT.warn_update_minutes))
    work.remind(UPDATE_TIMER, file, f"{rung_of(due_at)}:warn", warn_at)
