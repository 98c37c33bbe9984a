"""Read planned work: lists for people, excusing windows for the impact worker, affected circuits beforehand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit, Resource
from mainstay.network.inventory.queries import circuits, places
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.errors import NoSuchWork
from mainstay.network.planned_work.models import ForecastCircuit, PlannedWork
from mainstay.platform.identity.queries import scope


@dataclass(frozen=True)
class Window:
    """Work excuses alarms of a resource, and of what fails with it, in [from_at, to_at)."""

    work_id: int
    resource_id: int
    from_at: datetime
    to_at: datetime


def visible_to(actor: Actor) -> QuerySet[PlannedWork]:
    """Return the work the actor may see: staff by region; customers learn of it by notices only."""
    return PlannedWork.objects.filter(scope(actor, customer=""))


def visible_work(actor: Actor, work_id: int, *, lock: bool = False) -> PlannedWork:
    """Return one work, locked for a change if asked. Raises NoSuchWork, also when it may not be seen."""
    rows = visible_to(actor).select_for_update() if lock else visible_to(actor)
    found = rows.filter(pk=work_id).first()
    if found is None:
        raise _no_such_work(work_id)
    return found


def work(actor: Actor, work_id: int) -> PlannedWork:
    """Return one work with its resources fetched (2 queries). Raises NoSuchWork."""
    resources = Prefetch("resources", queryset=Resource.objects.order_by("code"))
    found = visible_to(actor).prefetch_related(resources).filter(pk=work_id).first()
    if found is None:
        raise _no_such_work(work_id)
    return found


def _no_such_work(work_id: int) -> NoSuchWork:
    return NoSuchWork(msgid("There is no planned work {id} that you may see; check the address."), id=work_id)


def work_list(actor: Actor, *, status: str = "", text: str = "", page: int = 1, size: int = 50) -> Page[Any]:
    """Return a page of PlannedWork with `resource_count`, the latest window first (2 queries)."""
    rows = works_matching(actor, status=status, text=text).order_by("-from_at", "number")
    return Paginator(rows, size).get_page(page)


def works_matching(actor: Actor, *, status: str = "", text: str = "") -> QuerySet[PlannedWork]:
    """Return the works of a list, each with `resource_count`, unordered."""
    rows = visible_to(actor).filter(**({"status": status} if status else {}))
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text))
    return rows.annotate(resource_count=Count("resources"))


def works_between(actor: Actor, from_at: datetime, to_at: datetime) -> QuerySet[PlannedWork]:
    """Return the works whose window touches [from_at, to_at), by begin; called-off ones too, for calendars."""
    return visible_to(actor).filter(from_at__lt=to_at, to_at__gt=from_at).order_by("from_at", "number")


def by_ids(work_ids: Iterable[int]) -> dict[int, PlannedWork]:
    """Return works by id; no scope: the caller knows that the reader was told of them."""
    return {row.pk: row for row in PlannedWork.objects.filter(pk__in=list(work_ids))}


def forecast_of(work_id: int) -> dict[int, int]:
    """Return what work was expected to do when it was approved or announced last: state by circuit (1 query)."""
    return dict(ForecastCircuit.objects.filter(work=work_id).values_list("circuit_id", "state"))


def affected_circuits(actor: Actor, found: PlannedWork) -> QuerySet[Circuit]:
    """Return the visible circuits with a path over what is worked on, beforehand, with customers fetched (I3)."""
    over = places.circuits_over(found.resources.values_list("pk", flat=True)).values("pk")
    return circuits.visible_to(actor).filter(pk__in=over).select_related("customer", "product").order_by("number")


def covering(at: datetime) -> list[Window]:
    """Return the windows that excuse now or later: approved, announced, not ended (promise-clocks 19) (1 query).

    A window opens at its begin or at its announcement, whichever is later; what overruns its end counts.
    """
    return list(_windows(PlannedWork.objects.filter(status=WorkStatus.APPROVED, to_at__gt=at)))


def windows_between(from_at: datetime, to_at: datetime) -> list[Window]:
    """Return the windows that excused anything in [from_at, to_at), ended work up to its end; for re-judging."""
    return list(_windows(PlannedWork.objects.filter(from_at__lt=to_at, to_at__gt=from_at)))


def _windows(rows: QuerySet[PlannedWork]) -> Iterator[Window]:
    announced = rows.filter(announced_at__isnull=False).order_by("from_at", "pk", "resources")
    columns = ("pk", "resources", "from_at", "to_at", "announced_at", "ended_at")
    for pk, resource_id, begin, end, announced_at, ended_at in announced.values_list(*columns):
        opens, closes = max(begin, announced_at), min(end, ended_at or end)
        if resource_id is not None and opens < closes:
            yield Window(pk, resource_id, opens, closes)
