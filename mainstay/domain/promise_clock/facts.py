"""What is a clock judged by? The promise, the frozen policy and the event log, as values (PC 3, 6-8, 10, 11, 24)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mainstay.domain.business_time import Calendar, Unit
from mainstay.domain.errors import MainstayError


class ClockError(MainstayError):
    """A promise, a policy or an event log that cannot be judged."""


class StartAt(StrEnum):
    """Which instant starts a clock (PC 24)."""

    EVENT = "event"
    DETECTION = "detection"
    REPORT = "report"


class StopAt(StrEnum):
    """What stops a clock for good (PC 24)."""

    CLEAR = "clear"
    CONFIRMATION = "confirmation"


class EventKind(StrEnum):
    """What can happen to a clock."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CONFIRM = "confirm"
    PROMISE_CHANGED = "promise_changed"
    CANCEL = "cancel"
    NOT_AFFECTED = "not_affected"


@dataclass(frozen=True)
class Promise:
    """How much time is promised, in which unit, by which calendar.

    `amount`: minutes for the minute units, days for WORKING_DAYS, 1 for SAME_DAY. NATURAL_MINUTES count every second whatever
    the calendar says. `source`: lines of free text that say where it came from (level, contract, policy version).
    Raises ClockError when the amount is 0 or negative, or not 1 for SAME_DAY.
    """

    amount: int
    unit: Unit
    calendar: Calendar
    source: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ClockError("A promise of {amount} cannot be kept; promise at least 1.", amount=self.amount)
        if self.unit == Unit.SAME_DAY and self.amount != 1:
            raise ClockError("A same-day promise is for 1 day, not {amount}; use working days.", amount=self.amount)


@dataclass(frozen=True)
class ClockPolicy:
    """The rules frozen on the ticket.

    `start_at` is applied by choose_start before the log is written. `stop_at` CLEAR: the first STOP, RESOLVE or CONFIRM stops
    the clock; CONFIRMATION: only CONFIRM does, and time goes on counting until then. `resolved_counts`: when a stopped clock is
    reopened, the time since it stopped counts after all (True) or not (False); PC 8. `rungs`: percentages of the promise (PC 10).
    """

    start_at: StartAt = StartAt.EVENT
    stop_at: StopAt = StopAt.CLEAR
    resolved_counts: bool = False
    rungs: tuple[int, ...] = (50, 75, 100, 150)

    def __post_init__(self) -> None:
        if any(percent <= 0 for percent in self.rungs):
            raise ClockError(
                "The rungs {rungs} contain one at or below 0 %; give percentages above 0.",
                rungs=", ".join(str(percent) for percent in self.rungs),
            )


@dataclass(frozen=True)
class ClockEvent:
    """One line of the log. `at`: when it took effect; `recorded_at`: when it was written down (evidence only, never judged by).

    Events are ordered by (at, sequence); `sequence` must be unique in a log. PAUSE takes `reason` (a code) and, optionally,
    `limit_s` (natural seconds after which the pause ends by itself, PC 6); PROMISE_CHANGED takes `promise`.
    """

    kind: EventKind
    at: datetime
    sequence: int = 0
    recorded_at: datetime | None = None
    reason: str = ""
    limit_s: int | None = None
    promise: Promise | None = field(default=None)
