"""What can be found of circuits and resources, and by which words (A6)."""

from collections.abc import Iterable, Sequence

from mainstay.accounts.catalog.choices import GRADE_RANK
from mainstay.accounts.customers.events import CustomersRenamed
from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.inventory.models import Circuit, CircuitEnd, Resource
from mainstay.platform.search.actions import SearchItem, index

CIRCUIT_RANK = 20
RESOURCE_RANK = 60
FINDABLE = frozenset({ResourceKind.SITE, ResourceKind.DEVICE, ResourceKind.LINK, ResourceKind.CABLE})


def index_resources(rows: Iterable[Resource]) -> None:
    """Make sites, devices, links and cables findable by name, code and address, in the caller's transaction."""
    index(resource_item(row) for row in rows if row.kind in FINDABLE)


def resource_item(row: Resource) -> SearchItem:
    """Say how a resource is found."""
    return SearchItem(
        kind="resource",
        id=row.pk,
        label=row.name,
        detail=" · ".join(word for word in (row.code, row.address) if word),
        words=tuple(word for word in (row.code, row.address, row.management_ip or "") if word),
        rank=RESOURCE_RANK,
        region_code=row.region_code,
    )


def index_circuits(circuits: Iterable[Circuit], ends: Iterable[CircuitEnd]) -> None:
    """Make circuits findable by number with and without separators, name, customer and the addresses of their ends.

    In the caller's transaction; the circuits' customers are fetched.
    """
    places: dict[int, list[str]] = {}
    for end in ends:
        places.setdefault(end.circuit_id, []).extend(word for word in (end.site_name, end.address) if word)
    index(circuit_item(row, places.get(row.pk, [])) for row in circuits)


def on_customers_renamed(event: CustomersRenamed, by: Actor) -> None:
    """Make the circuits of renamed customers findable by their new names."""
    ends = CircuitEnd.objects.filter(circuit__customer__in=event.customer_ids)
    index_circuits(Circuit.objects.filter(customer__in=event.customer_ids).select_related("customer"), ends)


def circuit_item(row: Circuit, places: Sequence[str]) -> SearchItem:
    """Say how a circuit, its customer fetched, is found; `places`: names and addresses of its ends."""
    customer = row.customer
    words = (row.name, customer.name, customer.short_name, *places)
    return SearchItem(
        kind="circuit",
        id=row.pk,
        label=row.number,
        detail=" · ".join(word for word in (customer.name, row.name) if word),
        words=tuple(word for word in words if word),
        rank=CIRCUIT_RANK + GRADE_RANK.get(row.grade, len(GRADE_RANK)),
        prominence={"AAA": 0, "AA": 1}.get(row.grade),
        customer_id=row.customer_id,
        region_code=row.region_code,
    )
