"""Read resources: by code, by id, many names at once, lists for pickers, and what runs over them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.errors import NoSuchResource
from mainstay.network.inventory.models import Circuit, Dependency, Resource
from mainstay.platform.identity.queries import scope

CHUNK = 900


@dataclass(frozen=True)
class ResourceName:
    """What is said of a resource in passing."""

    id: int
    code: str
    name: str
    kind: str
    region_code: str


def visible_to(actor: Actor) -> QuerySet[Resource]:
    """Return the resources the actor may see: staff by region; portfolios and customers see circuits only."""
    return Resource.objects.filter(scope(actor, customer=""))


def resource(actor: Actor, resource_id: int) -> Resource:
    """Return one resource with what holds it and its ends fetched (1 query). Raises NoSuchResource."""
    found = visible_to(actor).select_related("parent__parent__parent", "a_end", "z_end").filter(pk=resource_id).first()
    if found is None:
        raise NoSuchResource(msgid("There is no resource {id} that you may see; check the address."), id=resource_id)
    return found


def resource_list(actor: Actor, *, text: str = "", kind: str = "", page: int = 1, size: int = 50) -> Page[Resource]:
    """Return a page of resources by code, for pickers and the settings (2 queries)."""
    rows = visible_to(actor).filter(**({"kind": kind} if kind else {})).select_related("parent")
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(address__icontains=text))
    return Paginator(rows.order_by("code"), size).get_page(page)


def ids_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of the codes that exist; for workers that place alarms (no scope)."""
    wanted, found = list(dict.fromkeys(codes)), {}
    for part in _chunks(wanted):
        found.update(dict(Resource.objects.filter(code__in=part).values_list("code", "pk")))
    return found


def names(resource_ids: Iterable[int]) -> dict[int, ResourceName]:
    """Return names by id, many at once; no scope: the caller shows them beside what the reader may see."""
    found: dict[int, ResourceName] = {}
    for part in _chunks(sorted(set(resource_ids))):
        rows = Resource.objects.filter(pk__in=part).values_list("pk", "code", "name", "kind", "region_code")
        found.update({row[0]: ResourceName(*row) for row in rows})
    return found


def below(resource_ids: Iterable[int]) -> frozenset[int]:
    """Return these resources and all that fails with them: parts, links that end there, dependants, level by level."""
    level, found = set(resource_ids), set()
    while level:
        found |= level
        level = _directly_below(sorted(level)) - found
    return frozenset(found)


def circuits_over(resource_ids: Iterable[int]) -> QuerySet[Circuit]:
    """Return circuits in service with a path over any of these or what fails with them; the caller limits to scope."""
    return Circuit.objects.filter(
        status=CircuitStatus.ACTIVE,
        pk__in=Circuit.objects.filter(paths__hops__resource__in=below(resource_ids)).values("pk"),
    )


def _directly_below(ids: list[int]) -> set[int]:
    found: set[int] = set()
    for part in _chunks(ids):
        held = Q(parent__in=part) | Q(a_end__in=part) | Q(z_end__in=part)
        found.update(Resource.objects.filter(held).values_list("pk", flat=True))
        found.update(Dependency.objects.filter(on__in=part).values_list("resource", flat=True))
    return found


def _chunks(values: list[Any]) -> list[list[Any]]:
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]
