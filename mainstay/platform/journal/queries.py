"""Read the audit trail and the outbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

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


def broken_seals() -> Iterator[Entry]:
    """Give each sealed entry that does not follow from the one before: the trail was changed there (P2).

    A deleted entry shows at its successor. The newest entries, deleted together, leave no trace in the trail itself:
    compare the last digest with one kept elsewhere.
    """
    previous = ""
    for entry in Entry.objects.exclude(seal_number=None).order_by("seal_number").iterator(chunk_size=1000):
        if entry.previous_digest != previous or entry.digest != digest_of(entry, previous):
            yield entry
        previous = entry.digest


@dataclass(frozen=True)
class EntryFilter:
    """What to look for in the trail; empty means any, [from_at, to_at) is half-open."""

    text: str = ""
    object_kind: str = ""
    object_kinds: tuple[str, ...] = ()
    action: str = ""
    from_at: datetime | None = None
    to_at: datetime | None = None
    by_people: bool = False


def find(actor: Actor, wanted: EntryFilter) -> QuerySet[Entry]:
    """Return the entries the actor may read that match, newest first."""
    found = visible_to(actor)
    if wanted.text:
        named = Q(actor_name__icontains=wanted.text) | Q(object_label__icontains=wanted.text)
        found = found.filter(named | Q(request_id=wanted.text) | Q(object_id=wanted.text))
    given = {
        "object_kind": wanted.object_kind,
        "object_kind__in": wanted.object_kinds or None,
        "action": wanted.action,
        "at__gte": wanted.from_at,
        "at__lt": wanted.to_at,
        "user_id__isnull": False if wanted.by_people else None,
    }
    return found.filter(**{name: value for name, value in given.items() if value not in ("", None)})


def seal_counts() -> dict[str, int]:
    """Count the entries that are sealed and those that wait for the sealer (1 query)."""
    return Entry.objects.aggregate(sealed=Count("id", filter=~Q(digest="")), waiting=Count("id", filter=Q(digest="")))


def head_of_trail() -> str:
    """Return the digest of the newest sealed entry, "" before the first: it stands for the whole chain (1 query)."""
    newest = Entry.objects.filter(seal_number__isnull=False).order_by("-seal_number")
    return newest.values_list("digest", flat=True).first() or ""
