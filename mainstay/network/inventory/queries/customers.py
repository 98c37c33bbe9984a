"""Read customers together with what they have: the counts of their circuits."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import CustomerFilters
from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import CircuitStatus, LiveState
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import counts_by_customer, ordering
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
    rows = customers.filtered(actor, filters or CustomerFilters()).select_related("account_manager", "region", "parent")
    if impaired:
        rows = rows.filter(Exists(_active().filter(customer=OuterRef("pk"), live_state__gt=LiveState.UP)))
    if sort.removeprefix("-") in ("circuits", "impaired"):
        found = LongPaginator(_by_circuits(rows, sort), size).get_page(page)
        return Page(_counted_rows(rows, list(found.object_list)), found.number, found.paginator)
    found = LongPaginator(rows.order_by(*ordering(sort, customers.SORTS)), size).get_page(page)
    return Page(customer_rows(list(found.object_list)), found.number, found.paginator)


def _counted_rows(rows: QuerySet[Customer], keys: list[int]) -> list[CustomerRow]:
    """Read customers in the order of their keys, with the counts (1 query)."""
    active = Q(circuits__status=CircuitStatus.ACTIVE)
    known: dict[int, Any] = rows.annotate(
        in_service=Count("circuits", filter=active),
        not_up=Count("circuits", filter=active & Q(circuits__live_state__gt=LiveState.UP)),
    ).in_bulk(keys)
    return [CustomerRow(known[key], known[key].in_service, known[key].not_up) for key in keys]


def _by_circuits(rows: QuerySet[Customer], sort: str) -> "QuerySet[Customer, int]":
    """Order the keys of customers by the number of their circuits: rows are read for one page only."""
    counts = Q(circuits__status=CircuitStatus.ACTIVE)
    if sort.endswith("impaired"):
        counts &= Q(circuits__live_state__gt=LiveState.UP)
    keys = rows.select_related(None).annotate(counting=FilteredRelation("circuits", condition=counts))
    counted = keys.values("pk").annotate(sorted_by=Count("counting"))
    return counted.order_by("-sorted_by" if sort.startswith("-") else "sorted_by", "name", "pk").values_list(
        "pk", flat=True
    )


def customer_rows(found: list[Customer]) -> list[CustomerRow]:
    """Put the counts beside customers already read (1 query)."""
    counts = counts_by_customer([each.pk for each in found])
    return [CustomerRow(each, *counts.get(each.pk, (0, 0))) for each in found]


def _active() -> QuerySet[Circuit]:
    return Circuit.objects.filter(status=CircuitStatus.ACTIVE)
