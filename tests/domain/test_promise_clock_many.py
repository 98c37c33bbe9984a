"""Many clocks read at once read what each reads alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.business_time import Unit
from mainstay.domain.business_time.counting import to_instant
from mainstay.domain.promise_clock import ClockError, ClockEvent, ClockPolicy, EventKind, Promise, judge
from mainstay.domain.promise_clock.many import NEVER, ClockBook
from tests.domain.clock_cast import ALWAYS, OFFICE, SPLIT
from tests.domain.test_promise_clock_properties import BEGIN, Story, promises, stories

RUNGS = (50, 75, 100, 150)

every_promise = st.one_of(
    promises,
    st.builds(Promise, st.integers(1, 4), st.just(Unit.WORKING_DAYS), st.sampled_from([OFFICE, SPLIT, ALWAYS])),
    st.builds(Promise, st.just(1), st.just(Unit.SAME_DAY), st.sampled_from([OFFICE, SPLIT, ALWAYS])),
)


def seconds(at: object) -> int:
    return NEVER if at is None else to_instant(at)  # type: ignore[arg-type]


def withdrawn(story: Story) -> Story:
    last = story.log[-1]
    return replace(story, log=[*story.log, ClockEvent(EventKind.CANCEL, last.at, last.sequence + 1)])


@given(st.lists(st.one_of(stories(units=every_promise), stories(units=every_promise).map(withdrawn)), max_size=6))
def test_many_at_once_read_as_each_alone(told: list[Story]) -> None:
    policies = [ClockPolicy(resolved_counts=story.counts, rungs=RUNGS) for story in told]
    at = max((story.end for story in told), default=BEGIN)
    logs = [(story.promise, policy, story.log) for story, policy in zip(told, policies, strict=True)]
    readings = ClockBook.of_logs(logs).read(to_instant(at), RUNGS)
    for row, (promise, policy, log) in enumerate(logs):
        alone = judge(promise, policy, log, at)
        assert readings.state(row) == alone.state
        assert readings.used_s[row] == alone.used_s
        assert readings.remaining_s[row] == alone.remaining_s
        assert readings.deadline_s[row] == seconds(alone.deadline_at)
        assert readings.breached_s[row] == seconds(alone.breached_at)
        assert list(readings.rungs[row]) == [seconds(alone.rungs[percent]) for percent in RUNGS]


def test_a_clock_that_has_not_started_reads_so() -> None:
    promise = Promise(60, Unit.WORKING_MINUTES, OFFICE)
    readings = ClockBook.of_logs([(promise, ClockPolicy(), [])]).read(to_instant(BEGIN))
    alone = judge(promise, ClockPolicy(), [], BEGIN)
    assert (readings.state(0), readings.deadline_s[0]) == (alone.state, NEVER)


def test_it_is_not_read_before_its_last_event() -> None:
    log = [ClockEvent(EventKind.START, BEGIN)]
    book = ClockBook.of_logs([(Promise(60, Unit.NATURAL_MINUTES, ALWAYS), ClockPolicy(), log)])
    with pytest.raises(ClockError, match="Clock 1 has events after"):
        book.read(to_instant(BEGIN - timedelta(minutes=1)))


def test_no_clocks_read_nothing() -> None:
    readings = ClockBook.of_logs([]).read(to_instant(BEGIN), RUNGS)
    assert readings.rungs.shape == (0, 4)
