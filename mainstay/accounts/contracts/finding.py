"""What can be found of contracts, and by which words (A6)."""

from collections.abc import Iterable

from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.events import CustomersRenamed
from mainstay.domain.actor import Actor
from mainstay.platform.search.actions import SearchItem, index

RANK = 40


def on_customers_renamed(event: CustomersRenamed, by: Actor) -> None:
    """Make the contracts of renamed customers findable by their new names."""
    index_contracts(Contract.objects.filter(customer__in=event.customer_ids).select_related("customer"))


def index_contracts(contracts: Iterable[Contract]) -> None:
    """Make contracts, customers fetched, findable by number, name and customer, in the caller's transaction."""
    index(
        item_of((row.pk, row.number, row.name, row.customer_id), row.customer.name, row.customer.region_id)
        for row in contracts
    )


def item_of(row: tuple[int, str, str, int], customer_name: str, region_code: str) -> SearchItem:
    """Say how a contract (id, number, name, customer's id) is found."""
    pk, number, name, customer_id = row
    return SearchItem(
        kind="contract",
        id=pk,
        label=number,
        detail=f"{name} · {customer_name}",
        words=(name, customer_name),
        rank=RANK,
        customer_id=customer_id,
        region_code=region_code,
    )
