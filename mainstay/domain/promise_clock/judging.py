"""What does the clock read at an instant? The verdict, recomputed from the whole log (PC 7-12, 20, 26)."""

from collections.abc import Iterable
from datetime import datetime

from mainstay.domain.business_time.counting import from_instant
from mainstay.domain.promise_clock.facts import ClockEvent, ClockPolicy, Promise
from mainstay.domain.promise_clock.reckoning import Reckoning
from mainstay.domain.promise_clock.replay import Replay, clock_instant, replay
from mainstay.domain.promise_clock.verdict import ClockState, Phase, Verdict


def judge(promise: Promise, policy: ClockPolicy, events: Iterable[ClockEvent], at: datetime) -> Verdict:
    """Read the clock at an instant from its whole log; events that take effect after `at` are not yet known to it.

    `promise` is the one at the start; PROMISE_CHANGED events replace it. The order in which events are given never
    matters. Raises ClockError for a naive instant and for an unknown or impossible sequence (resume without pause,
    stop before start …); CalendarError when the calendar never offers the time promised.
    """
    at_s = clock_instant(at)
    clock = replay(promise, policy, events, at_s)
    phase = _phase(clock)
    reckoning = Reckoning(clock, _end_s(clock, at_s))
    running = phase in (Phase.RUNNING, Phase.STOPPED)
    deadline_s = None if phase == Phase.CANCELLED else reckoning.reached_or_projected(100, project=running)
    breached_s = _breached_s(phase, clock, reckoning)
    projected_s = None
    if phase in (Phase.RUNNING, Phase.PAUSED):
        projected_s = reckoning.reached_or_projected(100, project=True)
    rungs = {percent: _rung_s(reckoning, percent, phase) for percent in policy.rungs}
    return Verdict(
        at=from_instant(at_s),
        state=_state(phase, breached=breached_s is not None),
        phase=phase,
        promise=clock.promise,
        promise_s=reckoning.promise_s,
        used_s=reckoning.used_s,
        remaining_s=reckoning.promise_s - reckoning.used_s,
        started_at=_instant(clock.started_s),
        stopped_at=_instant(clock.stopped_s) if phase == Phase.STOPPED else None,
        paused_since=_instant(clock.paused_s) if phase == Phase.PAUSED else None,
        pause_reason=clock.pause if phase == Phase.PAUSED else "",
        pause_ends_at=_instant(clock.pause_ends_s) if phase == Phase.PAUSED else None,
        deadline_at=_instant(deadline_s),
        projected_deadline_at=_instant(projected_s),
        breached_at=_instant(breached_s),
        rungs={percent: _instant(rung_s) for percent, rung_s in rungs.items()},
        cautions=reckoning.cautions([deadline_s, projected_s, *rungs.values()]),
        spans=tuple(reckoning.spans),
    )


def is_missed(promise: Promise, policy: ClockPolicy, events: Iterable[ClockEvent], at: datetime) -> bool:
    """Say whether `judge` would find a breach, and nothing else of what it says."""
    at_s = clock_instant(at)
    clock = replay(promise, policy, events, at_s)
    return _breached_s(_phase(clock), clock, Reckoning(clock, _end_s(clock, at_s))) is not None


def _phase(clock: Replay) -> Phase:
    if clock.cancelled_s is not None:
        return Phase.CANCELLED
    if clock.started_s is None:
        return Phase.NOT_STARTED
    if clock.stopped_s is not None:
        return Phase.STOPPED
    return Phase.PAUSED if clock.pause else Phase.RUNNING


def _state(phase: Phase, *, breached: bool) -> ClockState:
    if breached:
        return ClockState.BREACHED
    return ClockState.MET if phase == Phase.STOPPED else ClockState(phase.value)


def _end_s(clock: Replay, at_s: int) -> int:
    """Return where the clock's counting history ends: at the reading, the final stop or the withdrawal."""
    return min(at for at in (at_s, clock.stopped_s, clock.cancelled_s) if at is not None)


def _breached_s(phase: Phase, clock: Replay, reckoning: Reckoning) -> int | None:
    if phase in (Phase.NOT_STARTED, Phase.CANCELLED):
        return None
    due_s = reckoning.reached_or_projected(100, project=False)
    if due_s is None or (clock.stopped_s is not None and clock.stopped_s <= due_s):
        return None
    return due_s


def _rung_s(reckoning: Reckoning, percent: int, phase: Phase) -> int | None:
    if phase == Phase.CANCELLED:
        return None
    return reckoning.reached_or_projected(percent, project=phase == Phase.RUNNING)


def _instant(at_s: int | None) -> datetime | None:
    return None if at_s is None else from_instant(at_s)
