"""Which planned work ran over a customer's circuits in a month? Read once for a month, then looked up."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q

from mainstay.network.inventory.models import TopologyRevision
from mainstay.network.inventory.queries.places import circuits_over
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.models import PlannedWork
from mainstay.service.reports.facts import Work

Over = tuple[tuple[Work, frozenset[int]], ...]
"""Works, each with the ids of the circuits in service that run over what is worked on."""


def works_over(works: Over, circuits: Mapping[int, str]) -> tuple[Work, ...]:
    """Return the works that ran over some of these circuits (number by id), with their numbers."""
    found = []
    for work, over in works:
        touched = tuple(sorted(circuits[pk] for pk in over & circuits.keys()))
        if touched:
            found.append(Work(
                work.work_id, work.number, work.title, work.from_at, work.to_at, work.announced_at, work.status, touched
            ))  # fmt: skip
    return tuple(found)


def works_between(from_at: datetime, to_at: datetime) -> Over:
    """Return the announced works whose window touched [from_at, to_at) (2 queries where nothing changed since)."""
    rows = PlannedWork.objects.filter(
        Q(from_at__lt=to_at, to_at__gt=from_at, announced_at__isnull=False) & ~Q(status=WorkStatus.CANCELLED)
    )
    told = rows.order_by("from_at", "number", "resources").values_list(
        "pk", "number", "title", "from_at", "to_at", "announced_at", "status", "resources"
    )
    return _with_circuits(tuple(told), TopologyRevision.objects.values_list("number", flat=True).first() or 0)


@lru_cache(maxsize=4)
def _with_circuits(told: tuple[tuple[Any, ...], ...], topology: int) -> Over:
    """Find the circuits below each work; `topology` says which routes they were found by."""
    resources: dict[tuple[Any, ...], list[int]] = {}
    for *work, resource in told:
        resources.setdefault(tuple(work), []).extend([resource] if resource is not None else [])
    return tuple(
        (_without_circuits(work), frozenset(circuits_over(ids).values_list("pk", flat=True)))
        for work, ids in resources.items()
    )


def _without_circuits(row: tuple[Any, ...]) -> Work:
    pk, number, title, from_at, to_at, announced_at, status = row
    return Work(pk, number, title, from_at, to_at, announced_at, status, circuits=())
