"""Which faults did customers have in a month, and were the promises on them kept? Four flat queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from mainstay.service.reports.facts import Fault, Tally
from mainstay.service.tickets.choices import ClockKind, ClockState, EventKind, TicketKind
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent

PROMISED = (ClockKind.RESTORATION, ClockKind.RESPONSE)
"""Clocks that run against what customers were promised."""
_OF_CIRCUITS = (EventKind.CIRCUIT_DOWN, EventKind.CIRCUIT_DEGRADED, EventKind.CUSTOMER_REPORT)
_ORDER = {"missed": 0, "open": 1, "met": 2, "none": 3}
_CHUNK = 900


@dataclass(frozen=True)
class _Due:
    """A promise that fell due: of which kind, on which circuit ("" the whole ticket), how it went."""

    kind: str
    circuit: str
    ticket_id: int
    verdict: str


@dataclass(frozen=True)
class CasesOfMonth:
    """A customer's faults, oldest first, and the promises that fell due on them."""

    faults: tuple[Fault, ...] = ()
    dues: tuple[_Due, ...] = ()

    def over(self, numbers: Collection[str] | None) -> "CasesOfMonth":
        """Return what is about some circuits (None: all)."""
        if numbers is None:
            return self
        faults = tuple(fault for fault in self.faults if numbers & set(fault.circuits))  # type: ignore[operator]
        tickets = {fault.ticket_id for fault in faults}
        dues = tuple(d for d in self.dues if d.ticket_id in tickets and (not d.circuit or d.circuit in numbers))
        return CasesOfMonth(faults, dues)

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Count the promises by kind."""
        counts: dict[str, dict[str, int]] = {kind.value: {"met": 0, "missed": 0, "open": 0} for kind in PROMISED}
        for due in self.dues:
            counts[due.kind][due.verdict] += 1
        return tuple(Tally(kind, **count) for kind, count in counts.items() if any(count.values()))


def cases_of(customer_ids: Collection[int], from_at: datetime, to_at: datetime) -> dict[int, CasesOfMonth]:
    """Return by customer the faults that were going on in [from_at, to_at) and the promises decided in it. No scope."""
    going_on = Q(resolved_at__isnull=True) | Q(resolved_at__gte=from_at)
    tickets = list(
        Ticket.objects.filter(going_on, customer_id__in=customer_ids, kind=TicketKind.FAULT, opened_at__lt=to_at)
        .order_by("opened_at", "pk")
        .only("pk", "customer_id", "opened_at", "resolved_at", "cause_code", "responsibility")
    )
    ids = [ticket.pk for ticket in tickets]
    clocks, circuits = _clocks(ids), _circuits(ids)
    found: dict[int, tuple[list[Fault], list[_Due]]] = defaultdict(lambda: ([], []))
    for ticket in tickets:
        mine = clocks.get(ticket.pk, [])
        faults, dues = found[ticket.customer_id]
        faults.append(_fault(ticket, mine, circuits.get(ticket.pk, ()), to_at))
        dues += _dues(mine, from_at, to_at)
    return {customer: CasesOfMonth(tuple(faults), tuple(dues)) for customer, (faults, dues) in found.items()}


def _clocks(ticket_ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for ids in _chunks(ticket_ids):
        rows = Clock.objects.filter(ticket_id__in=ids, kind__in=PROMISED).exclude(state=ClockState.CANCELLED)
        for row in rows.select_related("circuit").only(
            "ticket_id", "kind", "state", "started_at", "stopped_at", "breached_at", "used_s", "total_s",
            "circuit__number",
        ):  # fmt: skip
            found[row.ticket_id].append(row)
    return found


def _circuits(ticket_ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, set[str]] = defaultdict(set)
    for ids in _chunks(ticket_ids):
        rows = TicketEvent.objects.filter(ticket_id__in=ids, kind__in=_OF_CIRCUITS, circuit__isnull=False)
        for ticket_id, number in rows.values_list("ticket_id", "circuit__number").distinct():
            found[ticket_id].add(number)
    return {ticket_id: tuple(sorted(numbers)) for ticket_id, numbers in found.items()}


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _fault(ticket: Ticket, clocks: Iterable[Any], circuits: tuple[str, ...], to_at: datetime) -> Fault:
    ours = [clock for clock in clocks if clock.kind == ClockKind.RESTORATION]
    began = min((clock.started_at for clock in ours if clock.started_at), default=ticket.opened_at)
    stops = [clock.stopped_at for clock in ours]
    over = max(stops) if stops and all(stops) else ticket.resolved_at
    worst = min(ours, key=lambda clock: (_ORDER[_verdict(clock, to_at)], -clock.used_s), default=None)
    return Fault(
        ticket.pk, ticket.number, circuits or tuple(sorted({c.circuit.number for c in ours if c.circuit})), began,
        over if over is not None and over < to_at else None, ticket.cause_code, ticket.responsibility,
        "none" if worst is None else _verdict(worst, to_at), worst.total_s if worst else 0,
        worst.used_s if worst else 0,
    )  # fmt: skip


def _verdict(clock: Any, to_at: datetime) -> str:
    """Say how a promise stood at the end of the month: what was decided later was still open then."""
    if clock.state == ClockState.BREACHED and clock.breached_at is not None and clock.breached_at < to_at:
        return "missed"
    if clock.state == ClockState.MET and clock.stopped_at is not None and clock.stopped_at < to_at:
        return "met"
    return "open"


def _dues(clocks: Iterable[Any], from_at: datetime, to_at: datetime) -> list[_Due]:
    """Return the promises that were decided in the month or are open at its end; what was decided before is told."""
    found = []
    for clock in clocks:
        verdict = _verdict(clock, to_at)
        decided = clock.breached_at if verdict == "missed" else clock.stopped_at if verdict == "met" else None
        if clock.started_at is None or (decided is not None and decided < from_at):
            continue
        found.append(_Due(clock.kind, clock.circuit.number if clock.circuit else "", clock.ticket_id, verdict))
    return found
