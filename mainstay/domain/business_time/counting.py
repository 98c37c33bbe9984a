"""How much working time lies between two instants, and when is it used up? Each answer O(log n) (PC 1-5, 20)."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mainstay.domain.business_time.calendar import Calendar, CalendarError
from mainstay.domain.business_time.ledger import DAY_S, FIRST_S, FIRST_YEAR, LAST_S, LAST_YEAR, Pages
from mainstay.domain.errors import msgid

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class WorkingTime:
    """Seconds of working time; `beyond_known` when it reaches past the last known year (counted by the plain week)."""

    seconds: int
    beyond_known: bool = False


@dataclass(frozen=True)
class Moment:
    """An instant (UTC); `beyond_known` when it lies past the last known year of the calendar and may still move."""

    at: datetime
    beyond_known: bool = False


def to_instant(at: datetime) -> int:
    """Return whole seconds since 1970 UTC, floored. Raises CalendarError for an instant naive or outside 1971-2199."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise CalendarError(msgid("The time {at} has no time zone; give an aware instant."), at=at.isoformat(sep=" "))
    at_s = (at - _EPOCH) // _SECOND
    if not FIRST_S <= at_s < LAST_S:
        raise CalendarError(
            msgid("The time {at} lies outside the years {first} to {last}; correct it."),
            at=at.isoformat(sep=" "),
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return at_s


def from_instant(at_s: int) -> datetime:
    """Return the aware UTC instant of a number of seconds since 1970."""
    return datetime.fromtimestamp(at_s, UTC)


def check_order(start_at: datetime, end_at: datetime) -> tuple[int, int]:
    """Return both instants as seconds. Raises CalendarError when naive or when the end lies before the start."""
    start_s, end_s = to_instant(start_at), to_instant(end_at)
    if end_s < start_s:
        raise CalendarError(
            msgid("The end {end} lies before the start {start}; swap them or correct one."),
            end=from_instant(end_s).isoformat(),
            start=from_instant(start_s).isoformat(),
        )
    return start_s, end_s


def working_seconds(calendar: Calendar, start_at: datetime, end_at: datetime) -> WorkingTime:
    """Count the working seconds in [start_at, end_at).

    Raises CalendarError for a naive instant or an end before the start.
    """
    start_s, end_s = check_order(start_at, end_at)
    return WorkingTime(seconds_between(calendar, start_s, end_s), passes_known(calendar, end_s))


def after_working_seconds(calendar: Calendar, start_at: datetime, seconds: int) -> Moment:
    """Find the earliest instant at which that many working seconds have passed since the start.

    A span used up exactly at closing time ends at closing time, not at the next opening; 0 seconds end at the start.
    Raises CalendarError for a naive start, a negative number, or when the calendar never offers that much time.
    """
    return _moment(calendar, reach(calendar, to_instant(start_at), seconds))


def end_of_nth_working_day(calendar: Calendar, start_at: datetime, number: int) -> Moment:
    """Find the end of working hours of the n-th working day after the start (工作日, PC 3).

    The local date of the start is not counted, whatever its hour (开始的当日不计入); counting begins with the next
    date that has working hours, moved workdays included. The day ends when its last working interval ends; on a 24x7
    calendar every date is a working day and ends at midnight. Raises CalendarError for a number below 1 or a naive
    start.
    """
    if number < 1:
        raise CalendarError(msgid("There is no working day number {number}; count from 1."), number=number)
    ledger, start_s = calendar.ledger, to_instant(start_at)
    today = ledger.local_day(start_s)
    if calendar.always:
        if number > (LAST_S - start_s) // DAY_S:
            raise _never(calendar, start_s)
        return _moment(calendar, ledger.midnight(today + number + 1))
    pages: Pages | None = ledger.pages(start_s, start_s)
    while pages is not None:
        index = bisect_right(pages.days, today) + number - 1
        if index < len(pages.days):
            return _moment(calendar, pages.day_ends[index])
        pages = ledger.longer(pages)
    raise _never(calendar, start_s)


def end_of_same_day(calendar: Calendar, start_at: datetime) -> Moment:
    """Find the end of the same day (当日): when the working hours of the start's local date end (24x7: at midnight).

    A start after closing time or on a day without hours belongs to the next working day, and ends with it.
    Raises CalendarError for a naive start.
    """
    ledger, start_s = calendar.ledger, to_instant(start_at)
    today = ledger.local_day(start_s)
    if calendar.always:
        return _moment(calendar, ledger.midnight(today + 1))
    pages = ledger.pages(start_s, start_s)
    index = bisect_left(pages.days, today)
    if index < len(pages.days) and pages.days[index] == today and start_s < pages.day_ends[index]:
        return _moment(calendar, pages.day_ends[index])
    return end_of_nth_working_day(calendar, start_at, 1)


def is_working(calendar: Calendar, at: datetime) -> bool:
    """Say whether the instant lies in working time (past the last known year by the plain week: is_beyond_known)."""
    at_s = to_instant(at)
    return seconds_between(calendar, at_s, at_s + 1) == 1


def is_beyond_known(calendar: Calendar, at: datetime) -> bool:
    """Say whether the instant lies past the last date whose exceptions the calendar knows."""
    limit_s = calendar.ledger.known_limit_s
    return limit_s is not None and to_instant(at) >= limit_s


def seconds_between(calendar: Calendar, start_s: int, end_s: int) -> int:
    """Count the working seconds of [start_s, end_s), given as seconds since 1970, in order."""
    if calendar.always:
        return end_s - start_s
    pages = calendar.ledger.pages(start_s, end_s)
    return pages.before(end_s) - pages.before(start_s)


def reach(calendar: Calendar, start_s: int, seconds: int) -> int:
    """Find the instant of after_working_seconds, as seconds since 1970; raises as that does."""
    if seconds < 0:
        raise CalendarError(msgid("The span of {seconds} s is negative; give 0 or more."), seconds=seconds)
    if seconds == 0:
        return start_s
    pages: Pages | None = None if calendar.always else calendar.ledger.pages(start_s, start_s)
    found: int | None = start_s + seconds if calendar.always else None
    while pages is not None and found is None:
        found = pages.reach(pages.before(start_s) + seconds)
        pages = calendar.ledger.longer(pages) if found is None else None
    if found is None or found >= LAST_S:
        raise _never(calendar, start_s)
    return found


def passes_known(calendar: Calendar, end_s: int) -> bool:
    """Say whether a span that ends (half-open) at the second reaches past the last known date."""
    limit_s = calendar.ledger.known_limit_s
    return limit_s is not None and end_s > limit_s


def _moment(calendar: Calendar, at_s: int) -> Moment:
    return Moment(from_instant(at_s), passes_known(calendar, at_s))


def _never(calendar: Calendar, start_s: int) -> CalendarError:
    return CalendarError(
        msgid(
            "Calendar {calendar} does not offer that much working time after {start}, up to the year {last}; "
            "check its hours and the promise."
        ),
        calendar=calendar.name,
        start=from_instant(start_s).isoformat(),
        last=LAST_YEAR,
    )
