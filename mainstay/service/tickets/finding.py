"""May this actor do this to this ticket now? The checks that all actions share: permission, scope, revision, state."""

from datetime import datetime

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.service.tickets.casework import CaseFile, Casework, load_files
from mainstay.service.tickets.choices import EventKind, TicketStatus
from mainstay.service.tickets.errors import TicketMoved, TicketNotFound, WrongState, WrongValue
from mainstay.service.tickets.models import Ticket
from mainstay.service.tickets.naming import clock_time

AT_WORK = (TicketStatus.OPEN, TicketStatus.ASSIGNED, TicketStatus.PAUSED)

_ALREADY = {
    TicketStatus.PAUSED: msgid("Ticket {ticket} is already paused since {since}; resume it first."),
    TicketStatus.RESOLVED: msgid("Ticket {ticket} is resolved since {since}; reopen it first."),
    TicketStatus.CLOSED: msgid("Ticket {ticket} is closed since {since}; reopen it first."),
    TicketStatus.OPEN: msgid("Ticket {ticket} is open since {since}; resolve it first."),
    TicketStatus.ASSIGNED: msgid("Ticket {ticket} is being worked on since {since}; resolve it first."),
}
_BEGINS = {
    TicketStatus.PAUSED: (EventKind.PAUSED,),
    TicketStatus.RESOLVED: (EventKind.RESOLVED,),
    TicketStatus.ASSIGNED: (EventKind.CLAIMED, EventKind.ASSIGNED),
}


def take(
    ticket_id: int, *, action: str, at: datetime, by: Actor, revision: int | None = None
) -> tuple[Casework, CaseFile]:
    """Find and lock one ticket for staff work, through the actor's scope; refuse when it moved since it was read."""
    require(by, Permission.WORK_TICKETS)
    return take_visible(ticket_id, action=action, at=at, by=by, revision=revision)


def take_visible(
    ticket_id: int, *, action: str, at: datetime, by: Actor, revision: int | None = None
) -> tuple[Casework, CaseFile]:
    """Find and lock one ticket that the actor may see, whoever they are."""
    files = load_files(Q(pk=ticket_id) & scope(by))
    if not files:
        raise TicketNotFound(msgid("There is no such ticket among those you may see; look for its number in the list."))
    file = files[0]
    if revision is not None and revision != file.ticket.revision:
        raise TicketMoved(
            msgid("Ticket {ticket} was changed by somebody else meanwhile; read it again, then decide."),
            ticket=file.ticket.number,
        )
    return Casework(files, action=action, at=at, by=by), file


def customer_or_staff(by: Actor) -> None:
    """Refuse unless the actor works on tickets or is a customer's person in the portal."""
    require(by, Permission.WORK_TICKETS if by.is_staff else Permission.PORTAL)


def must_be(file: CaseFile, *allowed: TicketStatus) -> None:
    """Refuse with the ticket's number, its state, since when, and what to do first."""
    ticket = file.ticket
    if ticket.status in allowed:
        return
    status = TicketStatus(ticket.status)
    raise WrongState(_ALREADY[status], ticket=ticket.number, since=clock_time(since_when(file)))


def since_when(file: CaseFile) -> datetime:
    """Return since when the ticket has its status."""
    ticket = file.ticket
    if ticket.status == TicketStatus.CLOSED and ticket.closed_at:
        return ticket.closed_at
    begun = [e.at for e in file.story if e.kind in _BEGINS.get(TicketStatus(ticket.status), ())]
    return max(begun, default=ticket.opened_at)


def instant(happened_at: datetime | None, *, at: datetime, ticket: Ticket) -> datetime:
    """Return when something took effect; back-dating is allowed, down to the ticket's opening (PC 11)."""
    if happened_at is None:
        return at
    if happened_at.tzinfo is None:
        raise WrongValue(
            msgid("The time {time} has no time zone; give an aware instant."), time=happened_at.isoformat()
        )
    if happened_at > at:
        raise WrongValue(
            msgid("{time} lies in the future; give the instant at which it happened."), time=clock_time(happened_at)
        )
    if happened_at < ticket.opened_at:
        raise WrongValue(
            msgid("{time} lies before ticket {ticket} was opened ({opened}); give a later instant."),
            time=clock_time(happened_at), ticket=ticket.number, opened=clock_time(ticket.opened_at),
        )  # fmt: skip
    return happened_at


_EMPTY = {
    "text": msgid("The text is empty; write what happened."),
    "why": msgid("The reason is empty; write why."),
    "evidence": msgid("The evidence is empty; write what proves the reason."),
}


def said(text: str, what: str) -> str:
    """Return the text without blanks around it; refuse when nothing is left. `what`: a key of _EMPTY."""
    text = text.strip()
    if not text:
        raise WrongValue(_EMPTY[what])
    return text
