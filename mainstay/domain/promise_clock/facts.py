"""What is a clock judged by? The promise, the frozen policy and the event log, as values (PC 3, 6-8, 10, 11, 24)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mainstay.domain.business_time import Calendar, Unit
from mainstay.domain.errors import Refused, msgid


class ClockError(Refused):
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

    `amount`: minutes for the minute units, days for WORKING_DAYS, 1 for SAME_DAY. NATURAL_MINUTES count every second
    whatever the calendar says. `source`: lines of free text that say where it came from (level, contract, policy
    version).

    WORKING_DAYS and SAME_DAY end at a closing time (see business_time). The working seconds from the clock's first
    start to that closing time are the promise in seconds; whatever does not count afterwards (pauses, time in service
    again, time resolved) shifts the deadline by exactly its working time.

    Raises ClockError when the amount is 0 or negative, or not 1 for SAME_DAY.
    """

    amount: int
    unit: Unit
    calendar: Calendar
    source: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ClockError(msgid("A promise of {amount} cannot be kept; promise at least 1."), amount=self.amount)
        if self.unit == Unit.SAME_DAY and self.amount != 1:
            raise ClockError(
                msgid("A same-day promise is for 1 day, not {amount}; use working days."), amount=self.amount
            )


@dataclass(frozen=True)
class ClockPolicy:
    """The rules frozen on the ticket.

    `start_at` is applied by choose_start before the log is written. `stop_at` CLEAR: the first STOP, RESOLVE or
    CONFIRM stops the clock; CONFIRMATION: only CONFIRM does, and time goes on counting until then. `resolved_counts`:
    when a stopped or withdrawn clock is reopened, the time since then counts after all (True) or not (False), PC 8. A
    circuit that merely goes down again (START) never counts the time between. `rungs`: percentages of the promise (PC
    10).
    """

    start_at: StartAt = StartAt.EVENT
    stop_at: StopAt = StopAt.CLEAR
    resolved_counts: bool = False
    rungs: tuple[int, ...] = (50, 75, 100, 150)

    def __post_init__(self) -> None:
        if any(percent <= 0 for percent in self.rungs):
            raise ClockError(
                msgid("The rungs {rungs} contain one at or below 0 %; give percentages above 0."),
                rungs=", ".join(str(percent) for percent in self.rungs),
            )


@dataclass(frozen=True)
class ClockEvent:
    """One line of the log. `at`: when it took effect; `recorded_at`: when it was written down (never judged by).

    Events are ordered by (at, sequence); two of one instant need different sequences.

    START: the circuit is down (again); used time continues. STOP: it is in service again. PAUSE takes a `reason` (a
    code) and, if wanted, `limit_s` (natural seconds after which the pause ends by itself, PC 6); only RESUME, the
    limit, RESOLVE or CONFIRM end a pause. RESOLVE: our people say it is done. CONFIRM: the customer says so. REOPEN:
    it is not done after all; also takes back CANCEL and NOT_AFFECTED. PROMISE_CHANGED takes `promise`: used time and
    pauses are kept (PC 7). CANCEL, NOT_AFFECTED: the clock is withdrawn; starts and stops are still noted beneath.
    """

    kind: EventKind
    at: datetime
    sequence: int = 0
    recorded_at: datetime | None = None
    reason: str = ""
    limit_s: int | None = None
    promise: Promise | None = None
