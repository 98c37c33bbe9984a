"""What do a ticket's clocks read? Judged from story, frozen promise and policy; written down for lists (PC 9-14)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from mainstay.domain.business_time import Calendar, Unit
from mainstay.domain.promise_clock import ClockEvent, ClockPolicy, Phase, Promise, Verdict, judge, judge_rounds
from mainstay.domain.promise_clock import EventKind as Says
from mainstay.platform.calendars.queries import calendar_as_frozen
from mainstay.service.tickets.choices import CUSTOMERS_CLOCKS, ClockKind, ClockState, EventKind, TicketStatus
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent
from mainstay.service.tickets.policy import thawed
from mainstay.service.tickets.stays import stay_log
from mainstay.service.tickets.translation import clock_log, feedback_rounds

AT_ONCE = 0
"""The rung of a repeated fault, in per cent of its promise (PC 21)."""

VERDICT_COLUMNS = (
    "state",
    "started_at",
    "stopped_at",
    "deadline_at",
    "breached_at",
    "used_s",
    "total_s",
    "missed_rounds",
)


class Judge:
    """Judges many clocks at one instant; calendars are read once, equal cases are judged once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._calendars: dict[tuple[str, str], Calendar] = {}
        self._promises: dict[tuple[str, str, str, str], Promise] = {}
        self._policies: dict[str, ClockPolicy] = {}
        self._seen: dict[int, tuple[dict[str, Any], ClockPolicy]] = {}
        self._verdicts: dict[tuple[object, ...], Verdict] = {}
        self._dues: dict[tuple[int, int], datetime] = {}

    def verdict(self, clock: Clock, story: Sequence[TicketEvent], *, at: datetime | None = None) -> Verdict:
        """Read one clock from the whole story of its ticket, given in order; `at`: another instant than the judge's."""
        at = at or self.at
        promise, policy = self.promise(clock.promise), self._policy(clock.policy)
        if clock.kind == ClockKind.FEEDBACK:
            rounds = feedback_rounds(story)
            if len(rounds) != 1 or len(rounds[0]) != 1:  # words went out: no two are alike
                return judge_rounds(promise, policy, rounds, at)
            round_ = (at, id(promise), id(policy), rounds[0][0].at)
            if round_ not in self._verdicts:
                self._verdicts[round_] = judge_rounds(promise, policy, rounds, at)
            return self._verdicts[round_]
        log = self.log(clock, story)
        if any(event.promise for event in log):
            return judge(promise, policy, log, at)
        key = (at, id(promise), id(policy), *((e.kind, e.at, e.limit_s, e.reason) for e in log))
        if key not in self._verdicts:
            self._verdicts[key] = judge(promise, policy, log, at)
        return self._verdicts[key]

    def log(self, clock: Clock, story: Sequence[TicketEvent]) -> list[ClockEvent]:
        """Translate a ticket's story, given in order, for a clock that runs but once (all but progress reports)."""
        if clock.kind == ClockKind.DEPARTMENT:
            helps = bool(clock.policy.get("pauses_help"))
            return stay_log(clock.department_id, story, self.promise, pauses_help=helps)
        return clock_log(clock.kind, clock.circuit_id, self._policy(clock.policy), story, self.promise)

    def due_from_now(self, clock: Clock) -> datetime:
        """Return when a clock of these terms would run out that starts at the judge's instant."""
        promise, policy = self.terms(clock)
        key = (id(promise), id(policy))
        if key not in self._dues:
            verdict = judge(promise, policy, [ClockEvent(Says.START, self.at)], self.at)
            assert verdict.deadline_at is not None  # a running clock has one
            self._dues[key] = verdict.deadline_at
        return self._dues[key]

    def terms(self, clock: Clock) -> tuple[Promise, ClockPolicy]:
        """Return the frozen promise and policy of a clock as values."""
        return self.promise(clock.promise), self._policy(clock.policy)

    def promise(self, kept: Mapping[str, Any]) -> Promise:
        """Read a promise as it was frozen: amount, unit, calendar code, and what that calendar said then."""
        edition = str(kept.get("edition", ""))
        key = (str(kept["amount"]), str(kept["unit"]), str(kept["calendar"]), edition)
        if key not in self._promises:
            calendar = self._calendar(kept["calendar"], edition)
            self._promises[key] = Promise(int(Decimal(kept["amount"])), Unit(kept["unit"]), calendar)
        return self._promises[key]

    def _policy(self, kept: dict[str, Any]) -> ClockPolicy:
        known = self._seen.get(id(kept))
        if known is None:
            key = json.dumps(kept, sort_keys=True)
            if key not in self._policies:
                self._policies[key] = thawed(kept)
            self._seen[id(kept)] = known = kept, self._policies[key]  # kept, so that its id stays its own
        return known[1]

    def _calendar(self, code: str, edition: str) -> Calendar:
        if (code, edition) not in self._calendars:
            self._calendars[code, edition] = calendar_as_frozen(code, edition)
        return self._calendars[code, edition]


def write_verdict(clock: Clock, verdict: Verdict) -> bool:
    """Copy the verdict to the clock's columns; say whether any changed."""
    news = {name: value for name, value in verdict_columns(verdict).items() if getattr(clock, name) != value}
    for column, value in news.items():
        setattr(clock, column, value)
    clock.judged_at = verdict.at
    return bool(news)


def verdict_columns(verdict: Verdict) -> dict[str, Any]:
    """Return the clock's columns as the verdict has them; `used_s` is what stood when the clock last changed."""
    return {
        "state": verdict.state.value,
        "started_at": verdict.started_at,
        "stopped_at": verdict.stopped_at,
        "deadline_at": verdict.deadline_at,
        "breached_at": verdict.breached_at,
        "used_s": verdict.used_s,
        "total_s": verdict.promise_s,
        "missed_rounds": verdict.missed_rounds,
    }


def copy_to_ticket(ticket: Ticket, clocks: Iterable[Clock]) -> None:
    """Bring the ticket's copies up to date: the one place that writes them.

    The earliest deadline of the circuits still out (of the response where no circuit has a clock), the first miss.
    """
    every = [clock for clock in clocks if clock.kind in CUSTOMERS_CLOCKS]
    told = [c for c in every if c.kind == ClockKind.RESTORATION] or every
    going = [c.deadline_at for c in told if c.deadline_at and is_going(c)]
    missed = [c.breached_at for c in told if c.breached_at and c.state != ClockState.CANCELLED]
    ticket.deadline_at = min(going, default=None)
    ticket.breached_at = min(missed, default=None)


def is_going(clock: Clock) -> bool:
    """Say whether the clock's columns show it running (missed or not), neither paused nor stopped."""
    return clock.stopped_at is None and clock.state in (ClockState.RUNNING, ClockState.BREACHED)


def next_rung(clock: Clock, verdict: Verdict, story: Iterable[TicketEvent]) -> tuple[str, datetime] | None:
    """Return what to wake up for, and when: the first rung people were not told of, or the limit of a pause."""
    if verdict.phase == Phase.PAUSED and verdict.pause_ends_at is not None:
        return f"resume:{verdict.pause_ends_at:%Y%m%dT%H%M%S}", verdict.pause_ends_at
    if verdict.phase != Phase.RUNNING:
        return None
    passed = passed_rungs(clock, verdict, story)
    ahead = [(at, percent) for at, percent in rungs_of(clock, verdict) if percent not in passed]
    if not ahead:
        return None
    at, percent = min(ahead)
    # Every word to the customer begins a new round, with rungs of its own.
    return f"{percent}:{at:%Y%m%dT%H%M%S}" if clock.kind == ClockKind.FEEDBACK else str(percent), at


def rungs_of(clock: Clock, verdict: Verdict) -> list[tuple[datetime, int]]:
    """Return the rungs of a clock with their instants; a repeated fault that escalates at once has one at 0 %."""
    rungs = [(at, percent) for percent, at in verdict.rungs.items() if at is not None]
    repeat = clock.promise.get("repeat") or {}
    if clock.kind == ClockKind.RESTORATION and repeat.get("escalates") and "last_at" in repeat and verdict.started_at:
        rungs.append((verdict.started_at, AT_ONCE))
    return rungs


def passed_rungs(clock: Clock, verdict: Verdict, story: Iterable[TicketEvent]) -> set[int]:
    """Return the rungs of which the story says that people were told; of progress reports, in this round."""
    since = verdict.started_at if clock.kind == ClockKind.FEEDBACK else None
    return {
        event.body["percent"]
        for event in story
        if event.kind in (EventKind.ESCALATED, EventKind.BREACHED)
        and event.circuit_id == clock.circuit_id
        and event.body.get("clock", ClockKind.RESTORATION) == clock.kind
        and event.body.get("department") == clock.department_id
        and not event.body.get("word")
        and (since is None or event.at >= since)
    }


def status_unsettled(ticket: Ticket) -> TicketStatus:
    """Return the status of a ticket that is being worked on, or waits for somebody to."""
    return TicketStatus.ASSIGNED if ticket.assigned_to_id else TicketStatus.OPEN
