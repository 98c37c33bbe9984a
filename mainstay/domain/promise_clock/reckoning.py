"""How much of the promise is used, and when is a share of it reached? Sums over the spans of a replay (PC 3, 7, 10).

Instants are whole seconds since 1970 UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mainstay.domain.business_time import Calendar, Unit, end_of_nth_working_day, end_of_same_day
from mainstay.domain.business_time.counting import from_instant, passes_known, reach, seconds_between, to_instant
from mainstay.domain.promise_clock.facts import Promise
from mainstay.domain.promise_clock.replay import Replay

_EVERY_SECOND = Calendar.always_open()


@dataclass(frozen=True)
class Caution:
    """Something the reader must know, as a code of CAUTION_TEXTS and its parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


def counting_calendar(promise: Promise) -> Calendar:
    """Return the calendar whose seconds a promise counts: its own, or every second for natural minutes."""
    return _EVERY_SECOND if promise.unit == Unit.NATURAL_MINUTES else promise.calendar


class Reckoning:
    """The sums over the spans of a replay that end at or before `end_s`, where its counting history ends."""

    def __init__(self, clock: Replay, end_s: int) -> None:
        self._clock = clock
        self._end_s = end_s
        self._calendar = counting_calendar(clock.promise)
        self.spans = [span for span in clock.spans if span.to_s <= end_s]
        self._counted = [
            (counting_calendar(span.promise), span.from_s, span.to_s) for span in self.spans if span.counted
        ]
        self._amounts = [seconds_between(*piece) for piece in self._counted]
        self.used_s = sum(self._amounts)
        self.promise_s = self._promise_s()

    def reached_or_projected(self, percent: int, *, project: bool) -> int | None:
        """Find when that share of the promise was reached; else, if `project`, when it will be without further pauses.

        None before the start, and when it is not reached and not to be projected.
        """
        if self._clock.started_s is None:
            return None
        target = -(-self.promise_s * percent // 100)
        done = 0
        for (calendar, from_s, _), amount in zip(self._counted, self._amounts, strict=True):
            if done + amount >= target:
                return reach(calendar, from_s, max(0, target - done))
            done += amount
        if target <= done:
            return self._clock.started_s
        return reach(self._calendar, self._end_s, target - done) if project else None

    def cautions(self, reached: Iterable[int | None]) -> tuple[Caution, ...]:
        """Say which calendars were counted past the last day they know, by the history or by any of the instants."""
        ends = [(calendar, to_s) for calendar, _, to_s in self._counted]
        ends += [(self._calendar, at_s) for at_s in reached if at_s is not None]
        beyond = {calendar.name: calendar for calendar, end_s in ends if passes_known(calendar, end_s)}
        return tuple(
            Caution("beyond_known", {"calendar": name, "known_until": str(calendar.known_until)})
            for name, calendar in sorted(beyond.items())
        )

    def _promise_s(self) -> int:
        promise, clock = self._clock.promise, self._clock
        if promise.unit in (Unit.NATURAL_MINUTES, Unit.WORKING_MINUTES):
            return promise.amount * 60
        start_s = self._end_s if clock.started_s is None else clock.started_s
        closing_s = _closing_s(promise, start_s)
        if clock.changed_s is None or clock.changed_s <= start_s:
            return seconds_between(self._calendar, start_s, closing_s)
        return self._promise_since_change_s(clock.changed_s, closing_s)

    def _promise_since_change_s(self, changed_s: int, closing_s: int) -> int:
        """Keep used time, and put the deadline at the closing time shifted by what did not count."""
        changed_s = min(changed_s, self._end_s)
        used_s = sum(seconds_between(*piece) for piece in self._counted if piece[2] <= changed_s)
        shift_s = sum(
            seconds_between(self._calendar, span.from_s, span.to_s)
            for span in self.spans
            if not span.counted and span.to_s <= changed_s
        )
        due_s = reach(self._calendar, closing_s, shift_s)
        if due_s >= changed_s:
            return used_s + seconds_between(self._calendar, changed_s, due_s)
        return used_s - seconds_between(self._calendar, due_s, changed_s)


def _closing_s(promise: Promise, start_s: int) -> int:
    start_at = from_instant(start_s)
    if promise.unit == Unit.SAME_DAY:
        return to_instant(end_of_same_day(promise.calendar, start_at).at)
    return to_instant(end_of_nth_working_day(promise.calendar, start_at, promise.amount).at)
