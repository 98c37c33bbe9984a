"""What stands at each place of a customer: the ends of its circuits with their equipment, nothing copied (A1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.models import CircuitEnd
from mainstay.platform.identity.queries import scope

MOST = 500
"""So many ends are shown at most; more are counted."""


@dataclass
class Place:
    """A place with the circuit ends there. `site`: the one it was named as, None: only the network's name is known."""

    name: str
    address: str
    site: Any = None
    ends: list[CircuitEnd] = field(default_factory=list)

    @property
    def end_ids(self) -> str:
        """Return the keys of the ends, for a form."""
        return ",".join(str(end.pk) for end in self.ends)


def places(actor: Actor, customer_id: int, sites: Iterable[Any]) -> tuple[list[Place], int]:
    """Return a customer's places with equipment, named ones first, and how many ends are left out (1 query).

    `sites`: those of the customer. Ends that were put at no site are gathered by how the network names the place.
    """
    named = {site.pk: Place(site.name, site.address, site) for site in sites}
    others: dict[tuple[str, str], Place] = {}
    rows = CircuitEnd.objects.filter(
        scope(actor, customer="circuit__customer_id", region="circuit__region_code"),
        circuit__customer=customer_id, circuit__status=CircuitStatus.ACTIVE,
    )  # fmt: skip
    rows = rows.select_related("circuit", "converter", "router")
    rows = rows.order_by("site_name", "address", "circuit__number", "side")
    ends = list(rows[: MOST + 1])
    left_out = rows.count() - MOST if len(ends) > MOST else 0
    for end in ends[:MOST]:
        if end.site_id in named:
            named[end.site_id].ends.append(end)
        else:
            place = others.setdefault((end.site_name, end.address), Place(end.site_name, end.address))
            place.ends.append(end)
    return [*named.values(), *others.values()], left_out
