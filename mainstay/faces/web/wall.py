"""The duty desk's wall: which causes stand, who is hit, which clocks run out, what waits for a person (G6)?"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.domain.actor import Actor
from mainstay.faces.web.causes import branches, is_loud, told
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.network.alarms.queries import alarms, incidents
from mainstay.platform.duty import queries as duty
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.queries import desk, reports


@door(Permission.READ_ALARMS)
def wall(request: ConsoleRequest) -> HttpResponse:
    """Show the wall; `?part=` answers one of its parts anew."""
    at, part = timezone.now(), request.GET.get("part", "")
    wanted = [part] if part in PARTS else list(PARTS)
    context = {"data_at": at, "may_work": request.actor.may(Permission.WORK_INCIDENTS)}
    for name in wanted:
        context |= PARTS[name](request.actor, at)
    return render(
        request, f"web/wall/_{part.replace('-', '_')}.html" if part in PARTS else "web/wall/wall.html", context
    )


def bar(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the head: how the stream of alarms does (5 queries)."""
    return {"pulse": alarms.pulse(at=at)}


def numbers(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the tickets in numbers (2 queries)."""
    return {"counts": desk.counts(actor, at=at)}


def causes(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the left column: causes, worst first (4 queries)."""
    rows = [told(incident) for incident in incidents.causes_now(actor)]
    reports.count_on(rows, actor)
    for place, incident in enumerate(rows):
        incident.sort_key = f"{place:04}"
        incident.alert = _alert(incident) if is_loud(incident) else ""
    return {"causes": rows}


def _alert(incident: Any) -> str:
    facts = _("%(circuits)s circuits, %(customers)s customers") % {
        "circuits": incident.circuits,
        "customers": incident.customers,
    }
    return " · ".join([facts, *(f"{number} {grade}" for grade, number in incident.grades_shown)])


def customers(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the middle column: key accounts that are hit, best grade first, then the least time left."""
    rows = [(f"{place:04}", row) for place, row in enumerate(desk.impacted_customers(actor, at=at))]
    return {"customers": rows, "out": sum(row.down + row.degraded for _place, row in rows)}


def running_out(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the clocks that run out within the hour."""
    return {"running_out": _placed(desk.running_out(actor, at=at))}


def waiting(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what waits for a person."""
    return {"waiting": _placed(desk.waiting_for_person(actor, at=at))}


def _placed(rows: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(f"{place:04}", row) for place, row in enumerate(rows)]


def untied(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return how many reports belong to no incident, and which shifts wait to be handed over (4 queries)."""
    return {"untied": reports.untied(actor).count(), "waiting_shifts": duty.waiting_handovers(actor, at=at)}


PARTS: dict[str, Callable[[Actor, datetime], dict[str, Any]]] = {
    "bar": bar,
    "numbers": numbers,
    "causes": causes,
    "customers": customers,
    "running-out": running_out,
    "waiting": waiting,
    "reports": untied,
}


@door(Permission.READ_ALARMS)
def symptoms(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Unfold one cause: its alarms, each with the reason why it hangs there."""
    found = incidents.visible_incident(request.actor, pk)
    tree = branches(incidents.symptoms(found, limit=40))
    return render(request, "web/wall/_symptoms.html", {"incident": found, "tree": tree})


urlpatterns = [path("wall", wall, name="wall"), path("wall/causes/<int:pk>", symptoms, name="wall-symptoms")]
