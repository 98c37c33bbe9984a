"""What does the clock read at an instant? The verdict, recomputed from the log (PC 7-12, 20, 26)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mainstay.domain.business_time import Stretch
from mainstay.domain.promise_clock.facts import ClockEvent, ClockPolicy, Promise


class Phase(StrEnum):
    """What the clock does, kept or not."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class ClockState(StrEnum):
    """One word for a list: BREACHED wins over running, paused and stopped; MET is stopped in time."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Caution:
    """Something the reader must know, as a code of CAUTION_TEXTS and its parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Verdict:
    """What the clock reads at `at`. All instants UTC, all durations whole seconds.

    `promise_s`: the promise in counted seconds (working seconds for working days). `remaining_s` = promise_s - used_s, negative
    after a breach; before the start: as if it started at `at`. `deadline_at`: when used reaches the promise; None before the start,
    while paused (unless already past), and when cancelled. `projected_deadline_at`: the deadline if a pause ended at `at`.
    A clock stopped exactly at its deadline is met; one still unstopped at its deadline is breached from then on.
    `rungs`: per percentage the instant it is (or was) reached; None while paused or stopped short of it.
    `pause_ends_at`: when the open pause ends by itself, if it has a limit.
    """

    at: datetime
    state: ClockState
    phase: Phase
    promise: Promise
    promise_s: int
    used_s: int
    remaining_s: int
    started_at: datetime | None
    stopped_at: datetime | None
    paused_since: datetime | None
    pause_reason: str
    pause_ends_at: datetime | None
    deadline_at: datetime | None
    projected_deadline_at: datetime | None
    breached_at: datetime | None
    rungs: Mapping[int, datetime | None] = field(hash=False)
    cautions: tuple[Caution, ...]

    @property
    def derivation(self) -> tuple[Stretch, ...]:
        """Give every stretch from the first start to the reading (or the stop), counted or not, and why (PC 12)."""
        raise NotImplementedError


def judge(promise: Promise, policy: ClockPolicy, events: Iterable[ClockEvent], at: datetime) -> Verdict:
    """Read the clock at an instant from its whole log; events that take effect after `at` are not yet known to it.

    Raises ClockError for a naive instant, an unknown or impossible sequence (resume without pause, stop before start …).
    """
    raise NotImplementedError
