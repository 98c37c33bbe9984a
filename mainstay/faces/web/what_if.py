"""What if this fails, or these fail together? One click from a resource, a hop, an incident (G2, I3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from mainstay.domain.actor import Actor
from mainstay.domain.impact import Level
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.listing import page_of
from mainstay.faces.web.states import WORDS
from mainstay.network.alarms.queries.incidents import standing_on
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.queries import circuits, places
from mainstay.network.planned_work.queries.what_if import Hit, WhatIf, what_if
from mainstay.platform.identity.choices import Permission

FOUND = 12
MOST = 200
SIZE = 50
WORST_FIRST = (LiveState.DOWN, LiveState.DEGRADED, LiveState.UNPROTECTED)


@dataclass(frozen=True)
class HitRow:
    """A circuit that would change, as a row: `before` and `after` are the look's words."""

    hit: Hit
    circuit: Any
    before: str
    after: str
    shared: Any


@door(Permission.READ_ALARMS)
def page(request: ConsoleRequest) -> HttpResponse:
    """Choose resources and see what would happen to whom; while one chooses, only the answer is fetched."""
    level = Level.DEGRADED if request.GET.get("level") == "degraded" else Level.DOWN
    context = look(request, level=level) | {"level": level.name.lower(), "live": True}
    return render(request, "web/what_if/_look.html" if request.htmx else "web/what_if/what_if.html", context)


def look(request: ConsoleRequest, *, level: Level = Level.DOWN, now: bool = True) -> dict[str, Any]:
    """Return what is chosen (`resource`, and pasted codes in `resources`), what is found, and the answer.

    With `now` the answer stands on what fails already.
    """
    chosen = chosen_resources(request.GET, request.actor)
    return {"chosen": chosen, "found": _found(request, chosen), **answer(request, chosen, level=level, now=now)}


def answer(request: ConsoleRequest, chosen: Iterable[Any], *, level: Level = Level.DOWN, now: bool) -> dict[str, Any]:
    """Return what happens when these fail together, nothing of it while nothing is chosen."""
    ids = [resource.pk for resource in chosen]
    if not ids:
        return {"outcome": None}
    outcome = what_if(request.actor, ids, level, standing=standing_on if now else None)
    return told(outcome, request)


def told(outcome: WhatIf, request: ConsoleRequest) -> dict[str, Any]:
    """Return an answer for the template: counts, a page of circuits, whom it hits."""
    hits = page_of(outcome.hits, request, size=SIZE)
    seen = {row.pk: row for row in _circuits(request.actor, [hit.circuit_id for hit in hits.object_list])}
    names = places.names({hit.shared_id for hit in hits.object_list if hit.shared_id is not None})
    rows = [
        HitRow(hit, seen[hit.circuit_id], WORDS[hit.before], WORDS[hit.after], names.get(hit.shared_id or 0))
        for hit in hits.object_list
        if hit.circuit_id in seen
    ]
    return {
        "outcome": outcome,
        "counts": [(WORDS[state], outcome.by_state[state]) for state in WORST_FIRST if outcome.by_state.get(state)],
        "hits": hits,
        "rows": rows,
        "grades": outcome.circuits_by_grade.items(),
        "customer_grades": outcome.customers_by_grade.items(),
        "unchanged": outcome.passing - len(outcome.hits),
    }


def chosen_resources(given: Any, actor: Actor) -> list[Any]:
    """Return the resources named by code, by `resource` one by one or pasted into `resources`; others left."""
    pasted = str(given.get("resources", "")).replace(",", " ").replace("，", " ").split()
    codes = list(dict.fromkeys([*given.getlist("resource"), *pasted]))[:MOST]
    rows = {row.code: row for row in places.visible_to(actor).filter(code__in=codes)} if codes else {}
    return [rows[code] for code in codes if code in rows]


def _found(request: ConsoleRequest, chosen: list[Any]) -> list[Any]:
    text = request.GET.get("find", "").strip()
    if len(text) < 2:
        return []
    known = {row.pk for row in chosen}
    rows = places.resource_list(request.actor, text=text, size=FOUND + len(known)).object_list
    return [row for row in rows if row.pk not in known][:FOUND]


def _circuits(actor: Actor, ids: list[int]) -> Iterable[Any]:
    return circuits.visible_to(actor).filter(pk__in=ids).select_related("customer", "product")


def unknown_codes(request: HttpRequest, chosen: Iterable[Any]) -> list[str]:
    """Return the pasted codes that name nothing."""
    known = {row.code for row in chosen}
    pasted = request.GET.get("resources", "").replace(",", " ").replace("，", " ").split()
    return [code for code in pasted if code not in known]


urlpatterns = [path("what-if", page, name="what-if")]
