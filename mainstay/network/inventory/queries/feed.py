"""What has changed in the topology since a revision? For a worker that keeps the network in memory (G2)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from mainstay.network.inventory.choices import CircuitStatus, PathRole
from mainstay.network.inventory.models import Circuit, Dependency, Hop, Path, Resource, TopologyChange
from mainstay.network.inventory.queries import topology

CHUNK = 900
TRIES = 5
MOST = 100_000
"""Things to follow one by one; when more have changed, everything is read anew."""


@dataclass(frozen=True)
class KnownResource:
    """A resource and all it directly depends on, as ids."""

    id: int
    code: str
    kind: str
    above: tuple[int, ...]


@dataclass(frozen=True)
class KnownCircuit:
    """A circuit; `paths` lists the resources of each path, working first. Without paths when out of service."""

    id: int
    customer_id: int
    region_code: str
    in_service: bool
    paths: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Touched:
    """What changed up to `revision`, as it is now. Ids asked for and not there any more are in `*_gone`."""

    revision: int
    resources: tuple[KnownResource, ...]
    resources_gone: frozenset[int]
    circuits: tuple[KnownCircuit, ...]
    circuits_gone: frozenset[int]


def touched_since(revision: int) -> Touched | None:
    """Give what changed since, as the inventory stood at one moment (no transaction held).

    None when it is not known any more, is too much, or never stood still: read everything then.
    """
    for _attempt in range(TRIES):
        found = _touched(revision)
        if found is None or topology.revision() == found.revision:
            return found
    return None


def _touched(revision: int) -> Touched | None:
    rows = list(
        TopologyChange.objects.filter(pk__gt=revision).order_by("pk").values_list(
            "pk", "resources", "circuits", "everything"
        )
    )  # fmt: skip
    numbers = [number for number, *_ in rows]
    if not rows or numbers != list(range(revision + 1, revision + 1 + len(rows))) or any(row[3] for row in rows):
        return None
    resources = {pk for _, found, _, _ in rows for pk in found}
    circuits = {pk for _, _, found, _ in rows for pk in found}
    if len(resources) + len(circuits) > MOST:
        return None
    over = tuple(_circuits(circuits))
    known = tuple(_resources(resources))
    return Touched(
        numbers[-1],
        known,
        frozenset(resources - {each.id for each in known}),
        over,
        frozenset(circuits - {each.id for each in over}),
    )


def _resources(ids: Collection[int]) -> Iterator[KnownResource]:
    for part in _parts(ids):
        above: dict[int, set[int]] = {}
        for pk, on in Dependency.objects.filter(resource__in=part).values_list("resource_id", "on_id"):
            above.setdefault(pk, set()).add(on)
        columns = ("pk", "code", "kind", "parent_id", "a_end_id", "z_end_id")
        for pk, code, kind, *over in Resource.objects.filter(pk__in=part).order_by("pk").values_list(*columns):
            ups = above.get(pk, set()) | {each for each in over if each is not None}
            yield KnownResource(pk, code, kind, tuple(sorted(ups)))


def _circuits(ids: Collection[int]) -> Iterator[KnownCircuit]:
    for part in _parts(ids):
        paths: dict[int, dict[int, list[int]]] = {}
        found = Path.objects.filter(circuit__in=part).values_list("pk", "circuit_id", "role")
        for pk, circuit, _role in sorted(found, key=lambda path: (path[2] != PathRole.WORKING, path[0])):
            paths.setdefault(circuit, {})[pk] = []
        way_of = {pk: hops for ways in paths.values() for pk, hops in ways.items()}
        hops = Hop.objects.filter(path__circuit__in=part).order_by("path_id", "position")
        for path, resource in hops.values_list("path_id", "resource_id"):
            way_of.setdefault(path, []).append(resource)
        columns = ("pk", "customer_id", "region_code", "status")
        for pk, customer, region, status in Circuit.objects.filter(pk__in=part).order_by("pk").values_list(*columns):
            active = status == CircuitStatus.ACTIVE
            ways = tuple(tuple(way) for way in paths.get(pk, {}).values() if way) if active else ()
            yield KnownCircuit(pk, customer, region, active, ways)


def _parts(ids: Collection[int]) -> Iterator[Sequence[int]]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        yield wanted[start : start + CHUNK]
