"""What are customers told about an outage, and who? One message per contact and ticket, never per circuit (H1, K8).

The opening message says when the next one comes; the all-clear goes to exactly those who were told.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from mainstay.accounts.customers.models import Contact
from mainstay.accounts.customers.queries import addresses_of
from mainstay.network.inventory.models import Circuit
from mainstay.platform.messages.actions import NewMessage
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.models import Ticket, TicketEvent
from mainstay.service.tickets.naming import clock_time

NOTICE, UPDATE, ALL_CLEAR = "notice", "update", "all_clear"
SHOWN_CIRCUITS = 10


def contacts_to_tell(tickets: Iterable[Ticket]) -> dict[int, list[Contact]]:
    """Return per customer the people who want outage notices and can be reached.

    A customer without any is told through its group.
    """
    customers = {ticket.customer_id: ticket.customer.parent_id for ticket in tickets}
    wanted = set(customers) | {parent for parent in customers.values() if parent}
    people: dict[int, list[Contact]] = {}
    for contact in Contact.objects.filter(Q(notify=True) & Q(left_on__isnull=True), customer_id__in=wanted).order_by(
        "id"
    ):
        if addresses_of(contact):
            people.setdefault(contact.customer_id, []).append(contact)
    return {
        customer: people.get(customer) or (people.get(parent, []) if parent else [])
        for customer, parent in customers.items()
    }


def told_contacts(story: Iterable[TicketEvent]) -> list[int]:
    """Return the contacts who got the standing notice: those told since the last all-clear."""
    told: list[int] = []
    for event in story:
        if event.kind == EventKind.CUSTOMER_TOLD:
            told = [] if event.body.get("what") == ALL_CLEAR else event.body.get("contacts", told)
    return told


def tellings(story: Iterable[TicketEvent]) -> int:
    """Count how often a notice or an all-clear went out: part of the next one's dedupe key."""
    return sum(event.kind == EventKind.CUSTOMER_TOLD for event in story)


def notice(
    ticket: Ticket, contact: Contact, circuits: Sequence[Circuit], *, since: datetime, number: int
) -> NewMessage:
    """Write the opening message: what is affected, since when, when the next message comes."""
    with override(contact.language):
        subject = ngettext(
            "Interruption of %(count)s circuit since %(since)s",
            "Interruption of %(count)s circuits since %(since)s",
            len(circuits),
        ) % {"count": len(circuits), "since": clock_time(since)}
        lines = [
            _("%(name)s, we see that service to %(customer)s is impaired and are working on it.")
            % {"name": contact.name, "customer": ticket.customer.name},
            _("Affected: %(circuits)s") % {"circuits": _listed(circuits)},
            _("Since: %(since)s") % {"since": clock_time(since)},
        ]
        if ticket.next_update_at:
            lines.append(_("You will hear from us again by %(at)s.") % {"at": clock_time(ticket.next_update_at)})
        lines.append(_("Ticket: %(number)s") % {"number": ticket.number})
    return _message(Message.Kind.NOTICE, ticket, contact, (subject, "\n".join(lines)), f"{NOTICE}:{number}")


def all_clear(
    ticket: Ticket, contact: Contact, circuits: Sequence[Circuit], *, restored_at: datetime, number: int
) -> NewMessage:
    """Write the message that all is in service again."""
    with override(contact.language):
        subject = _("Service restored at %(at)s") % {"at": clock_time(restored_at)}
        lines = [
            _("%(name)s, service to %(customer)s is restored.")
            % {"name": contact.name, "customer": ticket.customer.name},
            _("In service again: %(circuits)s") % {"circuits": _listed(circuits)},
            _("Please confirm, or tell us if something is still wrong. Ticket: %(number)s") % {"number": ticket.number},
        ]
    return _message(Message.Kind.ALL_CLEAR, ticket, contact, (subject, "\n".join(lines)), f"{ALL_CLEAR}:{number}")


def update(ticket: Ticket, contact: Contact, text: str, *, number: int) -> NewMessage:
    """Write a message on how work goes on, in the words of who works on it."""
    with override(contact.language):
        subject = _("News on ticket %(number)s") % {"number": ticket.number}
        lines = [text]
        if ticket.next_update_at:
            lines.append(_("You will hear from us again by %(at)s.") % {"at": clock_time(ticket.next_update_at)})
    return _message(Message.Kind.INFORMATION, ticket, contact, (subject, "\n".join(lines)), f"{UPDATE}:{number}")


def _listed(circuits: Sequence[Circuit]) -> str:
    shown = ", ".join(circuit.number for circuit in circuits[:SHOWN_CIRCUITS])
    more = len(circuits) - SHOWN_CIRCUITS
    if more <= 0:
        return shown
    return _("%(shown)s and %(more)s more") % {"shown": shown, "more": more}


def _message(kind: str, ticket: Ticket, contact: Contact, words: tuple[str, str], key: str) -> NewMessage:
    return NewMessage(
        kind=kind, to_name=contact.name, subject=words[0], body=words[1], contact_id=contact.pk,
        user_id=contact.user_id, channel="portal", to_address=contact.phone or contact.email,
        dedupe_key=f"ticket:{ticket.pk}:{key}:{contact.pk}", object_kind="ticket", object_id=ticket.pk,
        customer_id=ticket.customer_id, region_code=ticket.region_code, addresses=addresses_of(contact),
        grade=ticket.grade,
    )  # fmt: skip
