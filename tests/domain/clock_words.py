"""Short words for writing clock logs in tests, and the promises they are judged by."""

from datetime import datetime

from mainstay.domain.business_time import Unit
from mainstay.domain.promise_clock import ClockEvent, ClockPolicy, EventKind, Promise, Verdict, judge
from tests.domain.clock_cast import ALWAYS, OFFICE, beijing

HOUR = 3600
FOUR_HOURS = Promise(240, Unit.NATURAL_MINUTES, ALWAYS)
TWO_HOURS = Promise(120, Unit.NATURAL_MINUTES, ALWAYS)
EIGHT_WORKING_HOURS = Promise(480, Unit.WORKING_MINUTES, OFFICE)
TWO_WORKING_DAYS = Promise(2, Unit.WORKING_DAYS, OFFICE)
SAME_DAY = Promise(1, Unit.SAME_DAY, OFFICE)
POLICY = ClockPolicy()


def monday(hour: int, minute: int = 0) -> datetime:
    """Return a time on Monday, 21 September 2026."""
    return beijing(9, 21, hour, minute)


def start(at: datetime, sequence: int = 1) -> ClockEvent:
    return ClockEvent(EventKind.START, at, sequence)


def event(kind: str, at: datetime, sequence: int = 50) -> ClockEvent:
    return ClockEvent(EventKind(kind), at, sequence)


def pause(at: datetime, reason: str = "access_denied", limit_s: int | None = None) -> ClockEvent:
    return ClockEvent(EventKind.PAUSE, at, 50, reason=reason, limit_s=limit_s)


def change(at: datetime, promise: Promise, sequence: int = 60) -> ClockEvent:
    return ClockEvent(EventKind.PROMISE_CHANGED, at, sequence, promise=promise)


def read(at: datetime, *events: ClockEvent, promise: Promise = FOUR_HOURS, policy: ClockPolicy = POLICY) -> Verdict:
    return judge(promise, policy, events, at)
