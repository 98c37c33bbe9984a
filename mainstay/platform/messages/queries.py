"""Read messages."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from mainstay.domain.actor import Actor, ActorKind
from mainstay.platform.identity.queries import scope
from mainstay.platform.messages.models import Message


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
    """Count the customers to whom a message of a kind was sent."""
    return Message.objects.filter(kind=kind, customer_id__isnull=False).values("customer_id").distinct().count()


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
