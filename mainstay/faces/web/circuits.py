"""Circuits: which are there, in what state, for whom (E1, E2)?"""

from typing import Any

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.faces.ui.words import STATE_WORDS
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.states import state_of
from mainstay.network.inventory.choices import CircuitStatus, Technology
from mainstay.network.inventory.queries import circuits as queries

HEAD = (_("Number"), _("Customer"), _("Name"), _("Grade"), _("Technology"), _("kbit/s"), _("State"), _("Since"))


@door()
def circuits(request: ConsoleRequest) -> HttpResponse:
    """List circuits, the worst first."""
    wanted, sort = wanted_circuits(request), request.GET.get("sort", "-state")
    if listing.wants_file(request):
        rows = queries.filtered(request.actor, wanted).select_related("customer").order_by("number")
        return listing.list_file(request, "circuits", HEAD, rows.iterator(chunk_size=1000), cells)
    page = queries.circuit_list(request.actor, wanted, sort=sort, page=listing.page_number(request))
    context = {
        "page": with_states(page),
        "filters": filters(queries.state_counts(request.actor)),
        "export_url": listing.export_url(request),
        "workbook_url": listing.export_url(request, "xlsx"),
        "data_at": timezone.now(),
    }
    return render(request, "web/circuits/_rows.html" if request.htmx else "web/circuits/circuits.html", context)


def wanted_circuits(request: ConsoleRequest) -> queries.CircuitFilters:
    """Read the filters from the URL."""
    given = request.GET
    return queries.CircuitFilters(
        text=given.get("q", ""),
        state=given.get("state", ""),
        grade=given.get("grade", ""),
        technology=given.get("technology", ""),
        region=given.get("region", ""),
        status=given.get("status") or CircuitStatus.ACTIVE,
    )


def with_states(page: Page) -> Page:
    """Put the state's word on each circuit."""
    page.object_list = list(page.object_list)
    for circuit in page.object_list:
        circuit.state = state_of(circuit)
    return page


def filters(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the filter bar; the states carry their counts."""
    impaired = sum(count for state, count in counts.items() if state != "up")
    states = [(name, STATE_WORDS[name], counts.get(name, 0)) for name in ("down", "degraded", "unprotected", "up")]
    return [
        {"name": "q", "label": _("Number, name or customer"), "kind": "search"},
        {
            "name": "state",
            "label": _("State"),
            "kind": "chips",
            "options": [("impaired", _("Impaired"), impaired), *states],
        },
        {"name": "grade", "label": _("Grade"), "kind": "choice", "options": CircuitGrade.choices},
        {"name": "technology", "label": _("Technology"), "kind": "choice", "options": Technology.choices},
        {"name": "status", "label": _("Status"), "kind": "choice", "options": CircuitStatus.choices},
    ]


def cells(circuit: Any) -> tuple[object, ...]:
    """Return a circuit as a row of the export."""
    return (
        circuit.number, circuit.customer.name, circuit.name, circuit.grade, circuit.get_technology_display(),
        circuit.bandwidth_kbps, STATE_WORDS[state_of(circuit)], circuit.live_since,
    )  # fmt: skip


urlpatterns = [path("circuits", circuits, name="circuits")]
