"""Working time by the calendar: intervals, holidays, moved workdays, days, daylight saving, and what is refused."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from mainstay.domain.business_time import (
    EMPTY_WEEK,
    WHY_TEXTS,
    Calendar,
    CalendarError,
    DayKind,
    DayRule,
    after_working_seconds,
    after_working_seconds_many,
    end_of_nth_working_day,
    end_of_same_day,
    is_beyond_known,
    is_working,
    working_seconds,
    working_seconds_many,
    working_stretches,
)
from tests.domain.clock_cast import (
    ALWAYS,
    MOVED_WORKDAYS_2026,
    NINE_TO_SIX,
    OFFICE,
    SPLIT,
    beijing,
    holidays_2026,
    weekdays,
)

HOUR = 3600


def hours_between(calendar: Calendar, start: datetime, end: datetime) -> float:
    return working_seconds(calendar, start, end).seconds / HOUR


def test_it_works() -> None:
    assert working_seconds(OFFICE, beijing(9, 21, 9), beijing(9, 21, 11)).seconds == 2 * HOUR


def test_a_lunch_break_does_not_count() -> None:
    """PC 1."""
    assert hours_between(SPLIT, beijing(9, 21, 8), beijing(9, 21, 18)) == 8
    assert hours_between(SPLIT, beijing(9, 21, 11), beijing(9, 21, 15)) == 2
    assert after_working_seconds(SPLIT, beijing(9, 21, 11, 30), HOUR).at == beijing(9, 21, 14, 30)


def test_a_half_day_holiday_counts_its_own_hours_only() -> None:
    """PC 1."""
    half = DayRule(DayKind.CUSTOM, "除夕", intervals=((8 * 60, 12 * 60),))
    calendar = Calendar("half", "Asia/Shanghai", weekdays(NINE_TO_SIX), {date(2026, 9, 21): half})
    assert hours_between(calendar, beijing(9, 21), beijing(9, 22)) == 4
    whys = [stretch.why for stretch in working_stretches(calendar, beijing(9, 21), beijing(9, 22))]
    assert [why.code for why in whys] == ["outside_special_hours", "special_hours", "outside_special_hours"]
    assert whys[1].params == {"label": "除夕"}


@pytest.mark.parametrize(("month", "day"), MOVED_WORKDAYS_2026)
def test_a_moved_workday_is_worked_like_a_normal_weekday(month: int, day: int) -> None:
    """PC 2: the official moved workdays of 2026 all fall on a weekend."""
    assert date(2026, month, day).weekday() >= 5
    assert hours_between(OFFICE, beijing(month, day), beijing(month, day) + timedelta(days=1)) == 9
    assert hours_between(SPLIT, beijing(month, day), beijing(month, day) + timedelta(days=1)) == 8


def test_a_moved_workday_may_follow_a_named_weekday() -> None:
    """PC 2."""
    week = (NINE_TO_SIX, NINE_TO_SIX, NINE_TO_SIX, NINE_TO_SIX, ((540, 720),), (), ())
    calendar = Calendar("short Friday", "Asia/Shanghai", week, {date(2026, 9, 20): DayRule(DayKind.WORKDAY, like=4)})
    assert hours_between(calendar, beijing(9, 20), beijing(9, 21)) == 3


def test_a_public_holiday_does_not_count() -> None:
    """PC 2."""
    assert hours_between(OFFICE, beijing(10, 1), beijing(10, 8)) == 0
    assert after_working_seconds(OFFICE, beijing(9, 30, 17), 2 * HOUR).at == beijing(10, 8, 10)


def test_past_the_last_known_year_the_answer_says_so() -> None:
    """PC 2: counted by the plain week, and flagged."""
    assert not working_seconds(OFFICE, beijing(12, 31, 9), beijing(1, 1, year=2027)).beyond_known
    assert working_seconds(OFFICE, beijing(12, 31, 9), beijing(1, 1, 0, 1, year=2027)).beyond_known
    assert after_working_seconds(OFFICE, beijing(12, 31, 17), 2 * HOUR).beyond_known
    assert not after_working_seconds(OFFICE, beijing(12, 31, 17), HOUR).beyond_known
    assert end_of_nth_working_day(OFFICE, beijing(12, 31, 9), 1).beyond_known
    assert is_beyond_known(OFFICE, beijing(1, 1, year=2027))
    assert not is_beyond_known(OFFICE, beijing(12, 31, 23, 59))
    assert [one.assumed for one in working_stretches(OFFICE, beijing(12, 31, 17), beijing(1, 1, 10, year=2027))] == [
        False,
        False,
        True,
        True,
    ]


def test_without_a_yearly_table_nothing_is_beyond_known() -> None:
    """PC 2."""
    far = datetime(2099, 1, 1, tzinfo=UTC)
    assert not is_beyond_known(ALWAYS, far)
    assert not is_beyond_known(Calendar("plain", "UTC", weekdays(NINE_TO_SIX)), far)


def test_the_nth_working_day_is_neither_24_nor_8_hours() -> None:
    """PC 3: the day of the start is not counted, the last day ends with its working hours."""
    monday_morning, monday_night = beijing(9, 21, 9, 30), beijing(9, 21, 23)
    assert end_of_nth_working_day(OFFICE, monday_morning, 1).at == beijing(9, 22, 18)
    assert end_of_nth_working_day(OFFICE, monday_night, 1).at == beijing(9, 22, 18)
    assert end_of_nth_working_day(OFFICE, monday_morning, 5).at == beijing(9, 28, 18)


def test_working_days_step_over_holidays_and_onto_moved_workdays() -> None:
    """PC 2, 3: after 30 Sep 2026 come 8, 9 and (moved) Saturday 10 Oct."""
    assert end_of_nth_working_day(OFFICE, beijing(9, 30, 10), 1).at == beijing(10, 8, 18)
    assert end_of_nth_working_day(OFFICE, beijing(9, 30, 10), 3).at == beijing(10, 10, 18)
    assert end_of_nth_working_day(OFFICE, beijing(9, 30, 10), 4).at == beijing(10, 12, 18)


def test_on_24x7_every_date_is_a_working_day_and_ends_at_midnight() -> None:
    """PC 3, 4."""
    assert end_of_nth_working_day(ALWAYS, beijing(10, 1, 10), 2).at == beijing(10, 4)
    assert end_of_same_day(ALWAYS, beijing(10, 1, 10)).at == beijing(10, 2)


def test_the_same_day_ends_with_its_working_hours() -> None:
    """PC 3."""
    assert end_of_same_day(OFFICE, beijing(9, 21, 7)).at == beijing(9, 21, 18)
    assert end_of_same_day(OFFICE, beijing(9, 21, 17, 59)).at == beijing(9, 21, 18)


def test_after_hours_or_on_a_day_off_the_next_working_day_is_the_same_day() -> None:
    """PC 3."""
    assert end_of_same_day(OFFICE, beijing(9, 21, 18)).at == beijing(9, 22, 18)
    assert end_of_same_day(OFFICE, beijing(10, 3, 12)).at == beijing(10, 8, 18)


def test_24x7_is_exact() -> None:
    """PC 4: 72 h are 72 h, and 30 days are not 30 s short."""
    start = beijing(9, 21, 8, 15)
    assert after_working_seconds(ALWAYS, start, 72 * HOUR).at == start + timedelta(hours=72)
    assert working_seconds(ALWAYS, start, start + timedelta(days=30)).seconds == 30 * 24 * HOUR
    full = Calendar("full week", "Asia/Shanghai", (((0, 1440),),) * 7)
    assert after_working_seconds(full, start, 72 * HOUR).at == start + timedelta(hours=72)
    assert len(working_stretches(full, start, start + timedelta(days=30))) == 1


def test_daylight_saving_takes_and_gives_an_hour() -> None:
    """PC 5: Berlin skips 02:00-03:00 on 29 Mar 2026 and repeats it on 25 Oct 2026."""
    berlin = ZoneInfo("Europe/Berlin")
    nights = Calendar("nights", "Europe/Berlin", (((0, 6 * 60),),) * 7)
    spring, autumn = datetime(2026, 3, 29, tzinfo=berlin), datetime(2026, 10, 25, tzinfo=berlin)
    assert hours_between(nights, spring, datetime(2026, 3, 30, tzinfo=berlin)) == 5
    assert hours_between(nights, autumn, datetime(2026, 10, 26, tzinfo=berlin)) == 7
    assert after_working_seconds(nights, spring, 3 * HOUR).at == datetime(2026, 3, 29, 2, tzinfo=UTC)


def test_intervals_are_half_open() -> None:
    """PC 5."""
    assert is_working(OFFICE, beijing(9, 21, 9))
    assert not is_working(OFFICE, beijing(9, 21, 8, 59))
    assert not is_working(OFFICE, beijing(9, 21, 18))


def test_a_span_used_up_at_closing_time_ends_at_closing_time() -> None:
    """PC 5."""
    assert after_working_seconds(OFFICE, beijing(9, 21, 9), 9 * HOUR).at == beijing(9, 21, 18)
    assert after_working_seconds(OFFICE, beijing(9, 21, 20), 0).at == beijing(9, 21, 20)


def test_the_derivation_names_every_stretch() -> None:
    """PC 12: "30 Sep 17:00 → 18:00 counted 1 h; 1–7 Oct National Day not counted"."""
    stretches = working_stretches(OFFICE, beijing(9, 30, 17), beijing(10, 8, 10))
    told = [(one.from_at, one.to_at, one.seconds, one.why.code, one.why.params.get("label")) for one in stretches]
    assert told == [
        (beijing(9, 30, 17), beijing(9, 30, 18), HOUR, "working_hours", None),
        (beijing(9, 30, 18), beijing(10, 1), 0, "outside_hours", None),
        (beijing(10, 1), beijing(10, 8), 0, "holiday", "国庆节"),
        (beijing(10, 8), beijing(10, 8, 9), 0, "outside_hours", None),
        (beijing(10, 8, 9), beijing(10, 8, 10), HOUR, "working_hours", None),
    ]


def test_every_reason_has_a_text() -> None:
    """PC 12."""
    codes = {one.why.code for one in working_stretches(OFFICE, beijing(1, 1), beijing(12, 31))}
    assert codes == {"working_hours", "outside_hours", "day_off", "holiday", "moved_workday"}
    assert all(
        WHY_TEXTS[code].format(label="x") for code in codes | {"always", "special_hours", "outside_special_hours"}
    )


def test_a_calendar_without_hours_is_refused() -> None:
    """PC 20."""
    with pytest.raises(CalendarError, match="Calendar empty has no working hours at all"):
        Calendar("empty", "Asia/Shanghai")
    with pytest.raises(CalendarError, match="no working hours"):
        Calendar("empty", "Asia/Shanghai", EMPTY_WEEK, {date(2026, 1, 1): DayRule(DayKind.HOLIDAY)})


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        (((1080, 540),), "18:00–09:00 is reversed"),
        (((540, 540),), "reversed, empty"),
        (((1320, 1500),), "leaves the day"),
        (((-60, 60),), "leaves the day"),
        (((540, 720), (660, 1080)), "11:00–18:00 overlaps"),
        (((840, 1080), (480, 720)), "out of order"),
    ],
)
def test_bad_intervals_are_refused(hours: tuple[tuple[int, int], ...], message: str) -> None:
    """PC 20."""
    with pytest.raises(CalendarError, match=message):
        Calendar("bad", "Asia/Shanghai", weekdays(hours))
    with pytest.raises(CalendarError, match=message):
        Calendar("bad", "UTC", weekdays(NINE_TO_SIX), {date(2026, 1, 1): DayRule(DayKind.CUSTOM, intervals=hours)})


@pytest.mark.parametrize("tz", ["", "Mars/Olympus", "../etc/passwd", "China Standard Time"])
def test_an_unknown_time_zone_is_refused(tz: str) -> None:
    """PC 20."""
    with pytest.raises(CalendarError, match="time zone"):
        Calendar("bad", tz, weekdays(NINE_TO_SIX))


def test_contradictory_rules_are_refused() -> None:
    """PC 20."""
    day = date(2026, 9, 20)
    with pytest.raises(CalendarError, match="7 days, not 5"):
        Calendar("short", "UTC", (NINE_TO_SIX,) * 5)
    with pytest.raises(CalendarError, match="24x7 and has hours"):
        Calendar("both", "UTC", weekdays(NINE_TO_SIX), always=True)
    with pytest.raises(CalendarError, match="weekday without hours"):
        Calendar("moved", "UTC", weekdays(NINE_TO_SIX), {day: DayRule(DayKind.WORKDAY, like=6)})
    with pytest.raises(CalendarError, match="7 is no weekday"):
        Calendar("moved", "UTC", weekdays(NINE_TO_SIX), {day: DayRule(DayKind.WORKDAY, like=7)})
    with pytest.raises(CalendarError, match="custom hours takes intervals"):
        Calendar("moved", "UTC", weekdays(NINE_TO_SIX), {day: DayRule(DayKind.HOLIDAY, intervals=NINE_TO_SIX)})


def test_naive_times_and_reversed_spans_are_refused() -> None:
    """PC 20."""
    naive, aware = datetime(2026, 9, 21, 9), beijing(9, 21, 9)  # noqa: DTZ001
    with pytest.raises(CalendarError, match="has no time zone"):
        working_seconds(OFFICE, naive, aware)
    with pytest.raises(CalendarError, match="has no time zone"):
        after_working_seconds(OFFICE, naive, 1)
    with pytest.raises(CalendarError, match="has no time zone"):
        is_working(OFFICE, naive)
    with pytest.raises(CalendarError, match="lies before the start"):
        working_seconds(OFFICE, aware, aware - timedelta(seconds=1))
    with pytest.raises(CalendarError, match="lies before the start"):
        working_stretches(OFFICE, aware, aware - timedelta(seconds=1))
    with pytest.raises(CalendarError, match="negative"):
        after_working_seconds(OFFICE, aware, -1)
    with pytest.raises(CalendarError, match="count from 1"):
        end_of_nth_working_day(OFFICE, aware, 0)
    with pytest.raises(CalendarError, match="1971 to 2199"):
        working_seconds(OFFICE, aware, datetime(2500, 1, 1, tzinfo=UTC))


def test_a_calendar_that_runs_dry_is_told_not_looped() -> None:
    """PC 20: only one date has hours."""
    calendar = Calendar("once", "UTC", EMPTY_WEEK, {date(2026, 9, 21): DayRule(DayKind.CUSTOM, intervals=((0, 60),))})
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert after_working_seconds(calendar, start, HOUR).at == datetime(2026, 9, 21, 1, tzinfo=UTC)
    for ask in (
        lambda: after_working_seconds(calendar, start, HOUR + 1),
        lambda: end_of_nth_working_day(calendar, start, 2),
        lambda: end_of_same_day(calendar, datetime(2027, 1, 1, tzinfo=UTC)),
        lambda: after_working_seconds_many(calendar, np.array([0]) + 1_800_000_000, np.array([1])),
        lambda: after_working_seconds(ALWAYS, start, 10**11),
        lambda: end_of_nth_working_day(ALWAYS, start, 10**9),
    ):
        with pytest.raises(CalendarError, match="does not offer that much working time"):
            ask()


def test_fractions_of_a_second_are_floored() -> None:
    start = beijing(9, 21, 9) + timedelta(microseconds=999_999)
    assert after_working_seconds(OFFICE, start, 60).at == beijing(9, 21, 9, 1)


def test_a_calendar_is_a_value() -> None:
    twin = Calendar("office", "Asia/Shanghai", weekdays(NINE_TO_SIX), holidays_2026(), known_until=date(2026, 12, 31))
    assert twin == OFFICE
    assert hash(twin) == hash(OFFICE)
    for copied in (copy.deepcopy(OFFICE), pickle.loads(pickle.dumps(OFFICE))):
        assert copied == OFFICE
        assert hours_between(copied, beijing(9, 21), beijing(9, 22)) == 9


def test_an_array_gives_the_same_as_one_by_one() -> None:
    starts = [beijing(9, 1) + timedelta(hours=7 * step) for step in range(200)]
    ends = [start + timedelta(hours=11 * (step % 40)) for step, start in enumerate(starts)]
    seconds = np.array([1800 * (step % 90) for step in range(200)], dtype=np.int64)
    starts_s = np.array([int(one.timestamp()) for one in starts], dtype=np.int64)
    ends_s = np.array([int(one.timestamp()) for one in ends], dtype=np.int64)
    for calendar in (OFFICE, SPLIT, ALWAYS):
        counted = [working_seconds(calendar, start, end).seconds for start, end in zip(starts, ends, strict=True)]
        assert working_seconds_many(calendar, starts_s, ends_s).tolist() == counted
        reached = [
            int(after_working_seconds(calendar, start, int(one)).at.timestamp())
            for start, one in zip(starts, seconds, strict=True)
        ]
        assert after_working_seconds_many(calendar, starts_s, seconds).tolist() == reached
    with pytest.raises(CalendarError, match="Row 1: the end lies before"):
        working_seconds_many(OFFICE, starts_s, starts_s - 1)
    with pytest.raises(CalendarError, match="Row 2: the span is negative"):
        after_working_seconds_many(OFFICE, starts_s[:2], np.array([0, -1]))
