"""Take a ticket, hand it on, write down what was said and done, keep the customer informed."""

from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import staff_holding
from mainstay.service.tickets import outcome
from mainstay.service.tickets.audience import UPDATE, audiences_of, told_receivers
from mainstay.service.tickets.casework import CaseFile, Casework
from mainstay.service.tickets.choices import EventKind, TicketStatus
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.errors import WrongState, WrongValue
from mainstay.service.tickets.finding import AT_WORK, customer_or_staff, instant, must_be, said, take, take_visible
from mainstay.service.tickets.making import circuit_facts
from mainstay.service.tickets.models import Ticket
from mainstay.service.tickets.naming import clock_time
from mainstay.service.tickets.notices import writer_for
from mainstay.service.tickets.telling import about_outage, tell


@transaction.atomic
def claim(ticket_id: int, *, at: datetime, by: Actor, revision: int | None = None) -> Ticket:
    """Take a ticket oneself: the response clock stops. Refused when it is one's own already, or settled."""
    work, file = take(ticket_id, action="ticket.claim", at=at, by=by, revision=revision)
    must_be(file, *AT_WORK)
    if by.user_id is None:
        raise WrongValue(msgid("Only a person can claim a ticket; sign in."))
    if file.ticket.assigned_to_id == by.user_id:
        raise WrongState(msgid("Ticket {ticket} is yours already."), ticket=file.ticket.number)
    _give(file, by.user_id)
    work.tell(file, EventKind.CLAIMED, for_customer=True)
    work.save()
    return file.ticket


@transaction.atomic
def assign(ticket_id: int, user_id: int, *, at: datetime, by: Actor, revision: int | None = None) -> Ticket:
    """Hand a ticket to somebody who may work on tickets in its region."""
    work, file = take(ticket_id, action="ticket.assign", at=at, by=by, revision=revision)
    must_be(file, *AT_WORK)
    person = staff_holding(Permission.WORK_TICKETS, file.ticket.region_code).filter(pk=user_id).first()
    if person is None:
        raise WrongValue(
            msgid("Nobody with this number works on tickets in the region of ticket {ticket}; choose from the list."),
            ticket=file.ticket.number,
        )
    if file.ticket.assigned_to_id == person.pk:
        raise WrongState(
            msgid("Ticket {ticket} is with {name} already."), ticket=file.ticket.number, name=person.display_name
        )
    _give(file, person.pk)
    work.tell(file, EventKind.ASSIGNED, for_customer=True, body={"user": person.pk, "name": person.display_name})
    work.save()
    return file.ticket


def _give(file: CaseFile, user_id: int) -> None:
    file.ticket.assigned_to_id = user_id
    if file.ticket.status == TicketStatus.OPEN:
        file.ticket.status = TicketStatus.ASSIGNED


@transaction.atomic
def note(
    ticket_id: int,
    text: str,
    *,
    at: datetime,
    by: Actor,
    for_customer: bool = False,
    happened_at: datetime | None = None,
) -> Ticket:
    """Write a note on a ticket; a customer's own note is always seen by the customer."""
    customer_or_staff(by)
    work, file = take_visible(ticket_id, action="ticket.note", at=at, by=by)
    when = instant(happened_at, at=at, ticket=file.ticket)
    shown = for_customer or not by.is_staff
    work.tell(file, EventKind.NOTE, text=said(text, "text"), happened_at=when, for_customer=shown)
    work.save()
    return file.ticket


@transaction.atomic
def record_call(
    ticket_id: int, text: str, *, at: datetime, by: Actor, contact_id: int | None = None, inbound: bool = True,
    happened_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """Write down a telephone call about a ticket: who called whom, and what was said.

    Whom we called was told: the ticket no longer shows that nobody could be.
    """
    work, file = take(ticket_id, action="ticket.call", at=at, by=by)
    when = instant(happened_at, at=at, ticket=file.ticket)
    contact = _contact(file, contact_id)
    body = {"inbound": inbound, **contact}
    if contact and not inbound:
        file.ticket.untold_since = None
    work.tell(file, EventKind.CALL, text=said(text, "text"), happened_at=when, body=body)
    work.save()
    return file.ticket


def _contact(file: CaseFile, contact_id: int | None) -> dict[str, object]:
    if contact_id is None:
        return {}
    from mainstay.accounts.customers.models import Contact

    family = [pk for pk in (file.ticket.customer_id, file.ticket.customer.parent_id) if pk]
    contact = Contact.objects.filter(pk=contact_id, customer_id__in=family).first()
    if contact is None:
        raise WrongValue(
            msgid("This person is no contact of the customer of ticket {ticket}; choose from the list."),
            ticket=file.ticket.number,
        )
    return {"contact": contact.pk, "name": contact.name}


@transaction.atomic
def promise_next_update(
    ticket_id: int, next_update_at: datetime, *, at: datetime, by: Actor, text: str = "", revision: int | None = None
) -> Ticket:
    """Promise the customer news by an instant; we are warned before, and it shows when it was missed."""
    work, file = take(ticket_id, action="ticket.next_update", at=at, by=by, revision=revision)
    must_be(file, *AT_WORK)
    _promise_update(work, file, next_update_at, text)
    work.save()
    return file.ticket


def _promise_update(work: Casework, file: CaseFile, next_update_at: datetime, text: str = "") -> None:
    if next_update_at.tzinfo is None or next_update_at <= work.at:
        raise WrongValue(
            msgid("The next update at {time} is not in the future; promise a later instant."),
            time=next_update_at.isoformat() if next_update_at.tzinfo is None else clock_time(next_update_at),
        )
    file.ticket.next_update_at = next_update_at
    body = {"next_update_at": next_update_at.isoformat()}
    work.tell(file, EventKind.NEXT_UPDATE, text=text.strip(), for_customer=True, body=body)
    outcome.remind_of_update(work, file)


@transaction.atomic
def tell_customer(
    ticket_id: int, text: str, *, at: datetime, by: Actor, next_update_at: datetime | None = None,
    revision: int | None = None,
) -> Ticket:  # fmt: skip
    """Send news to those who were told of the outage (else to all who want notices); keeps the promised update."""
    work, file = take(ticket_id, action="ticket.tell", at=at, by=by, revision=revision)
    text = said(text, "text")
    told = told_receivers([file.story])[0]
    receivers = told or list(audiences_of([file.ticket])[file.ticket.customer_id].receivers)
    if not receivers:
        raise WrongValue(
            msgid(
                "Nobody at {customer} who wants outage notices can be reached; mark a contact for notices and give a "
                "phone or e-mail first."
            ),
            customer=str(file.ticket.customer),
        )
    file.ticket.next_update_at = None
    if next_update_at is not None:
        must_be(file, *AT_WORK)
        _promise_update(work, file, next_update_at)
    facts = circuit_facts(standing_of(file.story))
    about = about_outage(file, facts, at=at, doing={"": text})
    tell(work, writer_for([file.ticket]), file, receivers, what=UPDATE, about=about, text=text)
    work.save()
    return file.ticket
