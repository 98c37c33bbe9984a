"""What do very many clocks read, each at its own instant? The columns of `verdict_columns`, by arithmetic on arrays.

Each story is replayed once; what follows is done for all clocks at once (PC 9, 11, 13). Clocks that have not started
are left to the scalar judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from mainstay.domain.business_time.counting import from_instant
from mainstay.domain.promise_clock import ClockEvent, ClockState
from mainstay.domain.promise_clock.many import NEVER, ClockBook, Log, Readings
from mainstay.domain.promise_clock.replay import clock_instant
from mainstay.service.tickets.choices import ClockKind
from mainstay.service.tickets.clocks import Judge, verdict_columns
from mainstay.service.tickets.models import Clock, TicketEvent
from mainstay.service.tickets.translation import feedback_rounds

Asked = tuple[Clock, Sequence[TicketEvent], datetime]
"""A clock, the whole story of its ticket in order, and the instant to read it at."""


@dataclass(frozen=True)
class _Rows:
    """Which rows of the book are a clock's: one, or as many as the word was promised."""

    first: int
    count: int


def read_many(asked: Sequence[Asked], judge: Judge) -> list[dict[str, Any]]:
    """Read clocks; return their columns in the order asked. Raises what `judge` raises."""
    logs: list[Log] = []
    at_s: list[int] = []
    places: list[_Rows | None] = []
    for clock, story, at in asked:
        rows = _logs(clock, story, at, judge)
        places.append(_Rows(len(logs), len(rows)) if rows else None)
        logs += rows
        at_s += [clock_instant(at)] * len(rows)
    if not logs:
        return [verdict_columns(judge.verdict(clock, story, at=at)) for clock, story, at in asked]
    book = ClockBook.of_logs(logs)
    readings = book.read(np.array(at_s, np.int64))
    missed = np.concatenate([[0], np.cumsum(readings.breached_s != NEVER)])
    found = []
    for (clock, story, at), rows_of_clock in zip(asked, places, strict=True):
        if rows_of_clock is None:
            found.append(verdict_columns(judge.verdict(clock, story, at=at)))
            continue
        first, row = rows_of_clock.first, rows_of_clock.first + rows_of_clock.count - 1
        rounds = int(missed[row + 1] - missed[first]) if clock.kind == ClockKind.FEEDBACK else 0
        found.append(_columns(book, readings, row, rounds))
    return found


def _logs(clock: Clock, story: Sequence[TicketEvent], at: datetime, judge: Judge) -> list[Log]:
    """Return what a clock was told by the instant; nothing for one that has not started."""
    promise, policy = judge.terms(clock)
    rounds = feedback_rounds(story) if clock.kind == ClockKind.FEEDBACK else [judge.log(clock, story)]
    known = [_by(events, at) for events in rounds]
    logs: list[Log] = [(promise, policy, events) for events in known if events]
    started = all(any(event.kind == "start" for event in events) for _, _, events in logs)
    return logs if started else []


def _by(events: Sequence[ClockEvent], at: datetime) -> list[ClockEvent]:
    at_s = clock_instant(at)
    return [event for event in events if clock_instant(event.at) <= at_s]


def _columns(book: ClockBook, readings: Readings, row: int, missed_rounds: int) -> dict[str, Any]:
    state = readings.state(row)
    stopped_s = NEVER if book.cancelled_s[row] != NEVER else book.stopped_s[row]
    return {
        "state": ClockState(state).value,
        "started_at": _instant(book.started_s[row]),
        "stopped_at": _instant(stopped_s),
        "deadline_at": _instant(readings.deadline_s[row]),
        "breached_at": _instant(readings.breached_s[row]),
        "used_s": int(readings.used_s[row]),
        "total_s": int(book.promise_s[row]),
        "missed_rounds": missed_rounds,
    }


def _instant(at_s: Any) -> datetime | None:
    return None if at_s == NEVER else from_instant(int(at_s))
