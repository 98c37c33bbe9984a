"""Which nodes and lines does a drawing show (E4)? Shapes as `ui`'s topology script reads them."""

from typing import Any

from django.urls import reverse

from mainstay.domain.actor import Actor
from mainstay.faces.web.states import state_of, worst
from mainstay.network.inventory.queries import overview

LINES = 400
"""A drawing of more lines than this shows the worst ones."""


def customer_map(actor: Actor, customer_id: int) -> dict[str, Any]:
    """Return {"nodes", "edges", "left_out"}: the customer's sites, and the circuits between them with their states."""
    spans = overview.spans_of_customer(actor, customer_id, limit=LINES)
    states: dict[str, list[str]] = {}
    for span in spans.shown:
        for site in (span.a_site, span.z_site):
            states.setdefault(site, []).append(state_of(span.circuit))
    nodes = [{"id": site, "label": site, "kind": "site", "state": worst(found)} for site, found in states.items()]
    edges = [
        {
            "id": f"c{span.circuit.pk}",
            "source": span.a_site,
            "target": span.z_site,
            "label": span.circuit.number if len(spans.shown) <= 25 else "",
            "state": state_of(span.circuit),
            "href": reverse("web:circuit", args=[span.circuit.pk]),
        }
        for span in spans.shown
    ]
    return {"nodes": nodes, "edges": edges, "left_out": spans.left_out}
