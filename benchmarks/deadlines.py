"""How fast are deadlines? Against businesstimedelta on what it can, and against the loop over days on all of it.

Common subset: two working intervals a day, weekends, public holidays; no moved workdays, no pauses (businesstimedelta
knows neither). The day loop below does what most hand-written code does: it walks from date to date, honours holidays
and moved workdays, and takes pauses out. Answers are compared before anything is timed.
"""

import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import Any

import numpy as np

from benchmarks.servers import compared_with
from benchmarks.table import Row, median_of, rates, timed
from mainstay.domain.business_time import (
    Calendar,
    DayKind,
    DayRule,
    Unit,
    after_working_seconds,
    after_working_seconds_many,
)
from mainstay.domain.business_time.counting import from_instant, to_instant
from mainstay.domain.promise_clock import ClockEvent, ClockPolicy, EventKind, Promise, judge
from mainstay.domain.promise_clock.many import ClockBook

ZONE = timezone(timedelta(hours=8))
HOURS = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
WEEK = (HOURS, HOURS, HOURS, HOURS, HOURS, (), ())
HOLIDAYS = [date(2026, 10, n) for n in range(1, 8)] + [date(2026, 5, n) for n in range(1, 6)] + [date(2027, 1, 1)]
MOVED = [date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]
PLAIN = Calendar("plain", "Asia/Shanghai", WEEK, {day: DayRule(DayKind.HOLIDAY, "") for day in HOLIDAYS})
WORKED = {day: DayRule(DayKind.WORKDAY, "") for day in MOVED}
FULL = Calendar("full", "Asia/Shanghai", WEEK, {**PLAIN.days, **WORKED})
MANY, SOME, FEW = 1_000_000, 20_000, 400
CLOCKS = 100_000

Pause = tuple[datetime, datetime]


def rows() -> list[Row]:
    """Measure all of it."""
    dice = Random(1)
    return [_against_businesstimedelta(dice), _against_day_loop(dice), _clocks_at_once(dice)]


def _starts(dice: Random, count: int) -> list[datetime]:
    first = int(datetime(2026, 1, 2, tzinfo=UTC).timestamp())
    return [from_instant(first + dice.randrange(300 * 86400)) for _ in range(count)]


def _against_businesstimedelta(dice: Random) -> Row:
    rules, delta = _their_rules()
    starts, spans = _starts(dice, FEW), [dice.randrange(600, 5 * 8 * 3600) for _ in range(FEW)]
    theirs = [at + delta(rules, seconds=span) for at, span in zip(starts, spans, strict=True)]
    ours = after_working_seconds_many(PLAIN, *_arrays(starts, spans))
    differ = [at for at, mine, other in zip(starts, ours, theirs, strict=True) if to_instant(other) != mine]
    assert not differ, f"{len(differ)} deadlines differ, the first from {differ[0]}"
    their_rate, _ = rates(FEW, lambda: [a + delta(rules, seconds=s) for a, s in zip(starts, spans, strict=True)])
    repeat = MANY // FEW
    at_s, span_s = (np.tile(values, repeat) for values in _arrays(starts, spans))
    at_s = at_s + np.arange(len(at_s)) % 86400
    our_rate, runs = rates(len(at_s), lambda: after_working_seconds_many(PLAIN, at_s, span_s))
    limit, _ = rates(len(at_s), lambda: np.take(at_s, span_s % len(at_s)))
    ratio = our_rate / their_rate
    return Row(
        "deadlines, vectorised: lunch breaks, weekends, holidays", our_rate, "deadlines/s", "≥ 200 ×", ratio >= 200,
        runs, their_rate, "businesstimedelta", ratio, limit, "one numpy gather",
    )  # fmt: skip


def _their_rules() -> tuple[Any, Any]:
    sys.path += map(str, compared_with().glob("lib/python*/site-packages"))
    import businesstimedelta
    import holidays
    import pytz

    zone = pytz.timezone("Asia/Shanghai")
    days = [0, 1, 2, 3, 4]
    free = holidays.HolidayBase()
    for day in HOLIDAYS:
        free[day] = "holiday"
    halves = [
        businesstimedelta.WorkDayRule(start_time=time(a), end_time=time(b), working_days=days, tz=zone)
        for a, b in ((8, 12), (14, 18))
    ]
    return businesstimedelta.Rules([*halves, businesstimedelta.HolidayRule(free)]), businesstimedelta.BusinessTimeDelta


def _arrays(starts: list[datetime], spans: list[int]) -> tuple[Any, Any]:
    return np.array([to_instant(at) for at in starts], np.int64), np.array(spans, np.int64)


def _against_day_loop(dice: Random) -> Row:
    starts, spans = _starts(dice, SOME), [dice.randrange(600, 5 * 8 * 3600) for _ in range(SOME)]
    for at, span in zip(starts[:2000], spans, strict=False):
        assert by_day_loop(at, span) == after_working_seconds(FULL, at, span).at, f"from {at}, {span} s"
    pairs = list(zip(starts, spans, strict=True))
    theirs, _ = rates(SOME, lambda: [by_day_loop(at, span) for at, span in pairs])
    ours, runs = rates(SOME, lambda: [after_working_seconds(FULL, at, span) for at, span in pairs])
    ratio = ours / theirs
    return Row(
        "deadlines, one by one: lunch breaks, holidays, moved workdays", ours, "deadlines/s", "≥ 3 ×", ratio >= 3,
        runs, theirs, "a loop over days", ratio,
    )  # fmt: skip


def by_day_loop(at: datetime, seconds: int) -> datetime:
    """Walk from date to date until the working seconds are used up."""
    local = at.astimezone(ZONE)
    day = local.date()
    while True:
        works = day in _MOVED or (day.weekday() < 5 and day not in _HOLIDAYS)
        for opens, closes in HOURS if works else ():
            midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
            begin = max(local, midnight + timedelta(minutes=opens))
            end = midnight + timedelta(minutes=closes)
            if begin < end:
                free = int((end - begin).total_seconds())
                if free >= seconds:
                    return (begin + timedelta(seconds=seconds)).astimezone(UTC)
                seconds -= free
        day += timedelta(days=1)


_HOLIDAYS, _MOVED = frozenset(HOLIDAYS), frozenset(MOVED)


def _clocks_at_once(dice: Random) -> Row:
    """Read 100,000 open clocks with pauses at one instant; beside it `judge`, one by one, over the same logs."""
    promise = Promise(480, Unit.WORKING_MINUTES, FULL)
    logs = [(promise, ClockPolicy(), _log(at, dice)) for at in _starts(dice, CLOCKS)]
    book, at = ClockBook.of_logs(logs), datetime(2026, 12, 1, tzinfo=UTC)
    at_s = to_instant(at)
    some = logs[:2000]
    readings = book.read(at_s, promise_rungs := ClockPolicy().rungs)
    for row, log in enumerate(some):
        alone = judge(*log, at)
        assert readings.used_s[row] == alone.used_s
        assert readings.deadline_s[row] == (to_instant(alone.deadline_at) if alone.deadline_at else 2**63 - 1)
    theirs, _ = rates(len(some), lambda: [judge(*log, at) for log in some])
    ours, runs = median_of(lambda: CLOCKS / timed(lambda: book.read(at_s, promise_rungs)))
    ratio = ours / theirs
    return Row(
        "open clocks read at once, with pauses and four rungs each", ours, "clocks/s", "≥ 10 ×", ratio >= 10, runs,
        theirs, "our own `judge`, one by one", ratio,
    )  # fmt: skip


def _log(at: datetime, dice: Random) -> list[ClockEvent]:
    log = [ClockEvent(EventKind.START, at)]
    for number in range(dice.randrange(3)):
        at += timedelta(minutes=dice.randrange(1, 600))
        log.append(ClockEvent(EventKind.PAUSE, at, 2 * number + 1, reason="access_denied"))
        at += timedelta(minutes=dice.randrange(1, 600))
        log.append(ClockEvent(EventKind.RESUME, at, 2 * number + 2))
    return log


if __name__ == "__main__":
    for found in rows():
        print(found)
