"""By when must customers be told of something planned, so that the notice promised to them is kept (D3, I3)?

Instants are aware; the result is UTC, in whole seconds.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mainstay.domain.business_time import (
    Calendar,
    Unit,
    after_working_seconds,
    end_of_nth_working_day,
    end_of_same_day,
)
from mainstay.domain.errors import Refused, msgid

_EARLIEST = timedelta(days=3_650)
_SECOND = timedelta(seconds=1)


class BadNotice(Refused):
    """A notice that cannot be measured: an amount below 0, a unit that is no time, longer than ten years."""


def notice_ends(calendar: Calendar, unit: str, amount: Decimal, told_at: datetime) -> datetime:
    """Return when the promised notice has passed for who was told at `told_at`; work may begin from then on.

    Raises BadNotice for an amount below 0 or a unit that is no time.
    """
    if amount < 0:
        raise BadNotice(msgid("A notice of {amount} cannot be given; promise 0 or more."), amount=str(amount))
    match unit:
        case Unit.NATURAL_MINUTES:
            return told_at.astimezone(UTC) + timedelta(seconds=round(amount * 60))
        case Unit.WORKING_MINUTES:
            return after_working_seconds(calendar, told_at, round(amount * 60)).at
        case Unit.WORKING_DAYS:
            days = int(amount)
            return end_of_nth_working_day(calendar, told_at, days).at if days else told_at.astimezone(UTC)
        case Unit.SAME_DAY:
            return end_of_same_day(calendar, told_at).at
    raise BadNotice(msgid("A notice is not measured in {unit}; choose a unit of time."), unit=unit)


def latest_telling(calendar: Calendar, unit: str, amount: Decimal, before_at: datetime) -> datetime:
    """Return the last instant at which telling still keeps the promise for work that begins at `before_at`.

    A second later the notice would end after the work's begin. Raises BadNotice as `notice_ends`, and when ten years
    would not do.
    """
    latest = before_at.astimezone(UTC).replace(microsecond=0)
    if notice_ends(calendar, unit, amount, latest) <= latest:
        return latest
    step = timedelta(days=1)
    while notice_ends(calendar, unit, amount, latest - step) > latest:
        step *= 2
        if step > _EARLIEST:
            raise BadNotice(
                msgid("A notice of {amount} {unit} is longer than ten years."), amount=str(amount), unit=unit
            )
    keeps, breaks = latest - step, latest
    while breaks - keeps > _SECOND:
        middle = keeps + timedelta(seconds=(breaks - keeps) // _SECOND // 2)
        keeps, breaks = (middle, breaks) if notice_ends(calendar, unit, amount, middle) <= latest else (keeps, middle)
    return keeps
