"""Read a customer's circuits as lines between its sites, for drawings (E4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import CircuitStatus, LiveState, Side
from mainstay.network.inventory.models import Circuit, CircuitEnd
from mainstay.network.inventory.queries.circuits import IMPAIRED, in_order, visible_to


@dataclass(frozen=True)
class Span:
    """A circuit and the names of the sites at its ends ("?" when an end is not recorded)."""

    circuit: Circuit
    a_site: str
    z_site: str


@dataclass(frozen=True)
class Spans:
    """The worst spans, and how many more there are."""

    shown: list[Span]
    left_out: int


def spans_of_customer(actor: Actor, customer_id: int, *, limit: int) -> Spans:
    """Return the visible circuits in service of a customer with their end sites, the worst first (2 or 3 queries)."""
    rows = visible_to(actor).filter(customer=customer_id, status=CircuitStatus.ACTIVE)
    circuits = list(in_order(rows.select_related("live"))[:limit])
    left_out = rows.count() - len(circuits) if len(circuits) == limit else 0
    sites = sites_of([circuit.pk for circuit in circuits])
    spans = [Span(each, sites.get((each.pk, Side.A), "?"), sites.get((each.pk, Side.Z), "?")) for each in circuits]
    return Spans(spans, left_out)


def planned_counts(actor: Actor) -> dict[str, int]:
    """Count the circuits that announced work impairs, by live state as `circuits.state_counts` does (1 query)."""
    rows = visible_to(actor).filter(IMPAIRED, status=CircuitStatus.ACTIVE, live__planned=True)
    counted = dict(rows.values_list("live__state").annotate(n=Count("pk")).order_by())
    return {state.name.lower(): counted.get(state.value, 0) for state in LiveState}


def sites_of(circuit_ids: Iterable[int]) -> dict[tuple[int, str], str]:
    """Return the names of the sites by circuit and side, "A" or "Z" (1 query); the caller has seen the circuits."""
    ends = CircuitEnd.objects.filter(circuit__in=list(circuit_ids))
    return {(circuit, side): site for circuit, side, site in ends.values_list("circuit", "side", "site_name")}
