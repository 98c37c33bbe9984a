"""How does a reader of the outbox miss nothing? It goes by number, and comes back for numbers that were not there yet.

On PostgreSQL a transaction that began earlier may commit later: its news has lower numbers than what was read already.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from mainstay.platform.journal.models import OutboxEvent

PATIENCE_S = 900.0
"""How long a missing number is waited for: longer than any transaction. Those that were rolled back never come."""
LOOK_EVERY_S = 0.1
MOST_MISSING = 5000
"""Of more missing numbers the oldest are given up."""


AT_ONCE = 1000
"""News read by one question."""
RECENT = 500
"""How many numbers before the beginning may still be missing."""


class Told(NamedTuple):
    """One piece of news, as an OutboxEvent holds it: thousands a second are read in a storm."""

    pk: int
    at: datetime
    kind: str
    object_kind: str
    object_id: str
    customer_id: int | None
    region_code: str
    body: dict[str, Any]


@dataclass
class Follower:
    """Mutable: how far one reader has come, and which numbers before that it has not seen."""

    position: int
    missing: dict[int, float] = field(default_factory=dict)
    """Missing number → the reader's clock (seconds, monotonic) when it is given up."""
    looked_at: float = float("-inf")

    @classmethod
    def from_now(cls, now: float) -> "Follower":
        """Begin behind the newest news; of the numbers just before it, those not there yet are waited for (1 query)."""
        newest = list(OutboxEvent.objects.order_by("-id").values_list("pk", flat=True)[:RECENT])
        if not newest:
            return cls(0)
        gone = set(range(max(1, newest[0] - RECENT), newest[0])) - set(newest)
        return cls(newest[0], dict.fromkeys(gone, now + PATIENCE_S))

    def next(self, now: float, *, limit: int = AT_ONCE) -> list[Told]:
        """Return what has come since, in the order of numbers, late ones first; at most `limit` new ones (≤ 2 queries).

        `now`: the reader's monotonic clock in seconds.
        """
        late = self._late(now)
        fresh = _told(OutboxEvent.objects.filter(pk__gt=self.position).order_by("id")[:limit])
        self._note(fresh, now)
        return [*late, *fresh]

    def _late(self, now: float) -> list[Told]:
        if not self.missing or now - self.looked_at < LOOK_EVERY_S:
            return []
        self.looked_at = now
        self.missing = {number: until for number, until in self.missing.items() if until > now}
        found = _told(OutboxEvent.objects.filter(pk__in=list(self.missing)).order_by("id"))
        for event in found:
            del self.missing[event.pk]
        return found

    def _note(self, fresh: Iterable[Told], now: float) -> None:
        for event in fresh:
            first = max(self.position + 1, event.pk - MOST_MISSING)
            self.missing.update(dict.fromkeys(range(first, event.pk), now + PATIENCE_S))
            self.position = event.pk
        for number in sorted(self.missing)[: max(0, len(self.missing) - MOST_MISSING)]:
            del self.missing[number]


def _told(rows: QuerySet[OutboxEvent]) -> list[Told]:
    return [Told._make(row) for row in rows.values_list(*Told._fields)]
