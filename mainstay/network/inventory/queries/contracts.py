"""Which circuits run under a contract?"""

from mainstay.domain.actor import Actor
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import visible_to


def by_line(actor: Actor, contract_id: int) -> dict[int, list[Circuit]]:
    """Return the visible circuits under a contract by the id of its line, by number (1 query)."""
    found: dict[int, list[Circuit]] = {}
    rows = visible_to(actor).filter(contract_line__contract=contract_id).select_related("product")
    for circuit in rows.order_by("number"):
        found.setdefault(circuit.contract_line_id or 0, []).append(circuit)
    return found
