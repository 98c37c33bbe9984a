"""What happened to circuits in a month, as compensation needs it? Read from the frozen results and the tickets' clocks.

Outages are the stretches that are down under the contract, joined where they touch; those that others answer for are
listed, too, to be named in the derivation.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum

from mainstay.domain.compensation import Event, LateRepair, MonthFacts
from mainstay.network.inventory.models import Circuit
from mainstay.service.compensation.choices import LIVE, ClaimKind
from mainstay.service.compensation.models import Claim
from mainstay.service.compensation.rents import rents_of
from mainstay.service.service_levels.choices import EXCUSES, STATES, LedgerState
from mainstay.service.service_levels.ledger import Stretch, kept
from mainstay.service.service_levels.models import CircuitMonth
from mainstay.service.service_levels.months import bounds, previous
from mainstay.service.tickets.choices import ClockKind, ClockState, TicketStatus
from mainstay.service.tickets.models import Clock, Ticket

MONTHS_BACK = 3
"""So far back outages are looked for that a later one repeats."""


@dataclass(frozen=True)
class CircuitMonthFacts:
    """A circuit's month: the facts, whose it was, and which version of the results it is."""

    circuit: Circuit
    facts: MonthFacts
    customer_id: int
    contract_id: int | None
    version: int


@dataclass(frozen=True)
class _TicketFacts:
    number: str
    cause: str
    responsibility: str


def facts_of(month: date, circuits: Iterable[Circuit]) -> dict[int, CircuitMonthFacts]:
    """Return the facts of a month by circuit id (at most 9 queries); circuits have line and contract fetched."""
    wanted = {circuit.pk: circuit for circuit in circuits}
    results = _results(month, wanted)
    late = list(_late_clocks(month, wanted))
    before = _outages_before(month, results)
    tickets = _tickets({*_ticket_ids(results.values()), *(clock.ticket_id for clock in late)})
    rents, paid = rents_of(wanted.values(), month), _paid_in_year(month, wanted)
    found = {}
    for pk, circuit in wanted.items():
        result = results.get(pk)
        facts = MonthFacts(
            month, base_s=_base_s(result), rent=rents.get(pk), paid_in_year_fen=paid.get(pk, 0),
            events=_events(result, tickets, before.get(pk)) if result else (),
            late=tuple(_late(clock, result, tickets) for clock in late if clock.circuit_id == pk),
            unknown_s=result.unknown_s if result else 0, closed=bool(result and result.month.closed_at),
        )  # fmt: skip
        line = circuit.contract_line
        customer, contract = circuit.customer_id, line.contract_id if line else None
        if result is not None:
            customer, contract = result.customer_id, result.contract_id
        found[pk] = CircuitMonthFacts(circuit, facts, customer, contract, result.version if result else 0)
    return found


def _results(month: date, circuits: Collection[int]) -> dict[int, CircuitMonth]:
    rows = CircuitMonth.objects.filter(month__month=month, circuit__in=list(circuits), until_version__isnull=True)
    return {row.circuit_id: row for row in rows.select_related("month")}


def _base_s(result: CircuitMonth | None) -> int:
    if result is None:
        return 0
    return max(0, result.to_s - result.from_s - result.planned_s - result.excluded_s)


def _late_clocks(month: date, circuits: Collection[int]) -> Iterable[Clock]:
    """Give the restoration promises missed in a month on tickets that are closed."""
    begin, end = bounds(month)
    return Clock.objects.filter(
        circuit__in=list(circuits), kind=ClockKind.RESTORATION, state=ClockState.BREACHED, breached_at__gte=begin,
        breached_at__lt=end, ticket__status=TicketStatus.CLOSED,
    ).order_by("breached_at", "pk")  # fmt: skip


def _ticket_ids(results: Iterable[CircuitMonth]) -> set[int]:
    pieces = (piece for row in results for one in row.stretches for piece in one["pieces"])
    return {piece["ticket_id"] for piece in pieces if piece.get("ticket_id")}


def _tickets(ids: Collection[int]) -> dict[int, _TicketFacts]:
    rows = Ticket.objects.filter(pk__in=list(ids)).only("pk", "cause_code", "responsibility")
    return {row.pk: _TicketFacts(row.number, row.cause_code, row.responsibility) for row in rows}


def _paid_in_year(month: date, circuits: Collection[int]) -> dict[int, int]:
    rows = Claim.objects.filter(
        circuit__in=list(circuits), month__year=month.year, status__in=LIVE, kind=ClaimKind.RECKONED
    ).exclude(month=month)
    return dict(rows.values_list("circuit").annotate(paid=Sum("amount_fen")).order_by())


def _outages_before(month: date, results: Mapping[int, CircuitMonth]) -> dict[int, datetime]:
    """Return when the last outage of the months before ended, by circuit; only for circuits with an outage now."""
    wanted = [pk for pk, row in results.items() if row.down_s]
    months = [previous(month)]
    while len(months) < MONTHS_BACK:
        months.append(previous(months[-1]))
    rows = CircuitMonth.objects.filter(
        circuit__in=wanted, month__month__in=months, until_version__isnull=True, down_s__gt=0
    )
    found: dict[int, datetime] = {}
    for row in rows.select_related("month").order_by("month__month") if wanted else ():
        spans = [span for span in _spans(row) if span.state == LedgerState.DOWN]
        if spans:
            found[row.circuit_id] = spans[-1].to_at
    return found


@dataclass(frozen=True)
class _Span:
    """A stretch that was down, under the contract (DOWN) or by somebody else's fault (EXCLUDED)."""

    from_at: datetime
    to_at: datetime
    state: LedgerState
    responsibility: str
    ticket_id: int | None


def _spans(row: CircuitMonth) -> list[_Span]:
    """Return the outages of a month in order; what touches and is judged alike is one."""
    begin = bounds(row.month.month)[0]
    joined: list[_Span] = []
    for one in kept(row.stretches):
        span = _span(one, begin)
        if span is None:
            continue
        last = joined[-1] if joined else None
        if last is not None and last.to_at == span.from_at and _alike(last, span):
            joined[-1] = replace(last, to_at=span.to_at, responsibility=last.responsibility or span.responsibility)
        else:
            joined.append(span)
    return joined


def _alike(one: _Span, other: _Span) -> bool:
    if one.state == LedgerState.DOWN:
        return other.state == LedgerState.DOWN
    return one.state == other.state and one.responsibility == other.responsibility


def _span(one: Stretch, begin: datetime) -> _Span | None:
    state = STATES[one.contract]
    downs = [piece for piece in one.pieces if piece.state == "down"]
    if state == LedgerState.EXCLUDED:
        downs = [piece for piece in downs if piece.responsibility in EXCUSES]
    if not downs or state not in (LedgerState.DOWN, LedgerState.EXCLUDED):
        return None
    ours = [piece for piece in downs if piece.responsibility not in EXCUSES] if state == LedgerState.DOWN else downs
    decided = next((piece.responsibility for piece in ours if piece.responsibility), "")
    ticket = next((piece.ticket_id for piece in ours if piece.ticket_id), None)
    from_at, to_at = (begin + timedelta(seconds=second) for second in (one.from_s, one.to_s))
    return _Span(from_at, to_at, state, decided, ticket)


def _events(row: CircuitMonth, tickets: Mapping[int, _TicketFacts], before: datetime | None) -> tuple[Event, ...]:
    found, after, begin = [], before, bounds(row.month.month)[0]
    for span in _spans(row):
        ticket = tickets.get(span.ticket_id or 0, _TicketFacts("", "", ""))
        event = Event(span.from_at, span.to_at, span.responsibility, ticket.cause, ticket.number)
        if span.state == LedgerState.DOWN:
            goes_on = span.from_at == begin and after == begin
            event = replace(event, after=None if goes_on else after, continues=goes_on)
            after = span.to_at
        found.append(event)
    return tuple(found)


def _late(clock: Clock, result: CircuitMonth | None, tickets: Mapping[int, _TicketFacts]) -> LateRepair:
    """Return a late repair; what was decided of this circuit's outage weighs more than what stands on the ticket."""
    ticket = tickets[clock.ticket_id]
    decided = _decided(result.stretches, clock.ticket_id) if result else set()
    side = decided.pop() if len(decided) == 1 else ticket.responsibility
    return LateRepair(ticket.number, clock.total_s, clock.used_s, side, ticket.cause)


def _decided(stretches: Iterable[Mapping[str, Any]], ticket_id: int) -> set[str]:
    pieces = (piece for one in stretches for piece in one["pieces"])
    return {piece.get("responsibility", "") for piece in pieces if piece.get("ticket_id") == ticket_id}
