"""The customer's own circuits: which, in what state, since when, what is promised (L1)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import Metric, Unit
from mainstay.faces.portal.door import PortalRequest, door
from mainstay.faces.portal.states import state_of, state_word
from mainstay.faces.portal.ways import drawing, resource_ids
from mainstay.faces.ui.words import STATE_WORDS
from mainstay.network.alarms.queries import days, incidents
from mainstay.network.inventory.queries import circuits as queries
from mainstay.network.inventory.queries import overview, places, route
from mainstay.platform.places import queries as divisions
from mainstay.service.promises import queries as promises
from mainstay.service.promises.holding import HoldingPromise
from mainstay.service.tickets.queries import customer as tickets

YEAR = 365


@door
def circuits(request: PortalRequest) -> HttpResponse:
    """List the customer's circuits, the worst first."""
    given = request.GET
    wanted = queries.CircuitFilters(text=given.get("q", ""), state=given.get("state", ""))
    page = queries.circuit_list(
        request.actor, wanted, sort=given.get("sort") or "-state", page=page_number(given.get("page", ""))
    )
    context = {
        "page": Page(with_ends(page.object_list), page.number, page.paginator),
        "filters": _filters(queries.state_counts(request.actor)),
        "data_at": timezone.now(),
    }
    return render(request, "portal/_circuits.html" if request.htmx else "portal/circuits.html", context)


@door
def circuit(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one circuit."""
    found, at = queries.circuit(request.actor, pk), timezone.now()
    ends = [with_kit(end) for end in queries.ends(pk)]
    context = {
        "circuit": found,
        "state": state_of(found),
        "ends": ends,
        "way": way_of(pk, ends),
        "promises": [promise_told(promise) for promise in promises.all_promises(pk, at)],
        "past": past_of(pk, at=at),
        "days": days.days_of_circuit(pk, at=at, days=YEAR, since=found.opened_on),
        "tickets": tickets.own_tickets(request.actor, at=at, circuit_id=pk, limit=10),
        "data_at": at,
    }
    return render(request, "portal/circuit.html", context)


def page_number(text: str) -> int:
    """Return the page the URL names, 1 for nonsense."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def with_ends(circuits: Iterable[Any]) -> list[Any]:
    """Put on each circuit its state's word and the places it joins (1 query)."""
    rows = list(circuits)
    sites = overview.sites_of([row.pk for row in rows])
    for row in rows:
        row.state = state_of(row)
        row.a_site, row.z_site = (sites.get((row.pk, side), "") for side in "AZ")
    return rows


def with_kit(end: Any) -> Any:
    """Put on an end the makes of the equipment that stands there, without our names and addresses for it."""
    kit = [each for each in (end.converter, end.router) if each is not None]
    end.kit = [f"{each.vendor} {each.model}".strip() or each.get_role_display() for each in kit]
    return end


def _filters(counts: dict[str, int]) -> list[dict[str, Any]]:
    impaired = sum(count for state, count in counts.items() if state != "up")
    states = [(name, STATE_WORDS[name], counts.get(name, 0)) for name in ("down", "degraded", "unprotected", "up")]
    options = [("impaired", _("Not in order"), impaired), *states]
    return [
        {"name": "q", "label": _("Number or name"), "kind": "search"},
        {"name": "state", "label": _("State"), "kind": "chips", "options": options},
    ]


def way_of(pk: int, ends: list[Any]) -> dict[str, Any] | None:
    """Return the drawing of the route by cities, None where no route is recorded."""
    view = route.route(pk)
    if not view.paths:
        return None
    devices = {hop.device.id for path in view.paths for hop in path.hops if hop.device}
    regions = {pk: name.region_code for pk, name in places.names(devices).items()}
    cities = divisions.names(sorted({_city(code) for code in regions.values()}))
    named = {pk: cities.get(_city(code), "") for pk, code in regions.items()}
    return drawing(view, ends, named, incidents.standing_on(resource_ids(view)))


def promise_told(promise: HoldingPromise) -> dict[str, Any]:
    """Return a promise in words: what, how much, where it is laid down."""
    return {
        "metric_label": Metric(promise.metric).label,
        "amount_words": f"{promise.amount.normalize():f}\u2009{Unit(promise.unit).label}",
        "source": promise.sentence(),
    }


def past_of(pk: int, *, at: datetime) -> list[dict[str, Any]]:
    """Return the latest stretches in which the circuit was not well; without what caused them, which is ours."""
    return [
        {
            "id": impact.pk,
            "state": state_word(impact.state, planned=impact.planned),
            "from_at": impact.from_at,
            "to_at": impact.to_at,
            "seconds": ((impact.to_at or at) - impact.from_at).total_seconds(),
        }
        for impact in incidents.impacts_of_circuit(pk, limit=20)
        if impact.not_affected_at is None
    ]


def _city(code: str) -> str:
    """Return the code of the city a division lies in; a county right under its province (90) is a city of its own."""
    return code[:6] if code[2:4] == "90" else code[:4]
