"""Read a circuit's route for people: paths, where each hop stands, what it runs in, what both paths share (E2)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.inventory.models import Dependency, Hop, Resource


@dataclass(frozen=True)
class Place:
    """A resource as the route shows it."""

    id: int
    code: str
    name: str
    kind: str
    role: str
    address: str


@dataclass(frozen=True)
class HopView:
    """One hop: `device` and `site` hold it (None for links), `runs_in`: fibres, cables and ducts under a link."""

    position: int
    resource: Place
    device: Place | None
    site: Place | None
    runs_in: tuple[Place, ...]

    @property
    def ducts(self) -> list[str]:
        """Return the names of the ducts it runs in."""
        return [place.name for place in self.runs_in if place.kind == ResourceKind.DUCT]


@dataclass(frozen=True)
class PathView:
    """One path, hops from A to Z."""

    id: int
    role: str
    hops: tuple[HopView, ...]


@dataclass(frozen=True)
class SharedRisk:
    """What would take both paths down at once; `at_ends`: it belongs to where both begin or end."""

    resource: Place
    at_ends: bool


@dataclass(frozen=True)
class RouteView:
    """A circuit's paths, working first, and what they share: the most specific resources, ends last.

    `above`: what each resource on the paths, and each above these, directly depends on, as ids.
    """

    paths: tuple[PathView, ...]
    shared: tuple[SharedRisk, ...]
    above: Mapping[int, Collection[int]]

    @property
    def risks(self) -> list[SharedRisk]:
        """Return what is shared along the way: the paths are not truly diverse there."""
        return [risk for risk in self.shared if not risk.at_ends]


def route(circuit_id: int) -> RouteView:
    """Return the route (1 query, and 2 for each level of the network: the same for 2 hops and 200).

    The caller has seen the circuit.
    """
    rows = list(
        Hop.objects.filter(path__circuit=circuit_id)
        .order_by("-path__role", "path", "position")
        .values_list("path", "path__role", "position", "resource")
    )
    around = Surroundings.read({row[3] for row in rows})
    paths: dict[int, tuple[str, list[HopView]]] = {}
    for path_id, role, position, resource_id in rows:
        paths.setdefault(path_id, (role, []))[1].append(around.hop(position, resource_id))
    views = tuple(PathView(path_id, role, tuple(hops)) for path_id, (role, hops) in paths.items())
    return RouteView(views, tuple(around.shared(views)), around.above)


class Surroundings:
    """Everything some resources depend on: what holds them, the ends of links, what they run in."""

    def __init__(self, places: Mapping[int, Place], above: Mapping[int, set[int]], parent: Mapping[int, int]) -> None:
        self.places = places
        self.above = above
        self.parent = parent

    @classmethod
    def read(cls, ids: set[int]) -> "Surroundings":
        """Walk upward from these resources, level by level."""
        places: dict[int, Place] = {}
        above: dict[int, set[int]] = {}
        parent: dict[int, int] = {}
        level = ids
        columns = ("pk", "code", "name", "kind", "role", "address", "parent", "a_end", "z_end")
        while level:
            for *said, holder, a_end, z_end in Resource.objects.filter(pk__in=level).values_list(*columns):
                place = Place(*said)
                places[place.id] = place
                above[place.id] = {pk for pk in (holder, a_end, z_end) if pk is not None}
                if holder is not None:
                    parent[place.id] = holder
            for child, on in Dependency.objects.filter(resource__in=level).values_list("resource", "on"):
                above[child].add(on)
            level = {on for child in level for on in above.get(child, ())} - places.keys()
        return cls(places, above, parent)

    def hop(self, position: int, resource_id: int) -> HopView:
        """Return a hop with where it stands and what it runs in."""
        chain = [self.places[pk] for pk in self._chain(resource_id)]
        under = [self.places[pk] for pk in sorted(self.all_above([resource_id]))]
        carried = (ResourceKind.FIBRE, ResourceKind.CABLE, ResourceKind.DUCT)
        resource = self.places[resource_id]
        return HopView(
            position=position,
            resource=resource,
            device=next((each for each in chain if each.kind == ResourceKind.DEVICE), None),
            site=next((each for each in chain if each.kind == ResourceKind.SITE), None),
            runs_in=tuple(p for kind in carried for p in under if p.kind == kind and p.id != resource_id),
        )

    def shared(self, paths: Iterable[PathView]) -> list[SharedRisk]:
        """Return what all paths share, the most specific only, true risks before shared ends."""
        per_path = [[hop.resource.id for hop in path.hops] for path in paths]
        if len(per_path) < 2:
            return []
        common = set.intersection(*(self.all_above(hops) for hops in per_path))
        ends = self._ends(per_path)
        implied = {on for pk in common for on in self.all_above([pk]) - {pk}}
        found = [SharedRisk(self.places[pk], not ends.isdisjoint(self._chain(pk))) for pk in common - implied]
        return sorted(found, key=lambda risk: (risk.at_ends, risk.resource.kind, risk.resource.code))

    def all_above(self, ids: Iterable[int]) -> set[int]:
        """Return these resources and all they depend on."""
        level, found = set(ids), set()
        while level:
            found |= level
            level = {on for pk in level for on in self.above.get(pk, ())} - found
        return found

    def _ends(self, paths: Sequence[Sequence[int]]) -> set[int]:
        """Return what all paths share before they part and after they meet, and what that depends on, but for sites."""
        tails = set(paths[0][:1]) | set(paths[0][-1:])
        for way in (paths, [path[::-1] for path in paths]):
            tails |= {hops[0] for hops in takewhile(lambda hops: len(set(hops)) == 1, zip(*way, strict=False))}
        around = (ResourceKind.SITE, ResourceKind.ROOM)
        return {pk for pk in self.all_above(tails) if self.places[pk].kind not in around}

    def _chain(self, pk: int) -> list[int]:
        chain = [pk]
        while chain[-1] in self.parent:
            chain.append(self.parent[chain[-1]])
        return chain
