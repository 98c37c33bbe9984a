"""Which stretch does an instant lie in? Samples, hours and days by the minute they begin with (since 1970, UTC).

Days are those of the house's own time zone, so that a day is what people call one; where clocks change it has 23 or 25
hours.
"""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from mainstay.network.performance.choices import Level

BUCKET = 500
"""How many series are rolled up, judged and forgotten together."""
HOUR = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def minute_of(at: datetime) -> int:
    """Return the minute an instant lies in."""
    return (at - _EPOCH) // _MINUTE


def instant_of(minute: int) -> datetime:
    """Return the instant a minute begins at."""
    return _EPOCH + timedelta(minutes=minute)


def hour_of(minute: int) -> tuple[int, int]:
    """Return the hour [begin, end) a minute lies in."""
    begin = minute - minute % HOUR
    return begin, begin + HOUR


def day_of(minute: int) -> tuple[int, int]:
    """Return the day [begin, end) a minute lies in."""
    return _day_of(minute - minute % 15, settings.TIME_ZONE)


def stretch_of(level: str, minute: int) -> tuple[int, int]:
    """Return the hour or day [begin, end) a minute lies in."""
    return hour_of(minute) if level == Level.HOUR else day_of(minute)


@lru_cache(maxsize=8_192)
def _day_of(minute: int, zone_name: str) -> tuple[int, int]:
    """Zones differ from UTC by quarters of an hour, so the first minute of a quarter speaks for it."""
    zone = ZoneInfo(zone_name)
    on = instant_of(minute).astimezone(zone).date()
    begin, end = (datetime.combine(on + timedelta(days=more), time(), zone) for more in (0, 1))
    return minute_of(begin.astimezone(UTC)), minute_of(end.astimezone(UTC))


def bucket_of(series_id: int) -> int:
    """Return the bucket a series is in."""
    return series_id // BUCKET
