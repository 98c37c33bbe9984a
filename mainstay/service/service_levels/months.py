"""When does a month begin and end, and where in it is an instant? In the operator's zone; seconds from its begin."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone


def month_of(at: datetime) -> date:
    """Return the first day of the month an instant is in."""
    return timezone.localtime(at, timezone.get_default_timezone()).date().replace(day=1)


def following(month: date) -> date:
    """Return the first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)


def previous(month: date) -> date:
    """Return the first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def midnight(day: date) -> datetime:
    """Return when a day begins in the operator's zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def bounds(month: date) -> tuple[datetime, datetime]:
    """Return the month as [begin, end) in UTC."""
    return midnight(month), midnight(following(month))


def length_s(month: date) -> int:
    """Return how many seconds the month has."""
    begin, end = bounds(month)
    return whole_s(end) - whole_s(begin)


def whole_s(at: datetime) -> int:
    """Return whole seconds since 1970: what an instant is cut to in every ledger."""
    return (at - _EPOCH) // _SECOND


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
