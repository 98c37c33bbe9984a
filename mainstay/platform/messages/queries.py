"""Read messages."""

from django.db.models import QuerySet

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
