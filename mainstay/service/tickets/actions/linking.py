"""Tie tickets together: a parent with children, or one that repeats another (H1)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.service.tickets import impacts
from mainstay.service.tickets.casework import load_files
from mainstay.service.tickets.choices import LIVE_TICKETS, EventKind
from mainstay.service.tickets.errors import TicketNotFound, WrongState, WrongValue
from mainstay.service.tickets.finding import must_be, take
from mainstay.service.tickets.merging import absorb
from mainstay.service.tickets.models import Ticket


@transaction.atomic
def link_to_parent(ticket_id: int, parent_id: int, *, at: datetime, by: Actor) -> Ticket:
    """Put a ticket below another; a circle is refused."""
    work, file = take(ticket_id, action="ticket.link", at=at, by=by)
    parent = Ticket.objects.filter(Q(pk=parent_id) & scope(by)).first()
    if parent is None:
        raise TicketNotFound(msgid("There is no such ticket among those you may see; look for its number in the list."))
    above: Ticket | None = parent
    while above is not None:
        if above.pk == file.ticket.pk:
            raise WrongValue(
                msgid("Ticket {parent} lies below {ticket} already; a circle is not allowed."),
                parent=parent.number, ticket=file.ticket.number,
            )  # fmt: skip
        above = above.parent
    if file.ticket.parent_id == parent.pk:
        raise WrongState(
            msgid("Ticket {ticket} lies below {parent} already."), ticket=file.ticket.number, parent=parent.number
        )
    file.ticket.parent_id = parent.pk
    work.tell(file, EventKind.LINKED, body={"parent": parent.pk, "number": parent.number})
    work.save()
    return file.ticket


@transaction.atomic
def mark_duplicate(ticket_id: int, of_id: int, *, at: datetime, by: Actor) -> Ticket:
    """Close a ticket as a repetition of another live one of the same customer, which takes over all that happened.

    Returns the ticket that stays.
    """
    work, file = take(ticket_id, action="ticket.duplicate", at=at, by=by)
    must_be(file, *LIVE_TICKETS)
    others = load_files(Q(pk=of_id) & scope(by) & ~Q(pk=ticket_id))
    if not others:
        raise TicketNotFound(msgid("There is no such ticket among those you may see; look for its number in the list."))
    into = others[0]
    must_be(into, *LIVE_TICKETS)
    if into.ticket.customer_id != file.ticket.customer_id:
        raise WrongValue(
            msgid("Tickets {ticket} and {other} are of different customers; link them as parent and child instead."),
            ticket=file.ticket.number, other=into.ticket.number,
        )  # fmt: skip
    work.files.append(into)
    absorb(work, file, into)
    impacts.finish(work)
    return into.ticket
