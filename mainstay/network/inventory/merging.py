"""Tell who keeps the network in memory that circuits belong to another customer: it was merged, or that was undone."""

from mainstay.accounts.customers.events import CustomersMerged
from mainstay.domain.actor import Actor
from mainstay.network.inventory.actions.feed import bump_revision

CIRCUIT = "inventory.Circuit.customer_id"


def on_customers_merged(event: CustomersMerged, by: Actor) -> None:
    """Note the circuits that changed hands as touched; the impact worker reads their customer anew."""
    moved = event.moved.get(CIRCUIT, [])
    if moved:
        bump_revision(circuits=moved)
