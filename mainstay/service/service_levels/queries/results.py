"""Results of circuits, customers and contracts in a month, as of any version (H7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.service.service_levels.errors import NoSuchResult
from mainstay.service.service_levels.models import LedgerMonth
from mainstay.service.service_levels.queries.evidence import spans_of
from mainstay.service.service_levels.queries.overview import counts
from mainstay.service.service_levels.queries.reading import month_row, result_of, rows_at, summed
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
    by_month = counts(actor)
    return [
        MonthState(row.month, row.version, row.closed_at, *by_month.get(row.pk, (0, 0)), reckoned_to=row.reckoned_to)
        for row in LedgerMonth.objects.order_by("-month")
    ]


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
