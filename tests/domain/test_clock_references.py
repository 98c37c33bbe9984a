"""Rounds, starts, many instants and many stopped clocks at once, notices and quiet hours: walked through by minutes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mainstay.domain.business_time import (
    Calendar,
    DayKind,
    Unit,
    after_working_seconds_many,
    is_beyond_known,
    working_seconds_many,
    working_stretches,
)
from mainstay.domain.business_time.counting import from_instant, to_instant
from mainstay.domain.notice import latest_telling, notice_ends
from mainstay.domain.promise_clock import (
    ClockEvent,
    ClockPolicy,
    ClockState,
    ClockTolerance,
    EventKind,
    Promise,
    StartAt,
    StartFacts,
    choose_start,
    judge_rounds,
)
from mainstay.domain.promise_clock.stopped import NEVER, SimpleClocks, judge_many, reached_many
from mainstay.domain.quiet_hours import QuietWindow, quiet_until
from tests.domain.clock_cast import ALWAYS, OFFICE, SPLIT, beijing
from tests.domain.test_business_time_properties import MINUTE, cases, works

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
Case = tuple[Calendar, datetime, int]


@settings(max_examples=40)
@given(cases(), st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 700)), max_size=5))
def test_many_spans_at_once_are_those_counted_minute_by_minute(case: Case, spans: list[tuple[int, int]]) -> None:
    calendar, begin, _ = case
    starts = np.array([to_instant(begin) + 60 * offset for offset, _ in spans], np.int64)
    lengths = np.array([60 * length for _, length in spans], np.int64)
    walked = [begin + MINUTE * minute for minute in range(2300)]
    counted = [60 * sum(works(calendar, at) for at in walked[start : start + length]) for start, length in spans]
    assert working_seconds_many(calendar, starts, starts + lengths).tolist() == counted
    ends = after_working_seconds_many(calendar, starts, np.array(counted, np.int64)).tolist()
    for (start, length), end, seconds in zip(spans, ends, counted, strict=True):
        last = [at for at in walked[start : start + length] if works(calendar, at)]
        assert from_instant(end) == (last[-1] + MINUTE if last else begin + MINUTE * start)
        assert seconds == 60 * len(last)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)), st.integers(-(14 * 60), 14 * 60))  # noqa: DTZ001
def test_an_instant_is_its_seconds_since_1970_whatever_the_zone(wall: datetime, offset: int) -> None:
    at = wall.replace(tzinfo=UTC)
    days = (at.date() - date(1970, 1, 1)).days
    seconds = ((days * 24 + at.hour) * 60 + at.minute) * 60 + at.second
    zone = (at + timedelta(minutes=offset)).isoformat().replace("+00:00", "")
    sign, minutes = "+" if offset >= 0 else "-", abs(offset)
    told = datetime.fromisoformat(f"{zone}{sign}{minutes // 60:02d}:{minutes % 60:02d}")
    assert to_instant(told) == seconds
    assert from_instant(seconds) == at.replace(microsecond=0)


@settings(max_examples=40)
@given(cases(), st.integers(-3, 4))
def test_what_lies_past_the_last_known_day_is_said_to_be_assumed(case: Case, off: int) -> None:
    calendar, begin, length = case
    zone = ZoneInfo(calendar.tz)
    known = begin.astimezone(zone).date() + timedelta(days=off)
    limited = Calendar(calendar.name, calendar.tz, calendar.week, calendar.days, known_until=known)
    for minute in range(0, length, 37):
        at = begin + MINUTE * minute
        assert is_beyond_known(limited, at) == (at.astimezone(zone).date() > known)
        assert not is_beyond_known(calendar, at)
    for one in working_stretches(limited, begin, begin + MINUTE * length):
        assert one.assumed == (one.from_at.astimezone(zone).date() > known)
        assert one.assumed == ((one.to_at - SECOND).astimezone(zone).date() > known)


@settings(max_examples=40)
@given(cases())
def test_every_stretch_says_why_as_a_look_into_the_tables_does(case: Case) -> None:
    calendar, begin, length = case
    for one in working_stretches(calendar, begin, begin + MINUTE * length):
        wall = one.from_at.astimezone(ZoneInfo(calendar.tz)).date()
        rule = calendar.days.get(wall)
        if rule is None:
            week = calendar.week[wall.weekday()]
            expected = "working_hours" if one.counted else "outside_hours" if week else "day_off"
        elif rule.kind == DayKind.WORKDAY:
            expected = "moved_workday" if one.counted else "outside_hours"
        elif rule.kind == DayKind.HOLIDAY or not rule.intervals:
            expected = "holiday"
        else:
            expected = "special_hours" if one.counted else "outside_special_hours"
        assert one.why.code == expected
        assert one.why.params.get("label", "") in ("", rule.label if rule else "")


LENGTHS = st.lists(st.tuples(st.integers(1, 500), st.integers(0, 300)), max_size=5)


@given(LENGTHS, st.booleans(), st.integers(0, 2500), st.integers(1, 240))
def test_rounds_are_missed_as_often_as_a_minute_hand_ran_out(
    rounds: list[tuple[int, int]], closed: bool, read_after: int, minutes: int
) -> None:
    begin, logs, spans, clock = beijing(9, 21, 9), [], [], 0
    for number, (length, gap) in enumerate(rounds):
        log, ends = [ClockEvent(EventKind.START, begin + MINUTE * clock, 1)], clock + length
        if closed or number < len(rounds) - 1:
            log.append(ClockEvent(EventKind.STOP, begin + MINUTE * ends, 2))
            spans.append((clock, ends))
        else:
            spans.append((clock, 10**6))
        logs.append(log)
        clock = ends + gap
    promise = Promise(minutes, Unit.NATURAL_MINUTES, ALWAYS)
    missed = 0
    for starts, ends in spans:
        left = minutes
        for minute in range(starts, min(ends, read_after)):
            left -= 1
            stopped_now = minute + 1 == ends
            if left == 0 and not stopped_now:
                missed += 1
    found = judge_rounds(promise, ClockPolicy(), logs, begin + MINUTE * read_after)
    assert found.missed_rounds == missed
    if not [starts for starts, _ in spans if starts <= read_after]:
        assert found.state == ClockState.NOT_STARTED
    else:
        last = max(starts for starts, _ in spans if starts <= read_after)
        assert found.started_at == begin + MINUTE * last


OFFSETS = st.none() | st.integers(-40, 40)


@given(st.sampled_from(StartAt), OFFSETS, OFFSETS, OFFSETS, st.integers(0, 30), st.integers(0, 30))
def test_the_start_is_the_fact_the_policy_names_unless_it_is_missing_or_unbelievable(
    policy: StartAt, event: int | None, seen: int | None, told: int | None, ahead: int, behind: int
) -> None:
    received = beijing(9, 21, 9)
    at = [None if off is None else received + SECOND * off for off in (event, seen, told)]
    chosen = choose_start(policy, StartFacts(received, *at), ClockTolerance(ahead, behind))
    believed = {received + SECOND * off for off in range(-behind, ahead + 1)}
    wanted = at[["event", "detection", "report"].index(policy.value)]
    flags = [one.code for one in chosen.cautions]
    if wanted is None:
        assert (chosen.at, chosen.taken_from, flags) == (received, "receipt", ["start_unknown"])
    elif policy.value == "event" and wanted not in believed:
        assert (chosen.at, chosen.taken_from, flags) == (received, "receipt", ["source_clock_off"])
        assert received + SECOND * chosen.cautions[0].params["offset_s"] == wanted  # type: ignore[operator]
    else:
        assert (chosen.at, chosen.taken_from, flags) == (wanted, policy.value, [])


SIMPLE = st.tuples(st.integers(0, 40), st.none() | st.integers(0, 40), st.integers(0, 60), st.integers(1, 80))


@given(st.lists(SIMPLE, min_size=1, max_size=6), st.integers(1, 200))
def test_many_stopped_clocks_read_what_a_second_hand_counted(
    drawn: list[tuple[int, int | None, int, int]], percent: int
) -> None:
    start, rows, wanted = 1_700_000_000, [], []
    for before, pause, after, promise in drawn:
        held = start + before
        resumed = held + (pause or 0)
        stop = resumed + after
        rows.append((start, stop, NEVER if pause is None else held, NEVER if pause is None else resumed, promise))
        ticking = (second for second in range(start, stop + 1000) if not held <= second < resumed)
        ran = [second + 1 for second in ticking]
        target = next(n for n in range(1, 1000) if n * 100 >= promise * percent)
        used = sum(second <= stop for second in ran)
        due = ran[promise - 1]
        wanted.append((used, due, due if stop > due else NEVER, ran[target - 1]))
    clocks = SimpleClocks(*(np.array(column, np.int64) for column in zip(*rows, strict=True)))
    found, reached = judge_many(clocks), reached_many(clocks, percent)
    told = zip(
        found.used_s.tolist(), found.deadline_s.tolist(), found.breached_s.tolist(), reached.tolist(), strict=True
    )
    assert list(told) == wanted


@settings(max_examples=40)
@given(st.integers(0, 40 * 1440), st.sampled_from([OFFICE, SPLIT]), st.integers(0, 900), st.integers(0, 3))
def test_a_notice_ends_where_a_walk_through_the_minutes_ends(
    offset: int, calendar: Calendar, minutes: int, days: int
) -> None:
    told = beijing(9, 1) + MINUTE * offset
    left, at = minutes, told
    while left:
        left -= works(calendar, at)
        at += MINUTE
    assert notice_ends(calendar, "working_minutes", Decimal(minutes), told) == at
    assert notice_ends(calendar, "natural_minutes", Decimal(minutes), told) == told + MINUTE * minutes
    zone = ZoneInfo(calendar.tz)
    first, ends, at = told.astimezone(zone).date(), dict[date, datetime](), told
    while len(ends) <= days:
        if works(calendar, at) and at.astimezone(zone).date() > first:
            ends[at.astimezone(zone).date()] = at + MINUTE
        at += MINUTE
    assert notice_ends(calendar, "working_days", Decimal(days), told) == ([told, *ends.values()][days])


@settings(max_examples=30)
@given(st.integers(0, 20 * 1440), st.integers(0, 300))
def test_the_latest_telling_is_found_by_going_back_second_by_second(offset: int, seconds: int) -> None:
    begin = beijing(9, 21) + MINUTE * offset
    amount = Decimal(seconds) / 60
    latest = latest_telling(OFFICE, "working_minutes", amount, begin)
    assume(begin - latest <= timedelta(hours=1))
    at = begin
    while notice_ends(OFFICE, "working_minutes", amount, at) > begin:
        at -= SECOND
    assert latest == at


WINDOWS = st.lists(st.builds(QuietWindow, st.integers(0, 1439), st.integers(0, 1439)), max_size=3)


@settings(max_examples=25)
@given(WINDOWS, st.integers(0, 3 * 1440), st.integers(0, 59))
def test_quiet_hours_end_at_the_first_minute_no_window_holds(
    windows: list[QuietWindow], offset: int, second: int
) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    begin = beijing(9, 21) + MINUTE * offset

    def quiet(at: datetime) -> bool:
        wall = at.astimezone(zone)
        hands = wall.hour * 60 + wall.minute
        for window in windows:
            minute = window.from_minute
            for _ in range(1440):
                if minute == hands:
                    return True
                minute = 0 if minute == 1439 else minute + 1
                if minute == window.to_minute:
                    break
        return False

    by_minute = {begin + MINUTE * n: n for n in range(1440)}
    held = [quiet(at) for at in by_minute]
    at = begin + SECOND * second
    found = quiet_until(windows, at, zone)
    if all(held):
        assert found == at + timedelta(days=7)
    elif not held[0]:
        assert found is None
    else:
        assert found == begin + MINUTE * held.index(False)


def test_a_naive_instant_is_no_instant() -> None:
    with pytest.raises(Exception, match="no time zone"):
        to_instant(datetime(2026, 9, 21))  # noqa: DTZ001
