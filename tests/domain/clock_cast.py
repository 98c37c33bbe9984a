"""The calendars that tests of business time and promise clocks share; local times are Beijing's."""

from datetime import UTC, date, datetime, timedelta, timezone

from mainstay.domain.business_time import Calendar, DayKind, DayRule, Interval, Week

BEIJING = timezone(timedelta(hours=8))

NINE_TO_SIX: tuple[Interval, ...] = ((9 * 60, 18 * 60),)
SPLIT_DAY: tuple[Interval, ...] = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
MOVED_WORKDAYS_2026 = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))


def weekdays(hours: tuple[Interval, ...]) -> Week:
    return (hours, hours, hours, hours, hours, (), ())


def holidays_2026() -> dict[date, DayRule]:
    days = {date(2026, 10, day): DayRule(DayKind.HOLIDAY, "国庆节") for day in range(1, 8)}
    for month, day in MOVED_WORKDAYS_2026:
        days[date(2026, month, day)] = DayRule(DayKind.WORKDAY, "调休")
    return days


OFFICE = Calendar("office", "Asia/Shanghai", weekdays(NINE_TO_SIX), holidays_2026(), known_until=date(2026, 12, 31))
SPLIT = Calendar("split", "Asia/Shanghai", weekdays(SPLIT_DAY), holidays_2026(), known_until=date(2026, 12, 31))
ALWAYS = Calendar.always_open("24x7", "Asia/Shanghai")


def beijing(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    """Return the instant of a local time in Beijing, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING).astimezone(UTC)
