"""What do the scalar answers give for many instants at once? Arrays of int64 seconds since 1970 UTC, in and out."""

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.business_time.calendar import Calendar, CalendarError
from mainstay.domain.business_time.ledger import FIRST_S, LAST_S, LAST_YEAR, Pages
from mainstay.domain.errors import msgid

Seconds = NDArray[np.int64]


def working_seconds_many(calendar: Calendar, starts_s: Seconds, ends_s: Seconds) -> Seconds:
    """Count the working seconds of each [starts_s[i], ends_s[i]); arrays of one length.

    Raises CalendarError when an end lies before its start or an instant outside the years a calendar covers.
    """
    if bool(np.any(ends_s < starts_s)):
        raise CalendarError(
            msgid("Row {row}: the end lies before the start; swap them or correct one."),
            row=int(np.argmax(ends_s < starts_s)) + 1,
        )
    if starts_s.size == 0 or calendar.always:
        return ends_s - starts_s
    pages = _pages(calendar, int(starts_s.min()), int(ends_s.max()))
    return _before(pages, ends_s) - _before(pages, starts_s)


def after_working_seconds_many(calendar: Calendar, starts_s: Seconds, seconds: Seconds) -> Seconds:
    """Find for each start the earliest instant at which seconds[i] working seconds have passed; arrays of one length.

    Raises CalendarError for a negative span or when the calendar never offers that much time.
    """
    if bool(np.any(seconds < 0)):
        raise CalendarError(
            msgid("Row {row}: the span is negative; give 0 or more."), row=int(np.argmax(seconds < 0)) + 1
        )
    if starts_s.size == 0 or calendar.always:
        return starts_s + seconds
    pages: Pages | None = _pages(calendar, int(starts_s.min()), int(starts_s.max()))
    while pages is not None:
        targets = _before(pages, starts_s) + seconds
        if pages.done and int(targets.max()) <= pages.done[-1]:
            done, ends = np.asarray(pages.done, dtype=np.int64), np.asarray(pages.ends, dtype=np.int64)
            index = np.searchsorted(done, targets, side="left")
            return np.where(seconds == 0, starts_s, ends[index] - (done[index] - targets))
        pages = calendar.ledger.longer(pages)
    raise CalendarError(
        msgid("Calendar {calendar} does not offer that much working time up to the year {last}; check its hours."),
        calendar=calendar.name,
        last=LAST_YEAR,
    )


def _pages(calendar: Calendar, first_s: int, last_s: int) -> Pages:
    if not FIRST_S <= first_s <= last_s < LAST_S:
        raise CalendarError(
            msgid("An instant lies outside the years a calendar covers (up to {last})."), last=LAST_YEAR
        )
    return calendar.ledger.pages(first_s, last_s)


def _before(pages: Pages, at_s: Seconds) -> Seconds:
    if not pages.starts:
        return np.zeros_like(at_s)
    starts, ends = np.asarray(pages.starts, dtype=np.int64), np.asarray(pages.ends, dtype=np.int64)
    done = np.asarray(pages.done, dtype=np.int64)
    index = np.searchsorted(starts, at_s, side="right") - 1
    return np.where(index < 0, 0, done[index] - np.maximum(0, ends[index] - at_s))
