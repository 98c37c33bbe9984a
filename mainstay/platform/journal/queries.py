"""Read the audit trail and the outbox."""

from collections.abc import Iterator

from django.db.models import Max, QuerySet

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal.actions import digest_of
from mainstay.platform.journal.models import Entry, OutboxEvent


def visible_to(actor: Actor) -> QuerySet[Entry]:
    """Return the entries the actor may read, newest first."""
    return Entry.objects.filter(scope(actor)).order_by("-id")


def history_of(object_kind: str, object_id: int | str, *, actor: Actor) -> QuerySet[Entry]:
    """Return what was done to one object, newest first; the caller has found the object through its own door."""
    return Entry.objects.filter(object_kind=object_kind, object_id=str(object_id)).order_by("-id")


def newest_event_id() -> int:
    """Return the position of the newest news, 0 when there is none."""
    return OutboxEvent.objects.aggregate(newest=Max("id"))["newest"] or 0


def news_after(position: int, *, limit: int = 500) -> list[OutboxEvent]:
    """Return news behind a position, oldest first."""
    return list(OutboxEvent.objects.filter(pk__gt=position).order_by("id")[:limit])


def broken_seals() -> Iterator[Entry]:
    """Give each entry whose digest does not follow from the one before: the trail was changed there (P2)."""
    previous = ""
    for entry in Entry.objects.exclude(digest="").order_by("id").iterator(chunk_size=1000):
        if entry.previous_digest != previous or entry.digest != digest_of(entry, previous):
            yield entry
        previous = entry.digest
