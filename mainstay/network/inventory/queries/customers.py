"""Read customers together with what they have: the counts of their circuits."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import CustomerFilters
from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import IMPAIRED, counts_by_customer, ordering
from mainstay.platform.bulk.paging import LongPaginator


@dataclass(frozen=True)
class CustomerRow:
    """A customer in a list, with how many circuits are in service and how many of these are not up."""

    customer: Customer
    circuits: int
    impaired: int


def customer_list(
    actor: Actor,
    filters: CustomerFilters | None = None,
    *,
    impaired: bool = False,
    sort: str = "name",
    page: int = 1,
    size: int = 50,
) -> Page[CustomerRow]:
    """Return a page of CustomerRow: manager and region fetched (3 queries, however many rows).

    `impaired`: only customers with a circuit that is not up. `sort`: a name of `customers.queries.SORTS`, "circuits" or
    "impaired", with "-" before it to turn it round.
    """
    rows = customers_matching(actor, filters, impaired=impaired, sort=sort)
    found = LongPaginator(rows.select_related("account_manager", "region", "parent"), size).get_page(page)
    return Page(customer_rows(list(found.object_list)), found.number, found.paginator)


def customers_matching(
    actor: Actor, filters: CustomerFilters | None = None, *, impaired: bool = False, sort: str = "name"
) -> QuerySet[Customer]:
    """Return the customers of a list in its order, as `customer_list` takes it."""
    rows = customers.filtered(actor, filters or CustomerFilters())
    if impaired:
        rows = rows.filter(_is_impaired())
    sorts = dict(customers.SORTS)
    name = sort.removeprefix("-")
    if name in ("circuits", "impaired"):
        counted = _active() if name == "circuits" else _active().filter(IMPAIRED)
        rows = rows.alias(sorted_by=_count(counted) if impaired or name == "circuits" else _count_where_any(counted))
        sorts[name] = ("sorted_by", "name")
    return rows.order_by(*ordering(sort, sorts))


def count_impaired(actor: Actor) -> int:
    """Count the customers that `customer_list(impaired=True)` lists (1 query)."""
    return customers.filtered(actor, CustomerFilters()).filter(_is_impaired()).count()


def _is_impaired() -> Exists:
    return Exists(_active().filter(IMPAIRED, customer=OuterRef("pk")))


def customer_rows(found: list[Customer]) -> list[CustomerRow]:
    """Put the counts beside customers already read (1 query)."""
    counts = counts_by_customer([each.pk for each in found])
    return [CustomerRow(each, *counts.get(each.pk, (0, 0))) for each in found]


def _active() -> QuerySet[Circuit]:
    return Circuit.objects.filter(status=CircuitStatus.ACTIVE)


def _count(rows: QuerySet[Circuit]) -> Coalesce:
    counted = rows.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), Value(0))


def _count_where_any(rows: QuerySet[Circuit]) -> Case:
    """Count as `_count`, but only for customers that have any: these are found once, and are few."""
    return Case(When(pk__in=rows.values("customer"), then=_count(rows)), default=Value(0))
