"""Who is told about an outage, by which ways, and who was told already (H1, K8)?

Whoever wants notices and can be reached; a customer without such a person is told through its group. The story of a
ticket is the record of who was told: the all-clear goes to exactly them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mainstay.accounts.customers.models import Contact
from mainstay.accounts.customers.queries import addresses_of
from mainstay.platform.messages.actions import Address
from mainstay.platform.messages.choices import INBOXES
from mainstay.platform.messages.queries import channels_served
from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.models import Ticket, TicketEvent

NOTICE, UPDATE, HOLDING, ALL_CLEAR = "notice", "update", "holding", "all_clear"
"""What an entry "customer told" says went out."""


@dataclass(frozen=True)
class Receiver:
    """A person to tell, the ways, and those of them that lead anywhere now; `through_group`: a contact of the group."""

    contact: Contact
    addresses: tuple[Address, ...]
    open_ways: tuple[Address, ...] = ()
    through_group: bool = False


@dataclass(frozen=True)
class Audience:
    """Who at a customer is told; `unreachable` want notices, but there is no way to them."""

    receivers: tuple[Receiver, ...] = ()
    unreachable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """When a contact was last told since the last all-clear, and by which channels (empty: unknown)."""

    at: datetime
    channels: tuple[str, ...]


def audiences_of(tickets: Iterable[Ticket]) -> dict[int, Audience]:
    """Return per customer whom to tell of an outage (2 queries); tickets have their customer fetched."""
    return audiences_for({ticket.customer_id: ticket.customer.parent_id for ticket in tickets})


def audiences_for(groups: Mapping[int, int | None]) -> dict[int, Audience]:
    """Return per customer whom to tell (2 queries); `groups`: each customer with the group it belongs to, if any.

    A way leads somewhere when it is the portal, or a channel with a sender; without one nobody is reached.
    """
    wanted = set(groups) | {group for group in groups.values() if group}
    people: dict[int, list[Contact]] = {}
    rows = Contact.objects.filter(notify=True, left_on__isnull=True, customer__among=wanted)
    for contact in sorted(rows, key=lambda row: row.pk):
        people.setdefault(contact.customer_id, []).append(contact)
    served = channels_served() | INBOXES
    return {customer: _audience(people, served, customer, group) for customer, group in groups.items()}


def _audience(
    people: Mapping[int, list[Contact]], served: frozenset[str], customer: int, group: int | None
) -> Audience:
    own = people.get(customer, [])
    above = people.get(group, []) if group else []
    for contacts in (own, above):
        found = [_receiver(contact, served, contacts is above) for contact in contacts]
        reached = tuple(receiver for receiver in found if receiver.open_ways)
        if reached:
            return Audience(reached, tuple(r.contact.name for r in found if not r.open_ways))
    return Audience((), tuple(contact.name for contact in (*own, *above)))


def _receiver(contact: Contact, served: frozenset[str], through_group: bool) -> Receiver:
    ways = addresses_of(contact)
    return Receiver(contact, ways, tuple(way for way in ways if way.channel in served), through_group)


def told_of(story: Iterable[TicketEvent]) -> dict[int, Told]:
    """Return who got word since the last all-clear, by contact, in the order in which they were told."""
    told: dict[int, Told] = {}
    # What another ticket brought along was said before, but this ticket's all-clear was not about it.
    said = sorted((e for e in story if e.kind == EventKind.CUSTOMER_TOLD), key=_counts_from)
    for event in said:
        if event.body.get("what") == ALL_CLEAR:
            told = {}
            continue
        ways = event.body.get("ways", {})
        for contact in event.body.get("contacts", ()):
            channels = {*(told[contact].channels if contact in told else ()), *ways.get(str(contact), ())}
            told[contact] = Told(event.at, tuple(sorted(channels)))
    return told


def told_receivers(stories: Iterable[Iterable[TicketEvent]]) -> list[list[Receiver]]:
    """Return for each story those who were told, by the channels by which they were (1 query)."""
    told = [told_of(story) for story in stories]
    wanted = {contact for each in told for contact in each}
    people = Contact.objects.in_bulk(wanted) if wanted else {}
    return [[as_told(people[pk], how) for pk, how in each.items() if pk in people] for each in told]


def as_told(contact: Contact, how: Told) -> Receiver:
    """Return the ways by which somebody was told; where none of them is known any more, those that are."""
    now = addresses_of(contact)
    same = tuple(address for address in now if not how.channels or address.channel in how.channels)
    return Receiver(contact, same or now, same or now)


def tellings(story: Iterable[TicketEvent]) -> int:
    """Count how often word went out on a ticket: part of the next one's dedupe key."""
    return sum(event.kind == EventKind.CUSTOMER_TOLD for event in story)


def _counts_from(event: TicketEvent) -> datetime:
    return event.recorded_at if "from_ticket" in event.body else event.at


def cleared_at(story: Iterable[TicketEvent]) -> datetime | None:
    """Return when the all-clear was given last, whatever was said since."""
    found = (e.at for e in story if e.kind == EventKind.CUSTOMER_TOLD and e.body.get("what") == ALL_CLEAR)
    return max(found, default=None)


def last_clear_at(story: Iterable[TicketEvent]) -> datetime | None:
    """Return when the all-clear was last given, unless word went out since."""
    found = [event for event in story if event.kind == EventKind.CUSTOMER_TOLD]
    return found[-1].at if found and found[-1].body.get("what") == ALL_CLEAR else None


def said_to(what: str, receivers: Sequence[Receiver], **more: Any) -> dict[str, Any]:
    """Return the body of an entry "customer told": what, to whom, by which channels."""
    return {
        "what": what,
        "contacts": [receiver.contact.pk for receiver in receivers],
        "names": [receiver.contact.name for receiver in receivers],
        "ways": {str(r.contact.pk): [address.channel for address in r.open_ways] for r in receivers},
        **more,
    }
