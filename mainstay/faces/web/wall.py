"""The duty desk's wall: which causes stand, who is hit, which clocks run out, what waits for a person (G6)?"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.domain.actor import Actor
from mainstay.faces.web import storm
from mainstay.faces.web.causes import branches, is_loud, told
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.network.alarms.queries import alarms, causes, incidents, room, storms
from mainstay.network.inventory.queries import circuits as inventory
from mainstay.network.inventory.queries import customers as accounts
from mainstay.platform.duty import queries as duty
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.queries import desk, reports
from mainstay.service.tickets.queries.readings import Reader

ROWS = 30
BREAKING_S = 15 * 60
"""A clock with less time left than this is heard."""
REMEMBERED = timedelta(hours=24)
"""For so long a storm that is over is summed up on the wall, unless it is dismissed."""


class Seen:
    """What several parts of the wall show, asked once for all of them (1 query each)."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self._actor = actor
        self.tickets = Reader(at)

    @cached_property
    def storm(self) -> Any:
        """Return the storm that rages, else the last one."""
        return storms.newest()

    @cached_property
    def alarms(self) -> int:
        """Return how many alarms stand."""
        return alarms.count_standing(self._actor)

    @cached_property
    def grades(self) -> dict[str, int]:
        """Return how many circuits are impaired, by grade."""
        return inventory.impaired_by_grade(self._actor)

    @cached_property
    def customers(self) -> int:
        """Return how many customers have impaired circuits."""
        return accounts.count_impaired(self._actor)


@door(Permission.READ_ALARMS)
def wall(request: ConsoleRequest) -> HttpResponse:
    """Show the wall; `?part=` answers one of its parts anew; `?storm=` and `?dismiss=` keep a choice of the viewer."""
    if "storm" in request.GET or "dismiss" in request.GET:
        return _chosen(request)
    part = request.GET.get("part", "")
    at = timezone.now()
    context = {
        "data_at": at,
        "may_work": request.actor.may(Permission.WORK_INCIDENTS),
    }
    seen = Seen(request.actor, at)
    for name in [part] if part in PARTS else list(PARTS):
        context |= PARTS[name](request, at, seen)
    return render(
        request, f"web/wall/_{part.replace('-', '_')}.html" if part in PARTS else "web/wall/wall.html", context
    )


def _chosen(request: ConsoleRequest) -> HttpResponse:
    """Keep in a cookie how this viewer wants the wall."""
    answer, newest = redirect("web:wall"), storms.newest()
    wanted, seen = request.GET.get("storm", ""), request.GET.get("dismiss", "")
    if wanted == "off" and newest is not None and newest.ended_at is None:
        answer.set_cookie(storm.STORM_COOKIE, f"off-{newest.pk}", max_age=86400, samesite="Lax", httponly=True)
    elif wanted == "on":
        answer.set_cookie(storm.STORM_COOKIE, "on", max_age=86400, samesite="Lax", httponly=True)
    elif wanted:
        answer.delete_cookie(storm.STORM_COOKIE, samesite="Lax")
    if seen.isdecimal():
        answer.set_cookie(storm.SEEN_COOKIE, seen[:18], max_age=2 * 86400, samesite="Lax", httponly=True)
    return answer


def bar(request: ConsoleRequest, at: datetime, seen: Seen) -> dict[str, Any]:
    """Return the head: how the stream of alarms does (7 queries)."""
    return {"pulse": alarms.pulse(at=at, standing=seen.alarms)}


def numbers(request: ConsoleRequest, at: datetime, seen: Seen) -> dict[str, Any]:
    """Return the tickets in numbers (2 queries)."""
    return {"counts": desk.counts(request.actor, at=at)}


def storm_line(request: ConsoleRequest, at: datetime, seen: Seen) -> dict[str, Any]:
    """Return what happens in one line while it storms; what it was, until that is dismissed (at most 7 queries)."""
    actor, newest = request.actor, seen.storm
    raging = newest is not None and newest.ended_at is None
    context: dict[str, Any] = {"storm": newest, "raging": raging, "stormy": storm.is_stormy(request, newest)}
    if context["stormy"]:
        hit, without = causes.count_causes(actor)
        context["seen"] = {
            "standing": seen.alarms,
            "hit": hit,
            "without": without,
            "circuits": sum(seen.grades.values()),
            "aaa": seen.grades.get("AAA", 0),
            "customers": seen.customers,
            "behind_s": room.oldest_waiting_s(at=at),
        }
    elif newest is not None and _is_to_be_told(request, newest, at):
        context["toll"] = storms.toll(actor, newest)
    return context


def _is_to_be_told(request: ConsoleRequest, newest: Any, at: datetime) -> bool:
    """Say whether the last storm is over, fresh and not dismissed by this viewer."""
    if newest.ended_at is None or newest.ended_at <= at - REMEMBERED:
        return False
    return request.COOKIES.get(storm.SEEN_COOKIE) != str(newest.pk)


def causes_now(request: ConsoleRequest, at: datetime, seen: Seen) -> dict[str, Any]:
    """Return the left column: causes, worst first (5 queries); in a storm those that touch customers, and groups."""
    if storm.is_stormy(request, seen.storm):
        by = request.GET.get("by") or request.COOKIES.get("wall_by", "")
        view = storm.storm_view(request.actor, by=by, at=at)
        reports.count_on((row for row in view.rows if not isinstance(row, storm.Group)), request.actor)
        for place, group in enumerate(view.groups):
            group.sort_key = f"{place:04}"
        for place, row in enumerate(view.rows):
            row.sort_key = f"{place:04}"
            row.is_group = isinstance(row, storm.Group)
            _alert(row, request.actor, only_best=True)
        return {"stormy": True, "view": view, "dimensions": storm.DIMENSIONS}
    everything = causes.standing_causes(request.actor)
    everything.sort(key=lambda c: (-c.worst_state, -c.customers, -c.circuits, c.opened_at, c.pk))
    rows: list[Any] = everything[:ROWS]
    reports.count_on(rows, request.actor)
    for place, cause in enumerate(rows):
        told(cause).sort_key = f"{place:04}"
        _alert(cause, request.actor)
    return {"stormy": False, "causes": rows, "total": len(everything)}


def _alert(row: Any, actor: Actor, *, only_best: bool = False) -> None:
    """Say on a row whether it is to be heard, how, and whether it is the viewer's own; a group speaks for its worst."""
    grades = dict(row.grades_shown)
    best = "AAA" in grades
    loud = best if only_best else is_loud(row)
    row.alert_kind = "" if not loud else "aaa" if best else "down"
    facts = [_("%(n)s circuits") % {"n": row.circuits}]
    if hasattr(row, "customers"):
        facts.append(_("%(n)s customers") % {"n": row.customers})
    row.alert = " · ".join([*facts, *(f"{number} {grade}" for grade, number in row.grades_shown)])
    row.is_mine = getattr(row, "claimed_by_id", None) == actor.user_id


def customers(request: ConsoleRequest, at: datetime, seen: Seen) -> dict[str, Any]:
    """Return the middle column: key accounts that are hit, best grade first, then the least time left."""
    rows = [
        (f"{place:04}", row)
        for place, row in enumerate(desk.impacted_customers(request.actor, at=at, reader=seen.tickets))
    ]
    return {"customers": rows, "customers_hit": seen.customers, "out": sum(seen.grades.values())}


def running_out(request: ConsoleRequest, at: datetime, seen: Seen) -> dict[str, Any]:
    """Return the clocks that run out within the hour; those about to break are heard."""
    rows = _placed(desk.running_out(request.actor, at=at, reader=seen.tickets))
    breaking = {row.id for _place, row in rows if row.clock and 0 < row.clock.remaining_seconds <= BREAKING_S}
    return {"running_out": rows, "breaking": breaking}


def waiting(request: ConsoleRequest, at: datetime, seen: Seen) -> dict[str, Any]:
    """Return what waits for a person."""
    return {
        "waiting": _placed(desk.waiting_for_person(request.actor, at=at, reader=seen.tickets)),
        "to_confirm": desk.count_to_confirm(request.actor),
    }


def _placed(rows: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(f"{place:04}", row) for place, row in enumerate(rows)]


def untied(request: ConsoleRequest, at: datetime, seen: Seen) -> dict[str, Any]:
    """Return how many reports belong to no incident, and which shifts wait to be handed over (4 queries)."""
    waiting_shifts = duty.waiting_handovers(request.actor, at=at)
    return {"untied": reports.untied(request.actor).count(), "waiting_shifts": waiting_shifts}


PARTS: dict[str, Callable[[ConsoleRequest, datetime, Seen], dict[str, Any]]] = {
    "bar": bar,
    "numbers": numbers,
    "storm": storm_line,
    "causes": causes_now,
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
