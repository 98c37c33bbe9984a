"""Promise clocks against a slow, obvious reference that walks through every minute with three switches."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.business_time import Unit, is_working
from mainstay.domain.promise_clock import ClockEvent, ClockPolicy, ClockState, EventKind, Promise, judge
from mainstay.domain.promise_clock.judging import is_missed
from tests.domain.clock_cast import ALWAYS, OFFICE, SPLIT, beijing

MINUTE = timedelta(minutes=1)
BEGIN = beijing(9, 29, 15)
# Two days before the holidays of National Day; the reading may lie after them.
KINDS = ("pause", "limited_pause", "resume", "stop", "start", "resolve", "reopen", "change")

promises = st.one_of(
    st.builds(Promise, st.integers(1, 900), st.just(Unit.WORKING_MINUTES), st.sampled_from([OFFICE, SPLIT])),
    st.builds(Promise, st.integers(1, 1500), st.just(Unit.NATURAL_MINUTES), st.just(ALWAYS)),
)


@dataclass
class Story:
    promise: Promise
    counts: bool
    log: list[ClockEvent]
    end: datetime


@st.composite
def stories(draw: st.DrawFn, *, units: st.SearchStrategy[Promise] = promises) -> Story:
    """Draw a log in which every step is possible after the one before."""
    at, log = BEGIN, [ClockEvent(EventKind.START, BEGIN)]
    state, pause_ends = "running", None
    for sequence in range(1, draw(st.integers(1, 12))):
        at += MINUTE * draw(st.integers(0, 400))
        if state == "paused" and pause_ends is not None and pause_ends <= at:
            state, pause_ends = "running", None
        possible = {
            "running": ("pause", "limited_pause", "stop", "resolve", "change"),
            "paused": ("resume", "resolve", "change"),
            "stopped": ("start", "reopen", "change"),
        }[state]
        step = draw(st.sampled_from(possible))
        kind = {"limited_pause": "pause", "change": "promise_changed"}.get(step, step)
        event = ClockEvent(EventKind(kind), at, sequence)
        if step == "change":
            event = replace(event, promise=draw(units))
        elif kind == "pause":
            limit = draw(st.integers(1, 300)) if step == "limited_pause" else None
            event = replace(event, reason="access_denied", limit_s=None if limit is None else limit * 60)
            state, pause_ends = "paused", None if limit is None else at + MINUTE * limit
        else:
            state = "stopped" if kind in ("stop", "resolve") else "running"
            pause_ends = None
        log.append(event)
    return Story(draw(units), draw(st.booleans()), log, at + MINUTE * draw(st.integers(0, 2000)))


def is_counted(promise: Promise, at: datetime) -> bool:
    return promise.unit == Unit.NATURAL_MINUTES or is_working(promise.calendar, at)


class Walk:
    """The slow, obvious reference: minute by minute, which minutes were used and which would be if reopened."""

    def __init__(self, story: Story) -> None:
        self.promise, self.used, self.since_stop = story.promise, [], []
        self.running, self.paused = False, False
        self.paused_until: datetime | None = None
        events = {}
        for event in story.log:
            events.setdefault(event.at, []).append(event)
        at = BEGIN
        while True:
            if self.paused_until == at:
                self.paused, self.paused_until = False, None
            for event in events.get(at, []):
                self.take(event, story.counts)
            if at == story.end:
                return
            if is_counted(self.promise, at) and not self.paused:
                (self.used if self.running else self.since_stop).append(at)
            at += MINUTE

    def take(self, event: ClockEvent, counts: bool) -> None:
        if event.kind == EventKind.PROMISE_CHANGED:
            assert event.promise is not None
            self.promise = event.promise
        elif event.kind in (EventKind.PAUSE, EventKind.RESUME):
            self.paused = event.kind == EventKind.PAUSE
            self.paused_until = event.at + timedelta(seconds=event.limit_s) if event.limit_s else None
        elif event.kind in (EventKind.STOP, EventKind.RESOLVE):
            self.running, self.paused, self.paused_until, self.since_stop = False, False, None, []
        else:
            if event.kind == EventKind.REOPEN and counts:
                self.used += self.since_stop
            self.running = True


@given(stories())
@settings(max_examples=120)
def test_the_verdict_is_that_of_a_walk_through_the_minutes(story: Story) -> None:
    walk = Walk(story)
    verdict = judge(story.promise, ClockPolicy(resolved_counts=story.counts), story.log, story.end)
    assert verdict.promise == walk.promise
    assert verdict.used_s == len(walk.used) * 60
    assert verdict.remaining_s == walk.promise.amount * 60 - verdict.used_s
    amount = walk.promise.amount
    due = walk.used[amount - 1] + MINUTE if len(walk.used) >= amount else None
    late = due is not None and (walk.running or verdict.stopped_at is None or verdict.stopped_at > due)
    assert verdict.breached_at == (due if late else None)
    for percent, reached_at in verdict.rungs.items():
        needed = -(-amount * 60 * percent // 100)
        if needed <= verdict.used_s:
            minute = walk.used[(needed - 1) // 60]
            assert reached_at == minute + timedelta(seconds=(needed - 1) % 60 + 1)
        else:
            assert (reached_at is None) == (walk.paused or not walk.running)


@given(stories(), st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_time_of_recording_matters(story: Story, dice: Random) -> None:
    policy = ClockPolicy(resolved_counts=story.counts)
    expected = judge(story.promise, policy, story.log, story.end)
    mixed = [replace(event, recorded_at=story.end - MINUTE * place) for place, event in enumerate(story.log)]
    dice.shuffle(mixed)
    verdict = judge(story.promise, policy, mixed, story.end)
    assert verdict == expected
    assert verdict.derivation == expected.derivation


any_promise = st.one_of(
    promises,
    st.builds(Promise, st.integers(1, 5), st.just(Unit.WORKING_DAYS), st.sampled_from([OFFICE, SPLIT, ALWAYS])),
    st.builds(Promise, st.just(1), st.just(Unit.SAME_DAY), st.sampled_from([OFFICE, SPLIT, ALWAYS])),
)


@given(stories(units=any_promise))
def test_the_derivation_has_no_gaps_and_adds_up(story: Story) -> None:
    verdict = judge(story.promise, ClockPolicy(resolved_counts=story.counts), story.log, story.end)
    derivation = verdict.derivation
    assert sum(one.seconds for one in derivation) == verdict.used_s
    edges = [BEGIN, *(one.to_at for one in derivation)]
    assert [one.from_at for one in derivation] == edges[:-1]
    assert edges[-1] == (verdict.stopped_at or story.end)


@given(stories(units=any_promise), st.integers(0, 3000))
def test_a_deadline_once_told_stands_as_long_as_nothing_happens(story: Story, later: int) -> None:
    policy = ClockPolicy(resolved_counts=story.counts)
    first = judge(story.promise, policy, story.log, story.end)
    second = judge(story.promise, policy, story.log, story.end + MINUTE * later)
    if first.deadline_at is not None:
        assert second.deadline_at == first.deadline_at
    told = {percent: reached_at for percent, reached_at in first.rungs.items() if reached_at is not None}
    assert second.rungs == {**second.rungs, **told}
    if first.state == ClockState.BREACHED:
        assert second.breached_at == first.breached_at
    if first.state == ClockState.RUNNING and first.deadline_at and second.at >= first.deadline_at:
        assert (second.state, second.breached_at) == (ClockState.BREACHED, first.deadline_at)


@given(stories(units=any_promise), any_promise)
def test_a_change_of_promise_keeps_used_time_and_phase(story: Story, new: Promise) -> None:
    policy = ClockPolicy(resolved_counts=story.counts)
    before = judge(story.promise, policy, story.log, story.end)
    changed = ClockEvent(EventKind.PROMISE_CHANGED, story.end, 1000, promise=new)
    after = judge(story.promise, policy, [*story.log, changed], story.end)
    assert (after.used_s, after.phase, after.paused_since) == (before.used_s, before.phase, before.paused_since)
    assert after.remaining_s == after.promise_s - after.used_s
    assert after.promise == new


@given(stories())
@settings(max_examples=120)
def test_whether_it_is_missed_is_what_the_verdict_says_of_it(story: Story) -> None:
    policy = ClockPolicy(resolved_counts=story.counts)
    verdict = judge(story.promise, policy, story.log, story.end)
    assert is_missed(story.promise, policy, story.log, story.end) == (verdict.breached_at is not None)
