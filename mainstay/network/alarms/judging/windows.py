"""Which faults does planned work excuse, and until when? (promise-clocks 19)"""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from mainstay.network.alarms.judging.facts import Standing


@dataclass(frozen=True, slots=True)
class Window:
    """Approved and announced work on a resource (id) over [from_ms, to_ms)."""

    resource: int
    from_ms: int
    to_ms: int


class Windows:
    """Mutable: the windows by resource, and when each excuse ends."""

    def __init__(self) -> None:
        """Begin without planned work."""
        self._by_resource: dict[int, list[Window]] = {}
        self._ends: list[tuple[int, int]] = []

    def replace(self, windows: Iterable[Window]) -> None:
        """Take the windows as they are now approved and announced."""
        by_resource: dict[int, list[Window]] = defaultdict(list)
        for window in windows:
            by_resource[window.resource].append(window)
        self._by_resource = dict(by_resource)

    def excuse(self, alarm: Standing, above: Iterable[int]) -> None:
        """Mark an alarm raised inside a window on its resource or on anything above it; overrun counts from then on."""
        if not self._by_resource:
            return
        ends = [
            window.to_ms
            for resource in (alarm.resource, *above)
            for window in self._by_resource.get(resource, ())
            if window.from_ms <= alarm.raised_ms < window.to_ms
        ]
        if ends:
            alarm.planned = True
            heapq.heappush(self._ends, (max(ends), alarm.id))

    def expired(self, until_ms: int) -> list[tuple[int, int]]:
        """Give (instant, alarm id) of the excuses that ended by `until_ms`, in order."""
        ended = []
        while self._ends and self._ends[0][0] <= until_ms:
            ended.append(heapq.heappop(self._ends))
        return ended

    def next_end(self) -> int | None:
        """Give the instant at which the next excuse ends."""
        return self._ends[0][0] if self._ends else None

    @property
    def any(self) -> bool:
        """Whether any work is known."""
        return bool(self._by_resource)
