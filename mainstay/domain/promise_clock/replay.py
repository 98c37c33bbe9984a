"""What did the clock do, and when? The event log replayed into spans that count or not (PC 6-8, 11, 20).

Instants are whole seconds since 1970 UTC.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mainstay.domain.business_time import CalendarError
from mainstay.domain.business_time.counting import from_instant, to_instant
from mainstay.domain.errors import msgid
from mainstay.domain.promise_clock.facts import ClockError, ClockEvent, ClockPolicy, EventKind, Promise, StopAt

CLEARED = "cleared"
RESOLVED = "resolved"


@dataclass(frozen=True)
class Span:
    """A half-open piece of the clock's life. It counts unless it is withdrawn, stopped or paused.

    `stopped` is "", CLEARED or RESOLVED; `pause` is the reason code of the open pause, "" without one.
    """

    from_s: int
    to_s: int
    promise: Promise
    cancelled: bool
    stopped: str
    pause: str

    @property
    def counted(self) -> bool:
        """Say whether working time in it counts."""
        return not (self.cancelled or self.stopped or self.pause)


@dataclass
class Replay:
    """The clock's state while its log is read; feed events in order with `take`, then `run_to` the reading."""

    promise: Promise
    policy: ClockPolicy
    now_s: int = 0
    spans: list[Span] = field(default_factory=list)
    changed_s: int | None = None
    started_s: int | None = None
    stopped_s: int | None = None
    stopped: str = ""
    paused_s: int | None = None
    pause: str = ""
    pause_ends_s: int | None = None
    cancelled_s: int | None = None
    down: bool = False
    resolved: bool = False
    confirmed: bool = False
    limit_ended_pause: bool = False

    def take(self, event: ClockEvent, at_s: int) -> None:
        """Let one event take effect. Raises ClockError when it cannot follow what was taken before."""
        self.run_to(at_s)
        _VERBS[event.kind](self, event)

    def run_to(self, at_s: int) -> None:
        """Let time pass; a pause that reaches its limit on the way ends there."""
        if self.pause_ends_s is not None and self.pause_ends_s <= at_s:
            self._pass(self.pause_ends_s)
            self._end_pause()
            self.limit_ended_pause = True
        self._pass(at_s)

    def _pass(self, at_s: int) -> None:
        if self.started_s is not None and at_s > self.now_s:
            cancelled = self.cancelled_s is not None
            self.spans.append(Span(self.now_s, at_s, self.promise, cancelled, self.stopped, self.pause))
        self.now_s = max(self.now_s, at_s)

    def _end_pause(self) -> None:
        self.paused_s, self.pause, self.pause_ends_s = None, "", None

    def _stop(self, why: str) -> None:
        if self.stopped_s is None:
            self.stopped_s, self.stopped = self.now_s, why

    def _must_have_started(self, event: ClockEvent) -> None:
        if self.started_s is None:
            raise self._refusal(event, msgid("{kind} at {at}: the clock has not started yet; record its start first."))

    def _refusal(self, event: ClockEvent, template: str, since_s: int | None = None) -> ClockError:
        since = {} if since_s is None else {"since": from_instant(since_s).isoformat()}
        return ClockError(template, kind=event.kind.value, at=from_instant(self.now_s).isoformat(), **since)

    def start(self, event: ClockEvent) -> None:
        """Begin, or go on after the circuit was in service again; a second start without a stop is refused."""
        if self.down and self.stopped_s is None:
            raise self._refusal(
                event, msgid("{kind} at {at}: the clock is running already; record the stop in between first.")
            )
        if self.started_s is None:
            self.started_s = self.now_s
        self.stopped_s, self.stopped = None, ""
        self.down, self.resolved, self.confirmed = True, False, False

    def stop(self, event: ClockEvent) -> None:
        """Note that the circuit is in service again; it stops the clock when the policy says so."""
        self._must_have_started(event)
        if self.stopped == CLEARED:
            raise self._refusal(
                event,
                msgid("{kind} at {at}: the clock has been stopped since {since}; record a start first."),
                self.stopped_s,
            )
        self.down = False
        if self.policy.stop_at == StopAt.CLEAR:
            self._stop(CLEARED)

    def begin_pause(self, event: ClockEvent) -> None:
        """Hold the clock for a reason, up to a limit if there is one."""
        self._must_have_started(event)
        if self.cancelled_s is not None or self.stopped_s is not None:
            since_s = self.stopped_s if self.cancelled_s is None else self.cancelled_s
            raise self._refusal(
                event, msgid("{kind} at {at}: the clock has been stopped since {since}; reopen it first."), since_s
            )
        if self.pause:
            raise self._refusal(
                event,
                msgid("{kind} at {at}: the clock is already paused since {since}; resume it first."),
                self.paused_s,
            )
        if not event.reason:
            raise self._refusal(event, msgid("{kind} at {at}: a pause needs a reason code; give one."))
        if event.limit_s is not None and event.limit_s <= 0:
            raise self._refusal(
                event, msgid("{kind} at {at}: the limit of a pause must be above 0 seconds; give one, or none.")
            )
        self.paused_s, self.pause, self.limit_ended_pause = self.now_s, event.reason, False
        self.pause_ends_s = None if event.limit_s is None else self.now_s + event.limit_s

    def resume(self, event: ClockEvent) -> None:
        """End the pause; after a limit has ended it, one resume is taken as a confirmation."""
        if not self.pause and not self.limit_ended_pause:
            raise self._refusal(event, msgid("{kind} at {at}: the clock is not paused; pause it first."))
        self.limit_ended_pause = False
        self._end_pause()

    def resolve(self, event: ClockEvent) -> None:
        """Note that our people call it done; it ends a pause, and stops the clock when the policy says so."""
        self._must_have_started(event)
        if self.resolved:
            raise self._refusal(event, msgid("{kind} at {at}: it is resolved already; reopen it first."))
        self.resolved, self.down = True, False
        self._end_pause()
        if self.policy.stop_at == StopAt.CLEAR:
            self._stop(RESOLVED)

    def confirm(self, event: ClockEvent) -> None:
        """Note that the customer calls it done; it stops a clock that still runs."""
        self._must_have_started(event)
        if self.confirmed:
            raise self._refusal(event, msgid("{kind} at {at}: it is confirmed already; reopen it first."))
        self.resolved, self.confirmed, self.down = True, True, False
        self._end_pause()
        self._stop(RESOLVED)

    def reopen(self, event: ClockEvent) -> None:
        """Take back a withdrawal, or else go on after a stop; the policy says whether the time since counts."""
        if self.cancelled_s is not None:
            if self.policy.resolved_counts:
                self._restore(self.cancelled_s, lambda span: replace(span, cancelled=False))
            self.cancelled_s = None
            return
        if self.stopped_s is None and not self.resolved:
            raise self._refusal(
                event, msgid("{kind} at {at}: the clock has not been stopped; there is nothing to reopen.")
            )
        if self.stopped_s is not None and self.policy.resolved_counts:
            self._restore(self.stopped_s, lambda span: replace(span, stopped=""))
        self.stopped_s, self.stopped = None, ""
        self.down = self.resolved = self.confirmed = False

    def change_promise(self, event: ClockEvent) -> None:
        """Go on under another promise; nothing else changes."""
        if event.promise is None:
            raise self._refusal(event, msgid("{kind} at {at}: the new promise is missing; give it."))
        self.promise, self.changed_s = event.promise, self.now_s

    def cancel(self, event: ClockEvent) -> None:
        """Withdraw the clock."""
        if self.cancelled_s is not None:
            raise self._refusal(
                event,
                msgid("{kind} at {at}: the clock is already withdrawn since {since}; reopen it first."),
                self.cancelled_s,
            )
        self.cancelled_s = self.now_s

    def _restore(self, since_s: int, change: Callable[[Span], Span]) -> None:
        self.spans = [change(span) if span.from_s >= since_s else span for span in self.spans]


_VERBS: Mapping[EventKind, Callable[[Replay, ClockEvent], None]] = {
    EventKind.START: Replay.start,
    EventKind.STOP: Replay.stop,
    EventKind.PAUSE: Replay.begin_pause,
    EventKind.RESUME: Replay.resume,
    EventKind.RESOLVE: Replay.resolve,
    EventKind.CONFIRM: Replay.confirm,
    EventKind.REOPEN: Replay.reopen,
    EventKind.PROMISE_CHANGED: Replay.change_promise,
    EventKind.CANCEL: Replay.cancel,
    EventKind.NOT_AFFECTED: Replay.cancel,
}


def replay(promise: Promise, policy: ClockPolicy, events: Iterable[ClockEvent], at_s: int) -> Replay:
    """Replay all events that take effect at or before the second. Raises ClockError as `judge` does."""
    clock = Replay(promise, policy)
    for event, event_s in _in_order(events):
        if event_s > at_s:
            break
        clock.take(event, event_s)
    clock.run_to(at_s)
    return clock


def clock_instant(at: datetime) -> int:
    """Return whole seconds since 1970 UTC. Raises ClockError for a naive instant or one no calendar covers."""
    try:
        return to_instant(at)
    except CalendarError as error:
        raise ClockError(error.template, **error.values) from error


def _in_order(events: Iterable[ClockEvent]) -> list[tuple[ClockEvent, int]]:
    timed = []
    for event in events:
        timed.append((event, clock_instant(event.at)))
        if event.recorded_at is not None:
            clock_instant(event.recorded_at)
    timed.sort(key=lambda pair: (pair[0].at, pair[0].sequence))
    for (one, _), (other, at_s) in itertools.pairwise(timed):
        if (one.at, one.sequence) == (other.at, other.sequence):
            raise ClockError(
                msgid("Two events ({one}, {other}) at {at} have the same sequence {sequence}; number them."),
                one=one.kind.value,
                other=other.kind.value,
                at=from_instant(at_s).isoformat(),
                sequence=one.sequence,
            )
    return timed
