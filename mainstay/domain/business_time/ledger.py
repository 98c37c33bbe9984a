"""How much working time lies before an instant? A calendar's worked pieces, cumulated once, looked up in O(log n).

Instants here are whole seconds since 1970-01-01 UTC; dates are proleptic ordinals as in `date.toordinal`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

FIRST_YEAR = 1971
LAST_YEAR = 2199
DAY_S = 86400
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

HoursOn = Callable[[date], tuple[tuple[int, int], ...]]


def _year_s(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


FIRST_S = _year_s(FIRST_YEAR)
LAST_S = _year_s(LAST_YEAR + 1)


@dataclass(frozen=True)
class Pages:
    """The worked pieces of some years, in order: piece i is [starts[i], ends[i]); `done[i]` seconds lie up to its end.

    `days[k]` is the ordinal of the k-th date with working time, `day_ends[k]` the instant its last piece ends.
    """

    from_year: int
    to_year: int
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    day_ends: list[int] = field(default_factory=list)

    def add(self, start: int, end: int, day: int) -> None:
        """Append a piece; pieces come in order."""
        self.done.append((self.done[-1] if self.done else 0) + end - start)
        self.starts.append(start)
        self.ends.append(end)
        if self.days and self.days[-1] == day:
            self.day_ends[-1] = end
        else:
            self.days.append(day)
            self.day_ends.append(end)

    def before(self, at_s: int) -> int:
        """Count the worked seconds from the first page to the instant."""
        index = bisect_right(self.starts, at_s) - 1
        if index < 0:
            return 0
        return self.done[index] - max(0, self.ends[index] - at_s)

    def reach(self, seconds: int) -> int | None:
        """Find the earliest instant with that many worked seconds before it; None when these pages do not reach it."""
        index = bisect_left(self.done, seconds)
        return None if index == len(self.done) else self.ends[index] - (self.done[index] - seconds)


class Ledger:
    """The pages of one calendar, written when first asked for; they are replaced as a whole, so no reader sees half.

    `known_limit_s` is the instant from which the dated exceptions are not known, None when all are.
    """

    def __init__(self, zone: ZoneInfo, hours_on: HoursOn, known_until: date | None) -> None:
        self._zone = zone
        self._hours_on = hours_on
        self.known_limit_s = None if known_until is None else self.midnight(known_until.toordinal() + 1)
        self._pages: Pages | None = None
        self._from_s, self._to_s = LAST_S, FIRST_S

    def pages(self, from_s: int, to_s: int) -> Pages:
        """Return pages that cover [from_s, to_s] with at least some months to spare on both sides."""
        if self._pages is not None and self._from_s <= from_s and to_s <= self._to_s:
            return self._pages
        from_year, to_year = _year_of(from_s) - 1, _year_of(to_s) + 1
        if self._pages is not None:
            from_year, to_year = min(from_year, self._pages.from_year), max(to_year, self._pages.to_year)
        return self._write(max(from_year, FIRST_YEAR - 1), min(to_year, LAST_YEAR + 1))

    def longer(self, pages: Pages) -> Pages | None:
        """Return pages that reach further into the future (at least twice as far), or None at the end of time."""
        if pages.to_year > LAST_YEAR:
            return None
        span = pages.to_year - pages.from_year + 1
        return self._write(pages.from_year, min(pages.to_year + span, LAST_YEAR + 1))

    def local_day(self, at_s: int) -> int:
        """Return the ordinal of the local date."""
        return datetime.fromtimestamp(at_s, self._zone).toordinal()

    def midnight(self, day: int) -> int:
        """Return the instant at which the local date begins."""
        wall = datetime.combine(date.fromordinal(day), time(), tzinfo=self._zone)
        return int(wall.timestamp())

    def _write(self, from_year: int, to_year: int) -> Pages:
        pages = Pages(from_year, to_year)
        for start, end, offset in self._constant_offsets(_year_s(from_year), _year_s(to_year + 1)):
            for day in range((start + offset) // DAY_S, (end - 1 + offset) // DAY_S + 1):
                ordinal = day + EPOCH_ORDINAL
                for from_minute, to_minute in self._hours_on(date.fromordinal(ordinal)):
                    low = max(start, day * DAY_S + from_minute * 60 - offset)
                    high = min(end, day * DAY_S + to_minute * 60 - offset)
                    if low < high:
                        pages.add(low, high, ordinal)
        self._pages = pages
        # A spare half year on both sides keeps local dates at the rim whole, and neighbours of an instant within reach.
        self._from_s, self._to_s = _year_s(from_year) + 180 * DAY_S, _year_s(to_year + 1) - 180 * DAY_S
        return pages

    def _constant_offsets(self, from_s: int, to_s: int) -> Iterator[tuple[int, int, int]]:
        """Cut [from_s, to_s) where the offset from UTC changes; give (start, end, offset in seconds)."""
        start, offset = from_s, self._offset(from_s)
        for at in range(from_s + DAY_S, to_s + DAY_S, DAY_S):
            new = self._offset(at)
            if new == offset:
                continue
            change = self._change_between(at - DAY_S, at, offset)
            yield start, change, offset
            start, offset = change, new
        if start < to_s:
            yield start, to_s, offset

    def _change_between(self, low: int, high: int, offset: int) -> int:
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._offset(middle) == offset else (low, middle)
        return high

    def _offset(self, at_s: int) -> int:
        shift = datetime.fromtimestamp(at_s, self._zone).utcoffset()
        return 0 if shift is None else shift.days * DAY_S + shift.seconds


def _year_of(at_s: int) -> int:
    return datetime.fromtimestamp(at_s, UTC).year
