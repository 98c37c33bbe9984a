"""Reads the facts of reports, for many customers at once in flat queries (about twenty, however many they are)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext

from mainstay.accounts.consulting.queries.sight import sealed
from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.domain.actor import NOBODY
from mainstay.service.compensation.choices import TOLD
from mainstay.service.compensation.queries.claims import claims_of
from mainstay.service.reports.cases import CasesOfMonth, cases_of
from mainstay.service.reports.facts import About, Claim, PastMonth, Person, ReportFacts, Stretch
from mainstay.service.reports.working import Over, works_between, works_over
from mainstay.service.service_levels.choices import LedgerState
from mainstay.service.service_levels.models import CircuitMonth
from mainstay.service.service_levels.months import bounds, previous
from mainstay.service.service_levels.queries.results import customer_sum, results_of
from mainstay.service.service_levels.shapes import CircuitResult, CustomerResult

TREND = 12
"""Months in a trend, the report's own included."""
MILLION = 1_000_000


@dataclass(frozen=True)
class _Read:
    """What was read for some customers in a month, by customer."""

    results: Mapping[int, CustomerResult]
    cases: Mapping[int, CasesOfMonth]
    contacts: Mapping[int, tuple[Person, ...]]
    claims: Mapping[int, list[Claim]] | None
    past: Mapping[int, Mapping[int, Mapping[date, PastMonth]]]
    stretches: Mapping[int, list[dict[str, Any]]]
    works: Over


def facts_of_customers(customer_ids: Collection[int], month: date) -> dict[int, ReportFacts]:
    """Return the facts of customers' reports, by customer; who has no circuit in the month is left out. No scope."""
    abouts = {about.customer_id: about for about in _customers(customer_ids)}
    read = _read(abouts, month)
    return {
        pk: _facts(about, month, read, read.results[pk], None) for pk, about in abouts.items() if pk in read.results
    }


def facts_of_contracts(contract_ids: Collection[int], month: date) -> dict[int, ReportFacts]:
    """Return the facts of contracts' reports, by contract, each over the contract's own circuits. No scope."""
    rows = Contract.objects.filter(pk__in=contract_ids).order_by("pk")
    contracts = list(rows.values_list("pk", "number", "name", "customer_id"))
    abouts = {about.customer_id: about for about in _customers({row[3] for row in contracts})}
    read = _read(abouts, month)
    found = {}
    for pk, number, name, customer_id in contracts:
        whole = read.results.get(customer_id)
        circuits = tuple(c for c in whole.circuits if c.contract_id == pk) if whole else ()
        if whole is None or not circuits:
            continue
        about = replace(abouts[customer_id], contract_id=pk, contract_number=number, contract_name=name)
        found[pk] = _facts(about, month, read, customer_sum(list(circuits), contract_id=pk), circuits)
    return found


def _facts(
    about: About, month: date, read: _Read, result: CustomerResult, only: Sequence[CircuitResult] | None
) -> ReportFacts:
    """Put a report's facts together; `only`: the circuits it is about, where it is not all of the customer's."""
    from_at, to_at = bounds(month)
    numbers = None if only is None else {circuit.number for circuit in only}
    cases = read.cases.get(about.customer_id, CasesOfMonth()).over(numbers)
    works = works_over(read.works, {circuit.circuit_id: circuit.number for circuit in result.circuits})
    claims = None
    if read.claims is not None:
        of_customer = read.claims.get(about.customer_id, [])
        claims = tuple(claim for claim in of_customer if numbers is None or claim.circuit in numbers)
    return ReportFacts(
        about=about, month=month, from_at=from_at, to_at=to_at, result=result, faults=cases.faults,
        tallies=cases.tallies, works=works, claims=claims,
        spans=_spans(result, read, (to_at - from_at).total_seconds()),
        trend=_trend(about, month, read, result), contacts=read.contacts.get(about.customer_id, ()),
    )  # fmt: skip


def _read(abouts: Mapping[int, About], month: date) -> _Read:
    from_at, to_at = bounds(month)
    ids = list(abouts)
    results = results_of(ids, month)
    return _Read(
        results=results,
        cases=cases_of(ids, from_at, to_at),
        contacts=_contacts(ids),
        claims=_claims(ids, month),
        past=_past(ids, month),
        stretches=_stretches(ids, month),
        works=works_between(from_at, to_at),
    )


def _customers(ids: Collection[int]) -> Iterable[About]:
    rows = Customer.objects.filter(pk__in=list(ids)).select_related("account_manager").order_by("pk")
    for row in rows:
        manager = row.account_manager
        yield About(
            row.pk, row.code, row.name, row.region_id, row.get_service_grade_display(),
            manager.display_name if manager else "", manager.phone if manager else "", manager.email if manager else "",
        )  # fmt: skip


def _contacts(ids: Collection[int]) -> dict[int, tuple[Person, ...]]:
    """Return the customers' people; their numbers and addresses leave the house masked (A3)."""
    found: dict[int, list[Person]] = defaultdict(list)
    known = sealed(NOBODY)
    for row in Contact.objects.filter(customer_id__in=ids, left_on__isnull=True).order_by("pk"):
        phone, email = (
            known.show(f"contact.{name}", getattr(row, name), customer_id=row.customer_id).text
            for name in ("phone", "email")
        )
        found[row.customer_id].append(Person(row.name, row.title or row.get_role_display(), phone, email))
    return {pk: tuple(people) for pk, people in found.items()}


def _stretches(ids: Collection[int], month: date) -> dict[int, list[dict[str, Any]]]:
    """Return by circuit what was not up, as the ledger keeps it (1 query)."""
    rows = CircuitMonth.objects.filter(month__month=month, customer_id__in=ids, until_version__isnull=True)
    return {circuit: kept for circuit, kept in rows.values_list("circuit_id", "stretches") if kept}


def _spans(result: CustomerResult, read: _Read, length_s: float) -> tuple[tuple[str, tuple[Stretch, ...]], ...]:
    """Return by circuit what the month's chart shows, those longest out first."""
    shown = []
    for circuit in sorted(result.circuits, key=lambda c: (-c.contract.down_s, -c.felt.down_s, c.number)):
        kept = read.stretches.get(circuit.circuit_id, ())
        spans = tuple(
            Stretch(one["from"] / length_s, one["to"] / length_s, LedgerState(one["contract"])) for one in kept
            if one["contract"] != LedgerState.UP
        )  # fmt: skip
        if spans:
            shown.append((circuit.number, spans))
    return tuple(shown)


def _past(ids: Collection[int], month: date) -> dict[int, dict[int, dict[date, PastMonth]]]:
    """Return the months of the trend by customer and contract (0: none), from sums the database makes (1 query)."""
    first = month
    for _ in range(TREND - 1):
        first = previous(first)
    rows: Any = (
        CircuitMonth.objects.filter(
            Q(month__month__gte=first, month__month__lte=month), customer_id__in=ids, until_version__isnull=True
        )
        .values_list("customer_id", "contract_id", "month__month")
        .annotate(
            base=Sum(F("to_s") - F("from_s") - F("planned_s") - F("excluded_s")), down=Sum("down_s"),
            unknown=Sum("unknown_s"),
        )
        .order_by()
    )  # fmt: skip
    found: dict[int, dict[int, dict[date, PastMonth]]] = defaultdict(lambda: defaultdict(dict))
    for customer, contract, of, base, down, unknown in rows:
        lower = Decimal((base - down - unknown) * MILLION // base) / MILLION if base > 0 else None
        found[customer][contract or 0][of] = _Sums(of, lower, down, base, unknown)
    return found


@dataclass(frozen=True)
class _Sums(PastMonth):
    """A month with what it was reckoned from, so that contracts can be put together."""

    base_s: int = 0
    unknown_s: int = 0


def _trend(about: About, month: date, read: _Read, result: CustomerResult) -> tuple[PastMonth, ...]:
    """Return twelve months, oldest first, without those before the first of which anything is known."""
    of = read.past.get(about.customer_id, {})
    kept = list(of.values()) if about.contract_id is None else [of.get(about.contract_id, {})]
    months, at = [], month
    for _ in range(TREND):
        parts = [found[at] for found in kept if at in found]
        months.append(_together(at, [part for part in parts if isinstance(part, _Sums)]))
        at = previous(at)
    months[0] = PastMonth(month, result.contract.lower, result.contract.down_s)
    while len(months) > 1 and months[-1].lower is None and months[-1].down_s is None:
        months.pop()
    return tuple(reversed(months))


def _together(month: date, parts: Sequence[_Sums]) -> PastMonth:
    if not parts:
        return PastMonth(month, None, None)
    base, down, unknown = (sum(getattr(part, name) for part in parts) for name in ("base_s", "down_s", "unknown_s"))
    lower = Decimal((base - down - unknown) * MILLION // base) / MILLION if base > 0 else None
    return PastMonth(month, lower, down)


def _claims(customer_ids: Collection[int], month: date) -> dict[int, list[Claim]]:
    """Return by customer the compensations a customer may read: what was granted, and what became of it."""
    return {
        customer: [
            Claim(row.number, row.circuit_number, row.clause_name, row.amount_fen, row.status_label, row.derivation)
            for row in rows
            if row.status in TOLD
        ]
        for customer, rows in claims_of(customer_ids, month).items()
    }


def role_of_manager() -> str:
    """Return what our account manager is called in the reader's language."""
    return gettext("Account manager")
