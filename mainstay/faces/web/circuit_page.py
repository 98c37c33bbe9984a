"""One circuit: its ends, its route, how it is and why, what is promised and where that comes from (E2, D2)."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from mainstay.accounts.catalog.choices import Metric, Unit
from mainstay.domain.actor import Actor
from mainstay.faces.ui.shares import between
from mainstay.faces.web import listing, routes
from mainstay.faces.web.causes import effect_state, sentence
from mainstay.faces.web.changes import link_to
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.levels import circuit_url
from mainstay.faces.web.links import report_page
from mainstay.faces.web.states import WORDS, state_of
from mainstay.network.alarms.queries import days, explaining, incidents
from mainstay.network.inventory.choices import PathRole
from mainstay.network.inventory.queries import circuits
from mainstay.network.inventory.queries import route as routing
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal
from mainstay.service.promises import queries as promises
from mainstay.service.promises.holding import HoldingPromise
from mainstay.service.service_levels.queries.page import latest_months
from mainstay.service.service_levels.shapes import CircuitResult
from mainstay.service.tickets.queries.lists import TicketFilter, ticket_rows

YEAR = 365


@door()
def circuit(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a circuit; a live part asks for what changes by the minute only."""
    found, at = circuits.circuit(request.actor, pk), timezone.now()
    live = live_part(request.actor, found)
    if request.htmx and "on" not in request.GET:
        return render(request, "web/circuits/_live.html", live)
    context = {
        "ends": live["ends"],
        **promises_part(request, pk, at=at),
        "impacts": [impact_told(impact, request.actor, at=at) for impact in incidents.impacts_of_circuit(pk, limit=20)],
        "days": days.days_of_circuit(pk, at=at, days=YEAR, since=found.opened_on),
        "months": [month_told(one) for one in latest_months(request.actor, pk)],
        "tickets": ticket_rows(request.actor, TicketFilter(circuit_id=pk), at=at, sort="-opened", per_page=10),
        "report_url": report_page(customer=found.customer_id, circuit=pk),
        "history": [entry_told(entry) for entry in journal.history_of("circuit", pk, actor=request.actor)[:10]],
        "data_at": at,
    }
    return render(request, "web/circuits/circuit.html", live | context)


def promises_part(request: ConsoleRequest, pk: int, *, at: datetime) -> dict[str, Any]:
    """Return what is promised on the day of `?on=`, today by default, and what is promised to this circuit alone."""
    today = timezone.localdate(at)
    on = listing.day_of(request.GET.get("on")) or today
    instant = at if on == today else listing.day_start(on) or at
    return {
        "promises": [promise_told(promise) for promise in promises.all_promises(pk, instant)],
        "promises_on": on,
        "own_terms": promises.circuit_terms(pk),
        "may_promise": request.actor.may(Permission.WRITE_CONTRACTS),
        "today": today,
    }


def live_part(actor: Actor, circuit: Any) -> dict[str, Any]:
    """Return the circuit's state, why it is so, and its route with the faults on it."""
    why, route, ends = incidents.why_circuit(circuit.pk), routing.route(circuit.pk), circuits.ends(circuit.pk)
    return {
        "circuit": circuit,
        "state": state_of(circuit),
        "ends": ends,
        "why": why_told(why, actor),
        "explained": explained_told(explaining.explained(route), why) if actor.may(Permission.READ_ALARMS) else None,
        "route": drawn(route, ends, why, actor) if route.paths else None,
        "risks": route.risks,
        "hops": routes.what_can_fail(route) if actor.may(Permission.READ_ALARMS) else [],
    }


def drawn(route: routing.RouteView, ends: list[Any], why: incidents.Why, actor: Actor) -> dict[str, Any]:
    """Return the drawing of the route with the faults on it."""
    effects = incidents.standing_on(routes.resource_ids(route))
    since = {alarm.resource_id: alarm.raised_at for alarm in reversed(why.alarms)}
    whole = routes.drawing(route, ends, routes.Faults(effects, since))
    return whole if actor.may(Permission.READ_ALARMS) else routes.without_links(whole)


def why_told(why: incidents.Why, actor: Actor) -> dict[str, Any] | None:
    """Return why the circuit is not up, None when it is; alarms only for those who may read them."""
    if why.impact is None:
        return None
    incident, reads = why.impact.incident, actor.may(Permission.READ_ALARMS)
    return {
        "impact": why.impact,
        "state": "planned" if why.impact.planned else WORDS[why.impact.state],
        "cause": incident.cause_label,
        "incident": incident,
        "incident_url": link_to("incident", incident.pk) if reads else "",
        "alarms": [(alarm, link_to("alarm", alarm.pk)) for alarm in why.alarms] if reads else [],
    }


def explained_told(found: explaining.Explained | None, why: incidents.Why) -> dict[str, Any] | None:
    """Return the fewest faults that explain the circuit, each with its sentence; None when it is up."""
    if found is None or why.impact is None:
        return None
    return {
        "causes": [
            {
                "alarm": cause.symptom.alarm,
                "state": effect_state(cause.symptom.alarm),
                "sentence": sentence(cause.symptom),
                "paths": [PathRole(role).label for role in cause.paths],
                "url": link_to("alarm", cause.symptom.alarm.pk),
            }
            for cause in found.causes
        ],
        "others": found.faults - len(found.causes),
    }


def promise_told(promise: HoldingPromise) -> dict[str, Any]:
    """Return a promise with where it comes from, why it holds, and what it overrides, in words."""
    return {
        "metric_label": Metric(promise.metric).label,
        "amount_words": f"{promise.amount.normalize():f}\u2009{Unit(promise.unit).label}",
        "source": promise.sentence(),
        "reason": promise.reason(),
        "overlaps": [rival.sentence() for rival in promise.overlaps],
        "overridden": [rival.sentence() for rival in promise.overridden],
    }


def month_told(one: CircuitResult) -> dict[str, Any]:
    """Return a month's result as a chip that leads to its page."""
    return {"one": one, "availability": between(one.contract), "url": circuit_url(one.circuit_id, one.month)}


def impact_told(impact: Any, actor: Actor, *, at: datetime) -> dict[str, Any]:
    """Return a stretch of the circuit's past as a row."""
    return {
        "impact": impact,
        "state": "planned" if impact.planned else WORDS[impact.state],
        "seconds": ((impact.to_at or at) - impact.from_at).total_seconds(),
        "incident_url": link_to("incident", impact.incident_id) if actor.may(Permission.READ_ALARMS) else "",
    }


urlpatterns = [path("circuits/<int:pk>", circuit, name="circuit")]
