"""Results of circuits, customers and contracts in a month, as of any version (H7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from mainstay.domain import availability
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.service.promises.holding import said
from mainstay.service.service_levels.choices import Verdict
from mainstay.service.service_levels.errors import NoSuchResult
from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth
from mainstay.service.service_levels.months import bounds, whole_s
from mainstay.service.service_levels.queries.sums import MISSED
from mainstay.service.service_levels.shapes import CircuitResult, CustomerResult, MonthState, Span, View

__all__ = [
    "CircuitResult", "CustomerResult", "MonthState", "Span", "View", "circuit_result", "contract_result",
    "customer_result", "evidence", "missed", "months", "results_of",
]  # fmt: skip

_FETCHED = ("circuit", "customer", "contract")


def circuit_result(actor: Actor, circuit_id: int, month: date, version: int | None = None) -> CircuitResult:
    """Return a circuit's month, as of a version or as it stands (2 queries). Raises NoSuchResult."""
    ledger_month = month_row(month)
    row = rows_at(ledger_month, version).filter(scope(actor), circuit=circuit_id).select_related(*_FETCHED).first()
    if row is None:
        raise NoSuchResult(msgid("There is no result of this circuit for {month}."), month=f"{month:%Y-%m}")
    return result_of(row, ledger_month, version)


def customer_result(actor: Actor, customer_id: int, month: date, version: int | None = None) -> CustomerResult:
    """Return a customer's month with all its circuits (2 queries). Raises NoSuchResult."""
    found = _together(actor, Q(customer=customer_id), month, version)
    if not found:
        raise NoSuchResult(msgid("There is no result of this customer for {month}."), month=f"{month:%Y-%m}")
    return customer_sum(found)


def contract_result(actor: Actor, contract_id: int, month: date, version: int | None = None) -> CustomerResult:
    """Return a contract's month with all its circuits (2 queries). Raises NoSuchResult."""
    found = _together(actor, Q(contract=contract_id), month, version)
    if not found:
        raise NoSuchResult(msgid("There is no result of this contract for {month}."), month=f"{month:%Y-%m}")
    return customer_sum(found, contract_id=contract_id)


def evidence(actor: Actor, circuit_id: int, month: date, version: int | None = None) -> tuple[Span, ...]:
    """Return a circuit's time in service in the month, stretch by stretch without a gap. Raises NoSuchResult."""
    from mainstay.service.service_levels.queries.evidence import spans_of

    ledger_month = month_row(month)
    row = rows_at(ledger_month, version).filter(scope(actor), circuit=circuit_id).first()
    if row is None:
        raise NoSuchResult(msgid("There is no result of this circuit for {month}."), month=f"{month:%Y-%m}")
    return spans_of(row, ledger_month, for_customer=not actor.is_staff)


def results_of(customer_ids: Iterable[int], month: date) -> dict[int, CustomerResult]:
    """Return the months of many customers, by id; no scope (2 queries for 900 customers)."""
    ledger_month = LedgerMonth.objects.filter(month=month).first()
    wanted, found = sorted(set(customer_ids)), defaultdict(list)
    if ledger_month is None:
        return {}
    for start in range(0, len(wanted), 900):
        rows = rows_at(ledger_month, None).filter(customer__in=wanted[start : start + 900])
        for row in rows.select_related(*_FETCHED).order_by("circuit__number"):
            found[row.customer_id].append(result_of(row, ledger_month, None))
    return {customer: customer_sum(results) for customer, results in found.items()}


def missed(month: date) -> Iterator[CircuitResult]:
    """Give the circuits whose promise is missed, by customer and number, as it stands; no scope."""
    ledger_month = LedgerMonth.objects.filter(month=month).first()
    if ledger_month is None:
        return
    rows = rows_at(ledger_month, None).filter(MISSED).defer("stretches")
    for row in rows.select_related(*_FETCHED).order_by("customer", "circuit__number").iterator(2000):
        yield result_of(row, ledger_month, None)


def months(actor: Actor) -> list[MonthState]:
    """Return the months there are, the latest first, with the circuits the actor may see (3 queries)."""
    from mainstay.service.service_levels.queries.overview import counts

    by_month = counts(actor)
    return [
        MonthState(row.month, row.version, row.closed_at, *by_month.get(row.pk, (0, 0)), reckoned_to=row.reckoned_to)
        for row in LedgerMonth.objects.order_by("-month")
    ]


def month_row(month: date) -> LedgerMonth:
    """Return a month. Raises NoSuchResult."""
    row = LedgerMonth.objects.filter(month=month).first()
    if row is None:
        raise NoSuchResult(msgid("There are no results for {month} yet."), month=f"{month:%Y-%m}")
    return row


def rows_at(month: LedgerMonth | None, version: int | None) -> "QuerySet[CircuitMonth]":
    """Return the results of a month as of a version; None as they stand."""
    if month is None:
        return CircuitMonth.objects.none()
    rows = CircuitMonth.objects.filter(month=month)
    if version is None or version >= month.version:
        return rows.filter(until_version__isnull=True)
    later = Q(until_version__isnull=True) | Q(until_version__gt=max(version, 1))
    return rows.filter(later, version__lte=max(version, 1))


def elapsed_s(month: LedgerMonth) -> int:
    """Return up to which second of the month its results are."""
    begin, end = bounds(month.month)
    return whole_s(min(month.reckoned_to, end)) - whole_s(begin)


def domain_views(row: CircuitMonth, elapsed: int) -> tuple[availability.View, availability.View]:
    """Return a result's seconds: contract, felt."""
    to_s = min(row.to_s, elapsed)
    total = to_s - min(row.from_s, to_s)
    contract = (row.down_s, row.degraded_s, row.unknown_s, row.planned_s, row.excluded_s)
    felt = (row.felt_down_s, row.felt_degraded_s, row.felt_unknown_s, 0, 0)
    return (
        availability.View(total, total - sum(contract), *contract, row.outages, row.longest_s),
        availability.View(total, total - sum(felt), *felt, row.felt_outages, row.felt_longest_s),
    )


def shown(view: availability.View) -> View:
    """Return a view with its bounds."""
    lower, upper = availability.fraction(view)
    seconds = (view.total_s, view.up_s, view.down_s, view.degraded_s, view.unknown_s, view.planned_s, view.excluded_s)
    return View(*seconds, lower, upper, view.outages, view.longest_s)


def result_of(row: CircuitMonth, month: LedgerMonth, version: int | None) -> CircuitResult:
    """Return a row, its circuit, customer and contract fetched, as people read it."""
    elapsed = elapsed_s(month)
    contract, felt = domain_views(row, elapsed)
    still = max(0, row.to_s - max(elapsed, row.from_s))
    outcome = availability.judge(contract, row.target_millionths, still_to_come_s=still)
    target = None if row.target_millionths is None else Decimal(row.target_millionths).scaleb(-6)
    return CircuitResult(
        circuit_id=row.circuit_id, number=row.circuit.number, name=row.circuit.name, customer_id=row.customer_id,
        customer_name=row.customer.name, contract_id=row.contract_id,
        contract_number=row.contract.number if row.contract else "", region_code=row.region_code, grade=row.grade,
        month=month.month, version=month.version if version is None else min(version, month.version),
        closed=month.closed_at is not None, contract=shown(contract), felt=shown(felt), target=target,
        target_source=source_of(row.promise), verdict=Verdict(outcome.value),
    )  # fmt: skip


def source_of(promise: dict[str, Any]) -> str:
    """Say where a promise is laid down, in the reader's language; "" where there is none."""
    if not promise:
        return ""
    return said(promise["level"], promise["label"], Decimal(promise["amount"]), promise["unit"])


def summed(views: Iterable[View]) -> View:
    """Add up views of several circuits: seconds and outages are added, the longest is the longest of all."""
    given = list(views)
    added = [sum(getattr(view, name) for view in given) for name in _ADDED]
    longest = max((view.longest_s for view in given), default=0)
    total, up, down, degraded, unknown, planned, excluded, outages = added
    return shown(availability.View(total, up, down, degraded, unknown, planned, excluded, outages, longest))


_ADDED = ("total_s", "up_s", "down_s", "degraded_s", "unknown_s", "planned_s", "excluded_s", "outages")


def customer_sum(found: Sequence[CircuitResult], *, contract_id: int | None = None) -> CustomerResult:
    """Return the sum of circuits of one customer or contract; there is at least one."""
    first = found[0]
    return CustomerResult(
        first.customer_id, first.customer_name, first.month, first.version, first.closed,
        summed(one.contract for one in found), summed(one.felt for one in found), tuple(found), contract_id,
    )  # fmt: skip


def _together(actor: Actor, whose: Q, month: date, version: int | None) -> list[CircuitResult]:
    ledger_month = month_row(month)
    rows = rows_at(ledger_month, version).filter(whose).filter(scope(actor)).defer("stretches")
    ordered = rows.select_related(*_FETCHED).order_by("circuit__number")
    return [result_of(row, ledger_month, version) for row in ordered]
