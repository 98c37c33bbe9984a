"""Months at a glance: province, city, customer, contract, circuit; each number of a set of circuits (H7)."""

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.places import queries as places
from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth
from mainstay.service.service_levels.queries import sums
from mainstay.service.service_levels.queries.reading import elapsed_s, month_row, result_of, rows_at, shown
from mainstay.service.service_levels.shapes import CircuitResult, View

VERDICTS = ("missed", "undecided", "met", "no_promise")


@dataclass(frozen=True)
class Within:
    """What an overview is limited to: a region's code prefix, a customer, a contract, a verdict; only what was felt."""

    region: str = ""
    customer_id: int | None = None
    contract_id: int | None = None
    verdict: str = ""
    affected: bool = False

    def given(self) -> dict[str, str]:
        """Return it as parameters of an address."""
        names = {"customer_id": "customer", "contract_id": "contract"}
        told = {names.get(one.name, one.name): getattr(self, one.name) for one in fields(self)}
        return {name: "1" if value is True else str(value) for name, value in told.items() if value}


@dataclass(frozen=True)
class Group:
    """A set of circuits: what it is called, how many, how many missed or undecided, the sum of both views."""

    label: str
    within: Within
    circuits: int
    missed: int
    undecided: int
    promised: int
    affected: int
    contract: View
    felt: View

    @property
    def met(self) -> int:
        """Return how many keep their promise."""
        return self.promised - self.missed - self.undecided


@dataclass(frozen=True)
class Overview:
    """A month within limits: the whole, and its parts one level down, or its circuits."""

    month: LedgerMonth
    version: int
    whole: Group
    trail: tuple[tuple[str, Within], ...]
    level: str
    page: Page[Any]
    groups: tuple[Group, ...] = ()
    circuits: tuple[CircuitResult, ...] = field(default=())


def counts(actor: Actor) -> dict[int, tuple[int, int]]:
    """Return, by the id of the month, how many circuits the actor sees in it and how many missed (1 query)."""
    rows = CircuitMonth.objects.filter(scope(actor), until_version__isnull=True).values("month")
    found = rows.annotate(circuits=Count("pk"), late=Count("pk", filter=sums.MISSED)).order_by()
    return {row["month"]: (row["circuits"], row["late"]) for row in found}


@dataclass(frozen=True)
class Standing:
    """How a customer's promises stand in a month: circuits with one, missed, not decided; availability so far."""

    month: date
    promised: int
    missed: int
    undecided: int
    contract: View


def standing(actor: Actor, customer_id: int, month: date) -> Standing | None:
    """Return how a customer fares in a month, None where nothing is reckoned (2 queries)."""
    row = LedgerMonth.objects.filter(month=month).first()
    if row is None:
        return None
    results = rows_at(row, None).filter(scope(actor), customer=customer_id)
    found = _group(results.aggregate(**sums.adding(elapsed_s(row))), "", Within(customer_id=customer_id))
    if not found.circuits:
        return None
    return Standing(month, found.promised, found.missed, found.undecided, found.contract)


def overview(
    actor: Actor, month: date, within: Within, *, version: int | None = None, flat: bool = False, page: int = 1
) -> Overview:
    """Return a month's figures one level below what is asked for; `flat`, or with a verdict: its circuits.

    At most 7 queries. Raises NoSuchResult.
    """
    row = month_row(month)
    elapsed = elapsed_s(row)
    results = _limited(rows_at(row, version).filter(scope(actor)), within, elapsed)
    whole = _group(results.aggregate(**sums.adding(elapsed)), "", within)
    level = "circuit" if flat or within.verdict or within.affected else _level(within)
    parts: dict[str, Any] = (
        _circuits(results, row, version, page) if level == "circuit" else _groups(results, level, within, elapsed, page)
    )
    shown_version = row.version if version is None else min(version, row.version)
    return Overview(row, shown_version, whole, _trail(within, results), level, **parts)


def _limited(rows: "QuerySet[CircuitMonth]", within: Within, elapsed: int) -> "QuerySet[CircuitMonth]":
    if within.region:
        rows = rows.filter(region_code__startswith=within.region)
    if within.customer_id is not None:
        rows = rows.filter(customer=within.customer_id)
    if within.contract_id is not None:
        rows = rows.filter(contract=within.contract_id or None)
    if within.affected:
        rows = rows.filter(felt_outages__gt=0)
    return rows.filter(_verdict(within.verdict, elapsed)) if within.verdict else rows


def _verdict(verdict: str, elapsed: int) -> Q:
    if verdict == "missed":
        return sums.MISSED
    if verdict == "undecided":
        return sums.undecided(elapsed)
    if verdict == "met":
        return sums.kept(elapsed) & ~sums.MISSED
    return Q(target_millionths__isnull=True)


def _level(within: Within) -> str:
    if within.contract_id is not None:
        return "circuit"
    if within.customer_id is not None:
        return "contract"
    return {0: "province", 2: "city"}.get(len(within.region), "customer")


_BY: dict[str, Any] = {
    "province": {"key": Substr("region_code", 1, 2)},
    "city": {"key": Substr("region_code", 1, 4)},
}


def _groups(results: "QuerySet[CircuitMonth]", level: str, within: Within, elapsed: int, page: int) -> dict[str, Any]:
    columns = {"customer": ("customer_id", "customer__name"), "contract": ("contract_id", "contract__number")}
    keyed: QuerySet[Any, Any] = results.annotate(**_BY.get(level, {}))
    rows = keyed.values("key") if level in _BY else keyed.values(*columns[level])
    summed: QuerySet[Any, Any] = rows.annotate(**sums.adding(elapsed))
    found = summed.order_by("-missed", "-sum_down_s", *columns.get(level, ("key",)))
    shown_page = Paginator(found, 50).get_page(page)
    listed = list(shown_page.object_list)
    names = places.names([one["key"] for one in listed]) if level in _BY else {}
    return {"page": shown_page, "groups": tuple(_named(one, level, within, names) for one in listed)}


def _named(row: dict[str, Any], level: str, within: Within, names: dict[str, str]) -> Group:
    if level in _BY:
        return _group(row, names.get(row["key"], row["key"]), replace(within, region=row["key"]))
    if level == "customer":
        return _group(row, row["customer__name"], replace(within, customer_id=row["customer_id"]))
    return _group(row, row["contract__number"] or "", replace(within, contract_id=row["contract_id"] or 0))


def _group(row: dict[str, Any], label: str, within: Within) -> Group:
    contract, felt = sums.added(row)
    numbers = (row["circuits"], row["missed"], row["undecided"], row["promised"], row["touched"])
    return Group(label, within, *numbers, shown(contract), shown(felt))


def _circuits(results: "QuerySet[CircuitMonth]", month: LedgerMonth, version: int | None, page: int) -> dict[str, Any]:
    rows = results.defer("stretches").select_related("circuit", "customer", "contract")
    shown_page = Paginator(rows.order_by("-down_s", "-felt_down_s", "circuit__number"), 50).get_page(page)
    return {"page": shown_page, "circuits": tuple(result_of(row, month, version) for row in shown_page.object_list)}


def _trail(within: Within, results: "QuerySet[CircuitMonth]") -> tuple[tuple[str, Within], ...]:
    """Return the way down to here: names of the province, the city, the customer, the contract."""
    codes = [within.region[:n] for n in (2, 4) if len(within.region) >= n]
    names = places.names(codes) if codes else {}
    found = [(names.get(code, code), Within(region=code)) for code in codes]
    if within.customer_id is None and within.contract_id is None:
        return tuple(found)
    first = results.select_related("customer", "contract").defer("stretches").first()
    if first is not None and within.customer_id is not None:
        found.append((first.customer.name, Within(within.region, within.customer_id)))
    if first is not None and within.contract_id is not None:
        found.append((first.contract.number if first.contract else "", replace(within, verdict="", affected=False)))
    return tuple(found)
