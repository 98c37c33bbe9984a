"""What do many clocks read at an instant, all at once? The sums of `judge` over arrays (PC 9-11, 13).

A log is replayed once, into the spans that count; from then on every reading is arithmetic on arrays. Instants are
int64 seconds since 1970 UTC; NEVER stands for none.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.business_time import Calendar
from mainstay.domain.business_time.ledger import LAST_S
from mainstay.domain.business_time.vectors import after_working_seconds_many, working_seconds_many
from mainstay.domain.errors import msgid
from mainstay.domain.promise_clock.facts import ClockError, ClockEvent, ClockPolicy, Promise
from mainstay.domain.promise_clock.reckoning import Reckoning, counting_calendar
from mainstay.domain.promise_clock.replay import Replay, clock_instant, replay
from mainstay.domain.promise_clock.verdict import ClockState

Seconds = NDArray[np.int64]
Log = tuple[Promise, ClockPolicy, Sequence[ClockEvent]]

NEVER = int(np.iinfo(np.int64).max)
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
_STATES = tuple(ClockState)
_NUMBER = {state: number for number, state in enumerate(_STATES)}


@dataclass(frozen=True)
class Spans:
    """The time that counts: clock `owner[i]` (ascending) counts [from_s[i], to_s[i]) by calendar `calendar[i]`."""

    owner: Seconds
    calendar: Seconds
    from_s: Seconds
    to_s: Seconds


@dataclass(frozen=True)
class ClockBook:
    """Many clocks, ready to be read; arrays have one entry per clock unless said otherwise.

    `promise_s`: what is promised, in counted seconds. `calendar`: the index into `calendars` by which an unfinished
    clock goes on. `started_s`, `stopped_s`, `cancelled_s`: NEVER where it did not happen. `paused_s`, `resumes_s`: the
    open pause and when its limit ends it (NEVER: no limit). `settled_s`: the last event; no clock is read before it.
    """

    calendars: tuple[Calendar, ...]
    promise_s: Seconds
    calendar: Seconds
    started_s: Seconds
    stopped_s: Seconds
    cancelled_s: Seconds
    paused_s: Seconds
    resumes_s: Seconds
    settled_s: Seconds
    spans: Spans

    @classmethod
    def of_logs(cls, logs: Iterable[Log]) -> "ClockBook":
        """Replay logs once. Raises ClockError and CalendarError as `judge` does."""
        return _Writer().book(logs)

    def read(self, at_s: int | Seconds, rungs: Sequence[int] = ()) -> "Readings":
        """Read all clocks at an instant, or each at its own, not before its events; `rungs` are percentages.

        Raises ClockError when an event lies after the instant.
        """
        late = np.flatnonzero(self.settled_s > at_s)
        if len(late):
            raise ClockError(msgid("Clock {row} has events after the instant it is read at."), row=int(late[0]) + 1)
        return _Reader(self, np.broadcast_to(np.asarray(at_s, np.int64), self.settled_s.shape)).readings(rungs)


@dataclass(frozen=True)
class Readings:
    """What the clocks read; as the fields of Verdict, NEVER for None. `rungs`: one column per percentage asked for."""

    state_number: NDArray[np.int8]
    used_s: Seconds
    remaining_s: Seconds
    deadline_s: Seconds
    breached_s: Seconds
    rungs: Seconds

    def state(self, row: int) -> ClockState:
        """Give one clock's state."""
        return _STATES[int(self.state_number[row])]


class _Writer:
    """Mutable: turns replays into arrays."""

    def __init__(self) -> None:
        self.calendars: dict[int, tuple[int, Calendar]] = {}
        self.clocks: list[tuple[int, ...]] = []
        self.spans: list[tuple[int, int, int, int]] = []

    def book(self, logs: Iterable[Log]) -> ClockBook:
        for promise, policy, events in logs:
            self._write(promise, policy, events)
        clocks = np.array(self.clocks, np.int64).reshape(-1, 8)
        spans = np.array(self.spans, np.int64).reshape(-1, 4)
        calendars = tuple(calendar for _number, calendar in self.calendars.values())
        promise_s, calendar, started_s, stopped_s, cancelled_s, paused_s, resumes_s, settled_s = clocks.T.copy()
        return ClockBook(
            calendars, promise_s, calendar, started_s, stopped_s, cancelled_s, paused_s, resumes_s, settled_s,
            Spans(*spans.T.copy()),
        )  # fmt: skip

    def _write(self, promise: Promise, policy: ClockPolicy, events: Sequence[ClockEvent]) -> None:
        settled_s = max((clock_instant(event.at) for event in events), default=0)
        clock = replay(promise, policy, events, settled_s)
        owner, open_span = len(self.clocks), _open_span(clock, settled_s)
        for span in clock.spans:
            if span.counted:
                self.spans.append((owner, self._number(span.promise), span.from_s, span.to_s))
        if open_span is not None:
            self.spans.append((owner, self._number(clock.promise), *open_span))
        self.clocks.append(
            (
                Reckoning(clock, settled_s).promise_s, self._number(clock.promise), _or_never(clock.started_s),
                _or_never(clock.stopped_s), _or_never(clock.cancelled_s), _or_never(clock.paused_s),
                _or_never(clock.pause_ends_s), settled_s,
            )
        )  # fmt: skip

    def _number(self, promise: Promise) -> int:
        calendar = counting_calendar(promise)
        return self.calendars.setdefault(id(calendar), (len(self.calendars), calendar))[0]


def _open_span(clock: Replay, settled_s: int) -> tuple[int, int] | None:
    """Return the span that goes on after the last event: at once, or when the open pause reaches its limit."""
    if clock.started_s is None or clock.stopped_s is not None or clock.cancelled_s is not None:
        return None
    if not clock.pause:
        return settled_s, NEVER
    return None if clock.pause_ends_s is None else (clock.pause_ends_s, NEVER)


def _or_never(at_s: int | None) -> int:
    return NEVER if at_s is None else at_s


class _Reader:
    """One reading: the spans up to the instant, their amounts and what each clock has used."""

    def __init__(self, book: ClockBook, at_s: Seconds) -> None:
        self.book, self.at_s, self.n = book, at_s, len(book.promise_s)
        of_span = at_s[book.spans.owner]
        begun = book.spans.from_s < of_span
        self.owner, self.calendar, self.from_s = (
            values[begun] for values in (book.spans.owner, book.spans.calendar, book.spans.from_s)
        )
        to_s = np.minimum(book.spans.to_s, of_span)[begun]
        self.amount = self._by_calendar(self.calendar, working_seconds_many, self.from_s, to_s)
        self.until = np.cumsum(self.amount)
        self.used_s = np.zeros(self.n, np.int64)
        np.add.at(self.used_s, self.owner, self.amount)
        self.before = np.cumsum(self.used_s) - self.used_s
        self.first, self.end = (np.searchsorted(self.owner, np.arange(self.n), side=side) for side in SIDES)

    def readings(self, rungs: Sequence[int]) -> Readings:
        book, at_s = self.book, self.at_s
        withdrawn, never_began = book.cancelled_s != NEVER, book.started_s == NEVER
        stopped = (book.stopped_s != NEVER) & ~withdrawn
        paused = (book.paused_s <= at_s) & (at_s < book.resumes_s) & ~stopped & ~withdrawn
        running = ~(withdrawn | never_began | stopped | paused)
        deadline_s, was_reached = self._reached(100, running | stopped)
        deadline_s[withdrawn] = NEVER
        breached = was_reached & ~withdrawn & ~(stopped & (book.stopped_s <= deadline_s))
        state = np.full(self.n, _NUMBER[ClockState.RUNNING], np.int8)
        for where, name in (
            (paused, ClockState.PAUSED), (stopped, ClockState.MET), (never_began, ClockState.NOT_STARTED),
            (breached, ClockState.BREACHED), (withdrawn, ClockState.CANCELLED),
        ):  # fmt: skip
            state[where] = _NUMBER[name]
        columns = [np.where(withdrawn, NEVER, self._reached(percent, running)[0]) for percent in rungs]
        return Readings(
            state, self.used_s, book.promise_s - self.used_s, deadline_s,
            np.where(breached, deadline_s, NEVER), np.stack(columns, 1) if columns else np.empty((self.n, 0), np.int64),
        )  # fmt: skip

    def _reached(self, percent: int, project: NDArray[np.bool_]) -> tuple[Seconds, NDArray[np.bool_]]:
        """Find when a share of each promise was reached, or will be where `project`; and where it was."""
        book = self.book
        target = -(-book.promise_s * percent // 100)
        result = np.full(self.n, NEVER, np.int64)
        started = book.started_s != NEVER
        reached = started & (target <= self.used_s)
        where = np.maximum(np.searchsorted(self.until, self.before + target), self.first)
        inside = reached & (where < self.end)
        spans = where[inside]
        left = target[inside] - (self.until[spans] - self.amount[spans] - self.before[inside])
        result[inside] = self._by_calendar(
            self.calendar[spans], after_working_seconds_many, self.from_s[spans], np.maximum(0, left)
        )
        at_once = reached & ~inside
        result[at_once] = book.started_s[at_once]
        ahead = started & ~reached & project
        ends_s = np.minimum(np.minimum(book.stopped_s, self.at_s)[ahead], LAST_S - 1)
        result[ahead] = self._by_calendar(
            book.calendar[ahead], after_working_seconds_many, ends_s, (target - self.used_s)[ahead]
        )
        return result, reached

    def _by_calendar(
        self, calendar: Seconds, count: Callable[[Calendar, Seconds, Seconds], Seconds], one: Seconds, other: Seconds
    ) -> Seconds:
        result = np.empty(len(calendar), np.int64)
        for number, own in enumerate(self.book.calendars):
            mine = np.flatnonzero(calendar == number)
            if len(mine):
                result[mine] = count(own, one[mine], other[mine])
        return result
