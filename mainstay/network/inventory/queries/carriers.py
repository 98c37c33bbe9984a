"""What do many circuits run over, and how much does a resource carry? Flat, whatever the number of circuits (H1)."""

from collections.abc import Iterable, Mapping
from itertools import islice

from django.db.models import Count

from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.inventory.models import Dependency, Hop, Resource

CHUNK = 20_000
RANKS = {
    ResourceKind.CABLE.value: 0,
    ResourceKind.LINK.value: 1,
    ResourceKind.DEVICE.value: 2,
    ResourceKind.DUCT.value: 3,
    ResourceKind.SITE.value: 4,
}
"""Which of two resources that explain the same is rather named: what fails most often."""


def carriers(circuit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return by circuit all resources on any of its paths and all these depend on (2 queries, and 2 for each level).

    Circuits without a recorded route are left out.
    """
    hops: dict[int, set[int]] = {}
    for part in _parts(set(circuit_ids)):
        rows = Hop.objects.filter(path__circuit__in=part).values_list("path__circuit", "resource")
        for circuit, resource in rows:
            hops.setdefault(circuit, set()).add(resource)
    above = _above({resource for own in hops.values() for resource in own})
    return {circuit: frozenset(_closure(own, above)) for circuit, own in hops.items()}


def carried(resource_ids: Iterable[int]) -> dict[int, int]:
    """Estimate how many circuits run over each resource, 0 where none does (3 queries for each level, and 1).

    Its own hops, or those of all links that fail with it, whichever are more: a circuit that enters and leaves a device
    over two links counts twice.
    """
    roots = set(resource_ids)
    below = _below(roots)
    members = {root: _closure({root}, below) for root in roots}
    counts: dict[int, tuple[int, bool]] = {}
    every = {pk for own in members.values() for pk in own}
    for part in _parts(every):
        rows = Hop.objects.filter(resource__in=part).values_list("resource", "resource__kind").order_by()
        for pk, kind, count in rows.annotate(count=Count("pk")):
            counts[pk] = count, kind == ResourceKind.LINK
    own_hops = {root: counts[root][0] if root in counts else 0 for root in roots}
    of_links = {pk: count for pk, (count, is_link) in counts.items() if is_link}
    on_links = {root: sum(of_links.get(pk, 0) for pk in own) for root, own in members.items()}
    return {root: max(own_hops[root], on_links[root]) for root in roots}


def _above(ids: set[int]) -> dict[int, set[int]]:
    """Walk upward level by level: what each resource depends on directly."""
    above: dict[int, set[int]] = {}
    level = ids
    while level:
        for part in _parts(level):
            rows = Resource.objects.filter(pk__in=part).values_list("pk", "parent", "a_end", "z_end")
            for pk, *others in rows:
                above.setdefault(pk, set()).update(other for other in others if other is not None)
            for child, on in Dependency.objects.filter(resource__in=part).values_list("resource", "on"):
                above.setdefault(child, set()).add(on)
        level = {on for child in level for on in above.get(child, ())} - above.keys()
    return above


def _below(ids: set[int]) -> dict[int, set[int]]:
    """Walk downward level by level: what fails directly with each resource."""
    below: dict[int, set[int]] = {}
    level = ids
    while level:
        below |= {pk: set() for pk in level}
        for part in _parts(level):
            for column in ("parent", "a_end", "z_end"):
                rows = Resource.objects.filter(**{f"{column}__in": part}).values_list(column, "pk")
                _note(below, rows)
            _note(below, Dependency.objects.filter(on__in=part).values_list("on", "resource"))
        level = {child for pk in level for child in below[pk]} - below.keys()
    return below


def _note(below: dict[int, set[int]], rows: "Iterable[tuple[int | None, int]]") -> None:
    for holder, child in rows:
        if holder is not None:
            below[holder].add(child)


def _closure(start: set[int], edges: Mapping[int, set[int]]) -> set[int]:
    level, found = set(start), set()
    while level:
        found |= level
        level = {on for pk in level for on in edges.get(pk, ())} - found
    return found


def _parts(ids: set[int]) -> "Iterable[list[int]]":
    every = iter(sorted(ids))
    while part := list(islice(every, CHUNK)):
        yield part
