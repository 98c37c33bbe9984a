"""What would a ticket's clocks read if its story said something else? Before and after, clock by clock (PC 7, 11)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from mainstay.domain.promise_clock import Verdict
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import Responsibility
from mainstay.service.tickets.clocks import Judge, passed_rungs, rungs_of
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent
from mainstay.service.tickets.translation import in_order

OURS = (Responsibility.UNKNOWN, Responsibility.OPERATOR)
"""Only the operator's own faults count against it; what nobody decided yet counts, too (H6, PC 15)."""


def is_charged(breached_at: datetime | None, responsibility: str) -> bool:
    """Say whether a missed promise counts against us."""
    return breached_at is not None and responsibility in OURS


def differences(file: CaseFile, more: Iterable[TicketEvent], judge: Judge) -> list[dict[str, Any]]:
    """Judge each clock without and with further entries, and give those that read otherwise, as plain values.

    `told`: rungs people know of, not told again; `due`: those reached then of which nobody was told yet.
    """
    story = in_order(file.story)
    other = in_order([*file.story, *more])
    found = []
    for clock in file.clocks:
        before, after = judge.verdict(clock, story), judge.verdict(clock, other)
        if _plain(before) != _plain(after):
            found.append(_change(clock, before, after, other, judge.at))
    return found


def charge_change(ticket: Ticket, responsibility: str) -> list[dict[str, Any]]:
    """Say what another responsibility makes of the result: what happened stays, what counts may change."""
    before = {"responsibility": ticket.responsibility, "charged": is_charged(ticket.breached_at, ticket.responsibility)}
    after = {"responsibility": responsibility, "charged": is_charged(ticket.breached_at, responsibility)}
    return [{"clock": None, "before": before, "after": after}] if before != after else []


def _change(
    clock: Clock, before: Verdict, after: Verdict, story: Sequence[TicketEvent], at: datetime
) -> dict[str, Any]:
    told = passed_rungs(clock, after, story)
    due = [percent for reached_at, percent in rungs_of(clock, after) if reached_at <= at and percent not in told]
    return {
        "clock": clock.pk, "kind": clock.kind, "circuit": clock.circuit_id, "department": clock.department_id,
        "before": _plain(before), "after": _plain(after), "told": sorted(told), "due": sorted(due),
    }  # fmt: skip


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {
        "state": verdict.state.value,
        "deadline_at": _iso(verdict.deadline_at or verdict.projected_deadline_at),
        "breached_at": _iso(verdict.breached_at),
        "used_s": verdict.used_s,
        "total_s": verdict.promise_s,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
