"""Very many simple clocks are read as the one judge reads each of them."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.business_time import Calendar, Unit
from mainstay.domain.promise_clock import ClockEvent, ClockPolicy, EventKind, Promise, judge
from mainstay.domain.promise_clock.stopped import NEVER, SimpleClocks, judge_many, reached_many

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = 1_700_000_000
LENGTHS = st.integers(1, 20_000)


@given(minutes=st.integers(1, 300), before=LENGTHS, pause=st.none() | LENGTHS, after=LENGTHS)
def test_arithmetic_on_arrays_gives_the_verdict_of_the_judge(
    minutes: int, before: int, pause: int | None, after: int
) -> None:
    held = START + before
    resumed = held + (pause or 0)
    stop = resumed + after
    log = [ClockEvent(EventKind.START, at(START), 0), ClockEvent(EventKind.STOP, at(stop), 9)]
    if pause is not None:
        log += [ClockEvent(EventKind.PAUSE, at(held), 1, reason="x"), ClockEvent(EventKind.RESUME, at(resumed), 2)]
    promise = Promise(minutes, Unit.NATURAL_MINUTES, Calendar.always_open())
    verdict = judge(promise, ClockPolicy(), log, at(stop + 10**7))
    paused = (NEVER, NEVER) if pause is None else (held, resumed)
    clocks = SimpleClocks(*(np.array([s], np.int64) for s in (START, stop, *paused, minutes * 60)))
    many = judge_many(clocks)
    assert verdict.used_s == int(many.used_s[0])
    assert verdict.deadline_at == at(int(many.deadline_s[0]))
    assert verdict.breached_at == (None if many.breached_s[0] == NEVER else at(int(many.breached_s[0])))
    for percent, reached in verdict.rungs.items():
        assert reached is None or reached == at(int(reached_many(clocks, percent)[0]))


def at(second: int) -> datetime:
    return EPOCH + timedelta(seconds=second)
