"""What do very many clocks read that have stopped? The verdicts of `judge`, by arithmetic on arrays (PC 3, 7, 9).

Simple is: natural minutes, started once, stopped for good by the clearing or the resolution, at most one pause before
that. Everything else is for `judge`. Instants are whole seconds since 1970 UTC.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
NEVER = -1
"""Stands for "no instant"."""


@dataclass(frozen=True)
class SimpleClocks:
    """One entry per clock; `paused_s` and `resumed_s` are NEVER for a clock that was not paused."""

    started_s: Seconds
    stopped_s: Seconds
    paused_s: Seconds
    resumed_s: Seconds
    promise_s: Seconds


@dataclass(frozen=True)
class ManyVerdicts:
    """Verdicts by array: used seconds, the deadline (where it would be, if kept), NEVER or when it was missed."""

    used_s: Seconds
    deadline_s: Seconds
    breached_s: Seconds


def judge_many(clocks: SimpleClocks) -> ManyVerdicts:
    """Read the clocks at any instant after they stopped."""
    paused = clocks.paused_s != NEVER
    first_end = np.where(paused, clocks.paused_s, clocks.stopped_s)
    second_from = np.where(paused, clocks.resumed_s, clocks.stopped_s)
    first = first_end - clocks.started_s
    used = first + clocks.stopped_s - second_from
    deadline = reached_many(clocks, 100)
    breached = np.where((used >= clocks.promise_s) & (clocks.stopped_s > deadline), deadline, NEVER)
    return ManyVerdicts(used, deadline, breached)


def reached_many(clocks: SimpleClocks, percent: int) -> Seconds:
    """Return when that share of the promise was used, or would have been had the clock gone on from its stop."""
    paused = clocks.paused_s != NEVER
    first = np.where(paused, clocks.paused_s, clocks.stopped_s) - clocks.started_s
    second_from = np.where(paused, clocks.resumed_s, clocks.stopped_s)
    target = -(-clocks.promise_s * percent // 100)
    return np.where(target <= first, clocks.started_s + target, second_from + target - first)
