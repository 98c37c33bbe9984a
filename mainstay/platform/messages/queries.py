"""Read messages and how far they got."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from mainstay.domain.actor import Actor, ActorKind
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.platform.messages.addresses import Address
from mainstay.platform.messages.choices import PENDING, REACHED, Channel, DeliveryState
from mainstay.platform.messages.errors import NoSuchDelivery, NoSuchSender
from mainstay.platform.messages.models import Delivery, DeliveryTry, Message, QuietHours, Sender, StaffChannels
from mainstay.platform.messages.quiet import QuietBook
from mainstay.platform.messages.staff import staff_addresses


@dataclass(frozen=True)
class Reached:
    """Who really got a message: contact, channel, address there (for the portal: the user's id)."""

    contact_id: int
    channel: str
    to: str


def inbox(actor: Actor) -> QuerySet[Message]:
    """Return the messages to the actor, newest first; none for who is no user."""
    if actor.user_id is None:
        return Message.objects.none()
    return Message.objects.filter(user_id=actor.user_id).order_by("-id")


def about(object_kind: str, object_id: int | str) -> QuerySet[Message]:
    """Return the messages about one object, oldest first; the caller has found it through its own door."""
    return Message.objects.filter(object_kind=object_kind, object_id=str(object_id)).order_by("id")


def visible_to(actor: Actor) -> QuerySet[Message]:
    """Return the messages about things the actor may see, newest first; customers see what went to contacts only."""
    visible = Message.objects.filter(scope(actor)).order_by("-id")
    return visible.filter(contact_id__isnull=False) if actor.kind == ActorKind.CUSTOMER else visible


def customers_told(kind: str) -> int:
    """Count the customers to whom a message of a kind went: into a portal inbox, or out on some channel."""
    out = Delivery.objects.filter(got_out(), message=OuterRef("pk"))
    told = Message.objects.filter(Q(user_id__isnull=False) | Exists(out), kind=kind, customer_id__isnull=False)
    return told.values("customer_id").distinct().count()


def tally(actor: Actor, region: str, from_at: datetime, to_at: datetime) -> dict[str, Any]:
    """Count what customers of a region were told in [from_at, to_at), by kind (1 query).

    `unread`: who has not read it; `unreachable`: contacts without a portal user and without an address.
    """
    told = Message.objects.filter(
        scope(actor), region_code__startswith=region, contact_id__isnull=False, created_at__gte=from_at,
        created_at__lt=to_at,
    )  # fmt: skip
    rows = told.values("kind").annotate(
        messages=Count("pk"),
        customers=Count("customer_id", distinct=True),
        unread=Count("pk", filter=Q(read_at__isnull=True)),
        unreachable=Count("pk", filter=Q(user_id__isnull=True, to_address="")),
    )
    return {"total": sum(row["messages"] for row in rows), "items": sorted(rows, key=lambda row: str(row["kind"]))}


def kind_label(kind: str) -> str:
    """Return what people call a kind of message; the kind itself when it is none of ours."""
    return str(Message.Kind(kind).label) if kind in Message.Kind.values else kind


def got_out() -> Q:
    """Return the condition on deliveries that the receiver has it, or may have it."""
    return Q(state__in=REACHED) | Q(perhaps=True)


def deliveries_of(message_ids: Iterable[int]) -> dict[int, list[Delivery]]:
    """Return the deliveries by message id, in order, senders fetched (1 query). The caller may see the messages."""
    found: dict[int, list[Delivery]] = {}
    rows = Delivery.objects.filter(message__in=list(message_ids)).select_related("sender").order_by("pk")
    for row in rows:
        found.setdefault(row.message_id, []).append(row)
    return found


def reached(message_ids: Iterable[int]) -> frozenset[Reached]:
    """Return which contacts really got one of the messages, and on which channels; under way counts (2 queries)."""
    wanted = list(message_ids)
    portal = Message.objects.filter(pk__in=wanted, contact_id__isnull=False, user_id__isnull=False)
    outside = Delivery.objects.filter(got_out(), message__in=wanted, message__contact_id__isnull=False)
    inboxes = portal.values_list("contact_id", "user_id")
    return frozenset(
        [Reached(contact or 0, Channel.PORTAL.value, str(user)) for contact, user in inboxes]
        + [
            Reached(c or 0, channel, to)
            for c, channel, to in outside.values_list("message__contact_id", "channel", "to")
        ]
    )


def held_until(grade: str, channel: str, at: datetime) -> datetime | None:
    """Return when a message to a customer of the grade may go out on the channel, None: at once (1 query).

    To ask often, read `QuietBook` once.
    """
    return QuietBook.read().until(grade, channel, at)


def quiet_book() -> QuietBook:
    """Return the quiet hours, to be asked many times (1 query)."""
    return QuietBook.read()


def channels_served() -> frozenset[str]:
    """Return the channels that have an active sender; on others nothing leaves Mainstay (1 query)."""
    return frozenset(Sender.objects.filter(active=True).values_list("channel", flat=True))


def visible_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Return the deliveries of messages about things the actor may see, newest first."""
    stamped = scope(actor, customer="message__customer_id", region="message__region_code")
    return Delivery.objects.filter(stamped).order_by("-id")


def delivery_list(actor: Actor, *, state: str = "", channel: str = "", text: str = "") -> QuerySet[Delivery]:
    """Return visible deliveries within the filters, newest first, messages and senders fetched.

    `state` "attention" is what waits for a person: given up.
    """
    rows = visible_deliveries(actor).select_related("message", "sender")
    if state:
        rows = rows.filter(state=DeliveryState.GIVEN_UP if state == "attention" else state)
    if channel:
        rows = rows.filter(channel=channel)
    if text:
        rows = rows.filter(Q(to_name__icontains=text) | Q(to__icontains=text) | Q(message__subject__icontains=text))
    return rows


def state_counts(actor: Actor) -> dict[str, int]:
    """Count the visible deliveries by state (1 query)."""
    rows = visible_deliveries(actor).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def given_up(actor: Actor) -> int:
    """Count the visible deliveries that wait for a person (1 query)."""
    return visible_deliveries(actor).filter(state=DeliveryState.GIVEN_UP, pinned=False).count()


def delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Return one delivery, message and sender fetched (1 query). Raises NoSuchDelivery."""
    found = visible_deliveries(actor).select_related("message", "sender").filter(pk=delivery_id).first()
    if found is None:
        raise NoSuchDelivery(msgid("There is no such delivery among those you may see; look at the list again."))
    return found


def tries_of(delivery_id: int) -> list[DeliveryTry]:
    """Return the tries of a delivery, oldest first, senders fetched (1 query). The caller may see it."""
    return list(DeliveryTry.objects.filter(delivery=delivery_id).select_related("sender").order_by("number"))


@dataclass(frozen=True)
class SenderState:
    """A sender and what its channel has to do; `serves`: it is the one that is used now."""

    sender: Sender
    serves: bool
    counts: dict[str, int]


def sender_states() -> list[SenderState]:
    """Return all senders by channel with their channel's deliveries by state; the first active serves (2 queries)."""
    counts: dict[str, dict[str, int]] = {}
    rows = Delivery.objects.filter(state__in=(*PENDING, DeliveryState.SENDING, DeliveryState.GIVEN_UP), pinned=False)
    for channel, state, n in rows.values_list("channel", "state").annotate(n=Count("pk")):
        counts.setdefault(channel, {})[state] = n
    found, served = [], set()
    for sender in Sender.objects.order_by("pk"):
        serves = sender.active and sender.channel not in served
        served |= {sender.channel} if serves else set()
        found.append(SenderState(sender, serves, counts.get(sender.channel, {}) if serves else {}))
    order = {channel: place for place, channel in enumerate(Channel)}
    return sorted(found, key=lambda each: (order[Channel(each.sender.channel)], not each.serves, each.sender.pk))


def sender(sender_id: int) -> Sender:
    """Return one sender. Raises NoSuchSender."""
    found = Sender.objects.filter(pk=sender_id).first()
    if found is None:
        raise NoSuchSender(msgid("There is no such sender; look for it under Settings › Channels."))
    return found


def newest_tests(sender_id: int, *, limit: int = 5) -> list[Delivery]:
    """Return the newest tests of a sender (1 query)."""
    return list(Delivery.objects.filter(sender=sender_id, pinned=True).order_by("-pk")[:limit])


def quiet_hours() -> dict[str, QuietHours]:
    """Return the quiet hours by grade (1 query)."""
    return {row.grade: row for row in QuietHours.objects.all()}


def staff_channels(user_id: int) -> StaffChannels:
    """Return how a member of staff wants to be reached; unsaved and empty when they chose nothing."""
    return StaffChannels.objects.filter(user=user_id).first() or StaffChannels(user_id=user_id)


def own_addresses(user_id: int | None) -> tuple[Address, ...]:
    """Return where a member of staff is reached besides the console (2 queries)."""
    return staff_addresses([user_id]).get(user_id or 0, ())


def late_s(at: datetime) -> int:
    """Return for how many seconds the oldest due delivery has been due (1 query)."""
    oldest = Delivery.objects.filter(state__in=PENDING, due_at__lte=at).aggregate(oldest=Min("due_at"))["oldest"]
    return int((at - oldest).total_seconds()) if oldest else 0


def due(at: datetime) -> int:
    """Count the deliveries that are due (1 query)."""
    return Delivery.objects.filter(state__in=PENDING, due_at__lte=at).count()
