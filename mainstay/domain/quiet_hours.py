"""Until when does a message wait? Hours of the day, in local time, in which people are left in peace (K8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class QuietWindow:
    """From one minute of the day (0 to 1439, local) up to another; an end not after the start is of the next day."""

    from_minute: int
    to_minute: int

    @property
    def minutes(self) -> int:
        """How long it is by the wall clock: 1 to 1440."""
        return (self.to_minute - self.from_minute - 1) % DAY_MINUTES + 1


def quiet_until(windows: Iterable[QuietWindow], at: datetime, zone: tzinfo) -> datetime | None:
    """Return the end (UTC) of the quiet hours that the aware instant lies in, None outside of any.

    The start belongs to the window, the end does not. Windows that touch or overlap count as one; where they leave no
    instant free, the wait ends after seven days.
    """
    known, end = tuple(windows), at
    last = at + timedelta(days=7)
    while end < last:
        ends = [each for window in known for each in _ends(window, end, zone)]
        if not ends:
            break
        end = max(ends)
    return None if end == at else min(end, last)


def _ends(window: QuietWindow, at: datetime, zone: tzinfo) -> list[datetime]:
    today = at.astimezone(zone).date()
    spans = [_span(window, day, zone) for day in (today - timedelta(days=1), today)]
    return [end for start, end in spans if start <= at < end]


def _span(window: QuietWindow, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- wall clock, given its zone below
    start = midnight + timedelta(minutes=window.from_minute)
    end = start + timedelta(minutes=window.minutes)
    return start.replace(tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone).astimezone(UTC)
