"""How are results read from their rows, as of a version, and added up?"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from mainstay.domain import availability
from mainstay.domain.errors import msgid
from mainstay.service.promises.holding import said
from mainstay.service.service_levels.choices import Verdict
from mainstay.service.service_levels.errors import NoSuchResult
from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth
from mainstay.service.service_levels.months import bounds, whole_s
from mainstay.service.service_levels.shapes import CircuitResult, View


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
