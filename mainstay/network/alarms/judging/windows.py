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
        self._until: dict[int, int] = {}

    def replace(self, windows: Iterable[Window]) -> None:
        """Take the windows as they are now approved and announced."""
        by_resource: dict[int, list[Window]] = defaultdict(list)
        for window in windows:
            by_resource[window.resource].append(window)
        self._by_resource = dict(by_resource)

    def excuse(self, alarm: Standing, excusing: Iterable[int]) -> None:
        """Mark an alarm raised inside a window on one of these resources; overrun counts from the window's end on."""
        end = self._end(alarm, excusing)
        if end is not None:
            alarm.planned = True
            self._end_at(alarm, end)

    def renew(self, alarm: Standing, excusing: Iterable[int]) -> None:
        """Take the window's end anew, for an alarm it excused: work may end early, or turn out not to be announced."""
        end = self._end(alarm, excusing)
        self._end_at(alarm, alarm.raised_ms if end is None else end)

    def _end(self, alarm: Standing, excusing: Iterable[int]) -> int | None:
        if not self._by_resource:
            return None
        ends = [
            window.to_ms
            for resource in excusing
            for window in self._by_resource.get(resource, ())
            if window.from_ms <= alarm.raised_ms < window.to_ms
        ]
        return max(ends, default=None)

    def _end_at(self, alarm: Standing, end_ms: int) -> None:
        if self._until.get(alarm.id) != end_ms:
            self._until[alarm.id] = end_ms
            heapq.heappush(self._ends, (end_ms, alarm.id))

    def expired(self, until_ms: int) -> list[tuple[int, int]]:
        """Give (instant, alarm id) of the excuses that ended by `until_ms`, in order."""
        ended = []
        while self._ends and self._ends[0][0] <= until_ms:
            at_ms, alarm = heapq.heappop(self._ends)
            if self._until.get(alarm) == at_ms:
                del self._until[alarm]
                ended.append((at_ms, alarm))
        return ended

    def next_end(self) -> int | None:
        """Give the instant at which the next excuse ends."""
        return self._ends[0][0] if self._ends else None

    @property
    def any(self) -> bool:
        """Whether any work is known."""
        return bool(self._by_resource)
