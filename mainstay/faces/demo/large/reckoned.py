"""What do the clocks of very many cases read? By arithmetic where they are simple, else by the one judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from mainstay.domain.business_time import Calendar, Unit
from mainstay.domain.promise_clock import ClockEvent, ClockPolicy, EventKind, Promise, judge
from mainstay.domain.promise_clock.stopped import NEVER, Seconds, SimpleClocks, judge_many, reached_many
from mainstay.faces.demo.large.promises import Kept

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NATURAL = Unit.NATURAL_MINUTES.value


@dataclass(frozen=True)
class Read:
    """What one clock reads once it has stopped, and which rungs it passed before: (percent, instant)."""

    used_s: int
    total_s: int
    deadline_s: int
    breached_s: int
    rungs: tuple[tuple[int, int], ...]


def read_clocks(
    clocks: SimpleClocks, promises: Sequence[Kept], rungs: Sequence[int], calendars: dict[str, Calendar]
) -> list[Read]:
    """Read clocks that have stopped (`promise_s` as in `promises`, for natural minutes)."""
    many = judge_many(clocks)
    reached = [reached_many(clocks, percent).tolist() for percent in rungs]
    stopped = clocks.stopped_s.tolist()
    rows = zip(
        many.used_s.tolist(), clocks.promise_s.tolist(), many.deadline_s.tolist(), many.breached_s.tolist(),
        strict=True,
    )  # fmt: skip
    found = []
    for at, row in enumerate(rows):
        if promises[at].unit != NATURAL:
            found.append(_judged(at, clocks, promises[at], rungs, calendars))
            continue
        passed = tuple((p, r[at]) for p, r in zip(rungs, reached, strict=True) if r[at] < stopped[at])
        found.append(Read(*row, passed))
    return found


def _judged(at: int, clocks: SimpleClocks, kept: Kept, rungs: Sequence[int], calendars: dict[str, Calendar]) -> Read:
    """Put one clock to the judge."""
    started, stopped, paused, resumed = (
        int(part[at]) for part in (clocks.started_s, clocks.stopped_s, clocks.paused_s, clocks.resumed_s)
    )
    log = [ClockEvent(EventKind.START, _at(started), 0), ClockEvent(EventKind.STOP, _at(stopped), 9)]
    if paused != NEVER:
        log += [ClockEvent(EventKind.PAUSE, _at(paused), 1, reason="x"), ClockEvent(EventKind.RESUME, _at(resumed), 2)]
    promise = Promise(kept.amount, Unit(kept.unit), calendars[kept.calendar])
    verdict = judge(promise, ClockPolicy(rungs=tuple(rungs)), log, _at(stopped))
    reached = {percent: _second(instant) for percent, instant in verdict.rungs.items()}
    passed = tuple((percent, at_s) for percent, at_s in reached.items() if NEVER < at_s < stopped)
    return Read(verdict.used_s, verdict.promise_s, _second(verdict.deadline_at), _second(verdict.breached_at), passed)


def _at(second: int) -> datetime:
    return EPOCH + timedelta(seconds=second)


def _second(at: datetime | None) -> int:
    return NEVER if at is None else (at - EPOCH) // timedelta(seconds=1)


def seconds(values: Sequence[int]) -> Seconds:
    """Return instants as an array."""
    return np.array(values, np.int64)
