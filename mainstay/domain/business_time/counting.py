"""How much working time lies between two instants, and when is it used up? Scalar answers, each O(log n) (PC 1-5, 20)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mainstay.domain.business_time.calendar import Calendar, CalendarError
from mainstay.domain.business_time.ledger import FIRST_S, FIRST_YEAR, LAST_S, LAST_YEAR


@dataclass(frozen=True)
class WorkingTime:
    """Seconds of working time; `beyond_known` when the span reaches past the last known year and was counted by the plain week."""

    seconds: int
    beyond_known: bool = False


@dataclass(frozen=True)
class Moment:
    """An instant (UTC); `beyond_known` when it lies past the last known year of the calendar and may still move."""

    at: datetime
    beyond_known: bool = False


def to_instant(at: datetime) -> int:
    """Return whole seconds since 1970 UTC, floored. Raises CalendarError for a naive instant or one outside 1971-2199."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise CalendarError("The time {at} has no time zone; give an aware instant.", at=at.isoformat(sep=" "))
    at_s = int((at - _EPOCH) // _SECOND)
    if not FIRST_S <= at_s < LAST_S:
        raise _outside(at)
    return at_s


def from_instant(at_s: int) -> datetime:
    """Return the aware UTC instant of a number of seconds since 1970."""
    return datetime.fromtimestamp(at_s, UTC)


def check_order(start_at: datetime, end_at: datetime) -> tuple[int, int]:
    """Return both instants as seconds. Raises CalendarError when naive or when the end lies before the start."""
    start_s, end_s = to_instant(start_at), to_instant(end_at)
    if end_s < start_s:
        raise CalendarError(
            "The end {end} lies before the start {start}; swap them or correct one.",
            end=from_instant(end_s).isoformat(),
            start=from_instant(start_s).isoformat(),
        )
    return start_s, end_s


def working_seconds(calendar: Calendar, start_at: datetime, end_at: datetime) -> WorkingTime:
    """Count the working seconds in [start_at, end_at).

    Raises CalendarError for a naive instant or an end before the start.
    """
    raise NotImplementedError


def after_working_seconds(calendar: Calendar, start_at: datetime, seconds: int) -> Moment:
    """Find the earliest instant at which that many working seconds have passed since the start.

    A span used up exactly at closing time ends at closing time, not at the next opening; 0 seconds end at the start.
    Raises CalendarError for a naive start, a negative number, or when the calendar never offers that much time.
    """
    raise NotImplementedError


def end_of_nth_working_day(calendar: Calendar, start_at: datetime, number: int) -> Moment:
    """Find the end of working hours of the n-th working day after the start (工作日, PC 3).

    The local date of the start is not counted, whatever its hour (开始的当日不计入); counting begins with the next date that
    has working hours, moved workdays included. The day ends when its last working interval ends; on a 24x7 calendar
    every date is a working day and ends at midnight. Raises CalendarError for a number below 1 or a naive start.
    """
    raise NotImplementedError


def end_of_same_day(calendar: Calendar, start_at: datetime) -> Moment:
    """Find the end of the same day (当日): when the working hours of the start's local date end (24x7: at midnight).

    A start after closing time or on a day without hours belongs to the next working day, and ends with it.
    Raises CalendarError for a naive start.
    """
    raise NotImplementedError


def is_working(calendar: Calendar, at: datetime) -> bool:
    """Say whether the instant lies in working time (beyond the last known year: by the plain week; see is_beyond_known)."""
    raise NotImplementedError


def is_beyond_known(calendar: Calendar, at: datetime) -> bool:
    """Say whether the instant lies past the last date whose exceptions the calendar knows."""
    raise NotImplementedError


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
