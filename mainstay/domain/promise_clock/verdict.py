"""What is the reading of a clock made of? The verdict and its derivation, as values (PC 9, 10, 12)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mainstay.domain.business_time import Stretch, Why, working_stretches
from mainstay.domain.business_time.counting import from_instant
from mainstay.domain.promise_clock.facts import Promise
from mainstay.domain.promise_clock.reckoning import Caution, counting_calendar
from mainstay.domain.promise_clock.replay import Span


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
class Verdict:
    """What the clock reads at `at`. All instants UTC, all durations whole seconds.

    `promise`: the one in force. `promise_s`: that promise in counted seconds (before the start: as if it started at
    `at`). `remaining_s` = promise_s - used_s, negative after a breach. `deadline_at`: when the used time reaches the
    promise; for a stopped clock the deadline it had; None before the start, when withdrawn, and while paused unless
    it is past. `projected_deadline_at`: running or paused, the deadline if the pause ended at `at`. `pause_ends_at`:
    when the open pause ends by itself, if it has a limit: read the clock again then. A clock stopped at its deadline
    is met; one not yet stopped at its deadline is breached, from the deadline on. `rungs`: per percentage of the
    promise the instant it was or will be reached; None before the start, when withdrawn, and for those not yet
    reached while paused or stopped. `missed_rounds`: of a promise kept again and again (`judge_rounds`), how often it
    was missed; 0 for others.
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
    spans: tuple[Span, ...] = field(repr=False, compare=False)
    missed_rounds: int = 0

    @property
    def derivation(self) -> tuple[Stretch, ...]:
        """Give every stretch from the first start to the reading (or the stop), counted or not, and why (PC 12).

        The seconds of the counted ones add up to `used_s`. Computed on each call.
        """
        stretches: list[Stretch] = []
        for span in self.spans:
            for stretch in _stretches(span):
                if stretches and _same_reason(stretches[-1], stretch):
                    stretches[-1] = _joined(stretches[-1], stretch)
                else:
                    stretches.append(stretch)
        return tuple(stretches)


def _stretches(span: Span) -> tuple[Stretch, ...]:
    from_at, to_at = from_instant(span.from_s), from_instant(span.to_s)
    if span.counted:
        return working_stretches(counting_calendar(span.promise), from_at, to_at)
    if span.cancelled:
        why = Why("cancelled")
    elif span.stopped:
        why = Why(span.stopped)
    else:
        why = Why("paused", {"reason": span.pause})
    return (Stretch(from_at, to_at, False, 0, why),)


def _same_reason(one: Stretch, other: Stretch) -> bool:
    return (one.counted, one.why, one.assumed) == (other.counted, other.why, other.assumed)


def _joined(one: Stretch, other: Stretch) -> Stretch:
    return Stretch(one.from_at, other.to_at, one.counted, one.seconds + other.seconds, one.why, one.assumed)
