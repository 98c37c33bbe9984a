"""What does a customer see of tickets? Their own, and only what is meant for them; never incidents."""

from dataclasses import dataclass
from datetime import datetime

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import LIVE_TICKETS, ClockKind, TicketStatus
from mainstay.service.tickets.clocks import Judge
from mainstay.service.tickets.errors import TicketNotFound
from mainstay.service.tickets.models import TicketEvent
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.page import StoryEntry, entry_of
from mainstay.service.tickets.queries.readings import (
    ROW_RELATIONS,
    ClockReading,
    circuit_numbers,
    files_of,
    most_urgent,
    row_of,
)
from mainstay.service.tickets.verbs import verbs_for

SHOWN_IN_STORY = ("name", "names", "what", "next_update_at", "reason", "limit_s", "limit", "unconfirmed", "network")


@dataclass(frozen=True)
class CustomerTicket:
    """A ticket as its customer sees it."""

    id: int
    number: str
    title: str
    status: str
    status_label: str
    customer_id: int
    customer_name: str
    opened_at: datetime
    circuits: tuple[tuple[int, str], ...]
    clock: ClockReading | None
    next_update_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class CustomerTicketPage:
    """One ticket with the story meant for the customer, the circuits' clocks, and what they may do."""

    ticket: CustomerTicket
    story: list[StoryEntry]
    clocks: list[ClockReading]
    verbs: list[str]


def own_tickets(
    actor: Actor, *, at: datetime, live: bool | None = None, circuit_id: int | None = None, limit: int = 200
) -> list[CustomerTicket]:
    """Return the actor's tickets, newest first; `live` True: those not closed, False: the closed ones."""
    found = visible_to(actor).select_related(*ROW_RELATIONS)
    if live is not None:
        found = found.filter(status__in=LIVE_TICKETS if live else (TicketStatus.CLOSED,))
    if circuit_id is not None:
        found = found.filter(pk__in=TicketEvent.objects.filter(circuit_id=circuit_id).values("ticket_id"))
    files = files_of(found.order_by("-opened_at", "-id")[:limit])
    numbers, judge = circuit_numbers(files), Judge(at)
    return [_ticket(file, numbers, judge)[0] for file in files]


def own_ticket(actor: Actor, ticket_id: int, *, at: datetime) -> CustomerTicketPage:
    """Return one of the actor's tickets. Raises TicketNotFound for any other."""
    ticket = visible_to(actor).select_related(*ROW_RELATIONS).filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketNotFound(msgid("There is no such ticket among yours; choose one from your list."))
    file = files_of([ticket], kinds=None)[0]
    numbers, judge = circuit_numbers([file]), Judge(at)
    shown, clocks = _ticket(file, numbers, judge)
    return CustomerTicketPage(shown, _story(file, numbers), clocks, verbs_for(file, actor))


def _ticket(file: CaseFile, numbers: dict[int, str], judge: Judge) -> tuple[CustomerTicket, list[ClockReading]]:
    row = row_of(file, numbers, judge)
    clocks = [clock for clock in row.clocks if clock.kind == ClockKind.RESTORATION]
    ticket = CustomerTicket(
        row.id, row.number, row.title, row.status, row.status_label, row.customer_id, row.customer_name, row.opened_at,
        row.circuits, most_urgent(clocks), row.next_update_at, row.resolved_at, row.closed_at,
    )  # fmt: skip
    return ticket, clocks


def _story(file: CaseFile, numbers: dict[int, str]) -> list[StoryEntry]:
    """Keep what is meant for the customer, without what only we need."""
    entries = []
    for event in file.story:
        if event.for_customer:
            event.body = {key: value for key, value in event.body.items() if key in SHOWN_IN_STORY}
            event.by_name = event.by_name if event.user_id else ""  # what our machinery is called is nobody's business
            if event.user_id is None:
                event.by_name = ""  # the customer need not know our machinery
            entries.append(entry_of(event, numbers))
    return entries
