"""Quiet hours by the local clock: midnight, touching windows, zones with and without summer time."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.quiet_hours import QuietWindow, quiet_until

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = QuietWindow(22 * 60, 7 * 60)
ZONES = st.sampled_from(
    [SHANGHAI, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")]
)
MINUTES = st.integers(0, 1439)
WINDOWS = st.builds(QuietWindow, MINUTES, MINUTES)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def local(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)


def test_it_works() -> None:
    assert quiet_until([NIGHT], local(23), SHANGHAI) == local(7, day=2)
    assert quiet_until([NIGHT], local(3), SHANGHAI) == local(7)
    assert quiet_until([NIGHT], local(12), SHANGHAI) is None


def test_the_start_belongs_to_it_and_the_end_does_not() -> None:
    assert quiet_until([NIGHT], local(22), SHANGHAI) == local(7, day=2)
    assert quiet_until([NIGHT], local(21, 59), SHANGHAI) is None
    assert quiet_until([NIGHT], local(7), SHANGHAI) is None


def test_windows_that_touch_count_as_one() -> None:
    lunch = QuietWindow(7 * 60, 8 * 60)
    assert quiet_until([NIGHT, lunch], local(3), SHANGHAI) == local(8)


def test_windows_without_a_gap_end_after_a_week() -> None:
    always = QuietWindow(0, 0)
    assert quiet_until([always], local(3), SHANGHAI) == local(3) + timedelta(days=7)


@given(WINDOWS, INSTANTS, ZONES)
def test_the_end_is_later_within_a_day_and_outside(window: QuietWindow, at: datetime, zone: tzinfo) -> None:
    end = quiet_until([window], at, zone)
    if end is None:
        return
    assert at < end
    if window.minutes < 1440:
        assert end - at <= timedelta(minutes=window.minutes) + timedelta(hours=1)
        assert quiet_until([window], end, zone) is None


@given(WINDOWS, INSTANTS)
def test_without_summer_time_it_is_what_the_clock_on_the_wall_says(window: QuietWindow, at: datetime) -> None:
    there = at.astimezone(SHANGHAI)
    minute = there.hour * 60 + there.minute
    inside = (minute - window.from_minute) % 1440 < window.minutes
    assert (quiet_until([window], at, SHANGHAI) is not None) == inside
