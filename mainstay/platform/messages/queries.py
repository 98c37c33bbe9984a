"""Read messages and how far they got."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from mainstay.domain.actor import Actor, ActorKind
from mainstay.platform.identity.queries import scope
from mainstay.platform.messages.choices import REACHED, Channel
from mainstay.platform.messages.models import Delivery, Message, Sender
from mainstay.platform.messages.quiet import QuietBook


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
