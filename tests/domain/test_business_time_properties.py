"""Working time against a slow, obvious reference that looks at every single minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.business_time import (
    Calendar,
    DayKind,
    DayRule,
    Interval,
    after_working_seconds,
    end_of_nth_working_day,
    end_of_same_day,
    is_working,
    working_seconds,
    working_stretches,
)

ZONES = (
    "Asia/Shanghai",
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Cairo",
)
# Around these dates the clocks of the zones above change: north and south, at midnight, and by half an hour.
ANCHORS = [
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 4, 24),
    date(2026, 9, 6),
    date(2026, 10, 4),
]
ANCHORS += [date(2026, 10, 25), date(2026, 10, 30), date(2026, 11, 1), date(2026, 12, 31)]
MINUTE = timedelta(minutes=1)


@st.composite
def hours(draw: st.DrawFn) -> tuple[Interval, ...]:
    marks = sorted(draw(st.sets(st.integers(0, 96).map(lambda quarter: quarter * 15), max_size=6)))
    return tuple(zip(marks[::2], marks[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn, anchor: date) -> Calendar:
    week = tuple(draw(hours()) for _ in range(7))
    week = (((540, 1080),), *week[1:])
    days = {}
    for offset in draw(st.sets(st.integers(-4, 8), max_size=5)):
        kind = draw(st.sampled_from(DayKind))
        intervals = draw(hours()) if kind == DayKind.CUSTOM else ()
        like = draw(st.sampled_from([None, 0])) if kind == DayKind.WORKDAY else None
        days[anchor + timedelta(days=offset)] = DayRule(kind, f"day {offset}", like=like, intervals=intervals)
    return Calendar("random", draw(st.sampled_from(ZONES)), week, days)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, datetime, int]:
    """Return a calendar, a start near a change of the clocks, and a length in minutes."""
    anchor = draw(st.sampled_from(ANCHORS))
    start = datetime(anchor.year, anchor.month, anchor.day, tzinfo=UTC) + MINUTE * draw(st.integers(-2000, 2000))
    return draw(calendars(anchor)), start, draw(st.integers(0, 4000))


def works(calendar: Calendar, at: datetime) -> bool:
    """Look the wall clock up in the tables: the slow, obvious reference."""
    wall = at.astimezone(ZoneInfo(calendar.tz))
    rule = calendar.days.get(wall.date())
    table = calendar.week[wall.weekday()]
    if rule is not None:
        table = {DayKind.HOLIDAY: (), DayKind.WORKDAY: calendar.week[0], DayKind.CUSTOM: rule.intervals}[rule.kind]
    return any(start <= wall.hour * 60 + wall.minute < end for start, end in table)


@given(cases())
@settings(max_examples=60)
def test_the_seconds_are_those_counted_minute_by_minute(case: tuple[Calendar, datetime, int]) -> None:
    calendar, start, length = case
    minutes = [start + MINUTE * step for step in range(length)]
    counted = sum(works(calendar, minute) for minute in minutes)
    assert working_seconds(calendar, start, start + MINUTE * length).seconds == counted * 60
    assert all(is_working(calendar, minute) == works(calendar, minute) for minute in minutes[:200])


@given(cases())
@settings(max_examples=60)
def test_the_stretches_cover_everything_once_and_agree_minute_by_minute(case: tuple[Calendar, datetime, int]) -> None:
    calendar, start, length = case
    end = start + MINUTE * length
    stretches = working_stretches(calendar, start, end)
    edges = [start, *(one.to_at for one in stretches)]
    assert [one.from_at for one in stretches] == edges[:-1]
    assert edges[-1] == end
    assert sum(one.seconds for one in stretches) == working_seconds(calendar, start, end).seconds
    for one in stretches:
        assert one.from_at < one.to_at
        assert works(calendar, one.from_at) == works(calendar, one.to_at - MINUTE) == one.counted
    for one, following in pairwise(stretches):
        assert (one.counted, one.why) != (following.counted, following.why)


@given(cases(), st.integers(0, 60 * 20))
@settings(max_examples=60)
def test_a_span_ends_at_the_first_minute_at_which_it_is_used_up(
    case: tuple[Calendar, datetime, int], wanted: int
) -> None:
    calendar, start, _ = case
    at, done = start, 0
    while done < wanted:
        done += works(calendar, at)
        at += MINUTE
    assert after_working_seconds(calendar, start, wanted * 60).at == at


@given(cases(), st.integers(0, 10**7))
def test_counting_what_was_added_gives_it_back(case: tuple[Calendar, datetime, int], seconds: int) -> None:
    calendar, start, _ = case
    end = after_working_seconds(calendar, start, seconds).at
    assert working_seconds(calendar, start, end).seconds == seconds
    if seconds:
        assert working_seconds(calendar, start, end - timedelta(seconds=1)).seconds == seconds - 1


@given(cases(), st.integers(1, 6))
@settings(max_examples=60)
def test_the_nth_working_day_is_found_by_walking_the_minutes(case: tuple[Calendar, datetime, int], number: int) -> None:
    calendar, start, _ = case
    zone = ZoneInfo(calendar.tz)
    today, at = start.astimezone(zone).date(), start
    seen: dict[date, datetime] = {}
    while len(seen) <= number:
        day = at.astimezone(zone).date()
        if works(calendar, at) and day > today:
            seen[day] = at + MINUTE
        at += MINUTE
    assert end_of_nth_working_day(calendar, start, number).at == list(seen.values())[number - 1]


@given(cases())
@settings(max_examples=60)
def test_the_same_day_is_the_rest_of_today_or_the_next_working_day(case: tuple[Calendar, datetime, int]) -> None:
    calendar, start, _ = case
    zone = ZoneInfo(calendar.tz)
    today = start.astimezone(zone).date()
    rest = [start + MINUTE * step for step in range(26 * 60)]
    rest = [at for at in rest if at.astimezone(zone).date() == today and works(calendar, at)]
    expected = rest[-1] + MINUTE if rest else end_of_nth_working_day(calendar, start, 1).at
    assert end_of_same_day(calendar, start).at == expected
