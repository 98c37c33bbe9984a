"""Which network carries 250,000 circuits? The demo's own province with many more rings, and its ways laid out once."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from mainstay.faces.demo.cities import City, cities
from mainstay.faces.demo.drawing import Access, Drawing
from mainstay.faces.demo.large.names import ManyNames
from mainstay.faces.demo.province import Extent, draw_province
from mainstay.faces.demo.wayfinding import Wayfinder
from mainstay.network.inventory import laying

Hops = tuple[int, ...]


@dataclass(frozen=True)
class Outlet:
    """An access device and its two ways to the city's core: hops from the device to core A, and to core B."""

    id: int
    access: Access
    letters: str
    to_a: Hops
    to_b: Hops


@dataclass
class Ground:
    """The network drawn: rows as the inventory lays them, outlets by city, ways between the cores of cities."""

    rows: list[laying.Row]
    pairs: list[laying.Row]
    ids: dict[str, int]
    outlets: dict[str, list[Outlet]]
    between: dict[tuple[str, str, str], Hops]
    cities: tuple[City, ...]

    def ways(self, far: Outlet, near: Outlet, *, protected: bool) -> tuple[Hops, Hops]:
        """Return hops from a device to another: the working way over plane A, the protection way over plane B."""
        if far.id == near.id:
            return (far.id,), ()
        working = self._joined(far.to_a, near.to_a, self.between[far.letters, near.letters, "A"])
        if not protected:
            return working, ()
        protection = self._joined(far.to_b, near.to_b, self.between[far.letters, near.letters, "B"])
        return working, protection if protection != working else ()

    def ways_to_core(self, near: Outlet, *, protected: bool) -> tuple[Hops, Hops]:
        """Return hops from a device to core A of its city, and the way round over core B."""
        return near.to_a, (*near.to_b, *self.between[near.letters, near.letters, "X"][1:]) if protected else ()

    def _joined(self, one: Hops, other: Hops, middle: Hops) -> Hops:
        place = {hop: position for position, hop in enumerate(other)}
        for position, hop in enumerate(one):
            if hop in place:
                return (*one[: position + 1], *reversed(other[: place[hop]]))
        return (*one, *middle[1:-1], *reversed(other))


def draw_ground(extent: Extent, names: ManyNames, dice: Random) -> Ground:
    """Draw the province, and lay out the ways of every access device."""
    drawing = draw_province(extent, names, dice)
    built = cities()[: extent.cities]
    rows, ids, pairs = laying.rows_of(drawing.resources)
    ways = _ways_of_nodes(drawing)
    letters = {city.code: city.letters for city in built}
    outlets: dict[str, list[Outlet]] = {city.code: [] for city in built}
    for access in drawing.access:
        if access.city in outlets:
            outlets[access.city].append(_outlet(access, letters[access.city], ways, ids))
    return Ground(rows, pairs, ids, outlets, _between(drawing, built, ids), built)


def _ways_of_nodes(drawing: Drawing) -> dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """Return by node of a ring its place in it, and its hops to core A and to core B, the node left out."""
    found = {}
    for ring in drawing.rings:
        letters = ring[0].split("-")[0]
        nodes = [f"{letters}-CA", *ring, f"{letters}-CB"]
        links = [_link(drawing, one, other) for one, other in pairwise(nodes)]
        for place, node in enumerate(ring, start=1):
            to_a = [hop for at in range(place - 1, -1, -1) for hop in (links[at], nodes[at])]
            to_b = [hop for at in range(place, len(links)) for hop in (links[at], nodes[at + 1])]
            found[node] = (place, tuple(to_a), tuple(to_b))
    return found


def _link(drawing: Drawing, one: str, other: str) -> str:
    return next(link for end, link in drawing.joined[one] if end == other)


def _outlet(
    access: Access,
    letters: str,
    ways: dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]],
    ids: dict[str, int],
) -> Outlet:
    """Take the way to the node nearer to core A for one direction, the other for the other."""
    sides = sorted(access.ways, key=lambda way: ways[way[0]][0])
    (first, out), (last, back) = sides[0], sides[-1]
    to_a = (access.code, *out, *ways[first][1])
    to_b = (access.code, *back, *ways[last][2])
    return Outlet(ids[access.code], access, letters, tuple(ids[hop] for hop in to_a), tuple(ids[hop] for hop in to_b))


def _between(drawing: Drawing, built: tuple[City, ...], ids: dict[str, int]) -> dict[tuple[str, str, str], Hops]:
    finder, found = Wayfinder(drawing), {}
    for plane, other in (("A", "B"), ("B", "A")):
        avoid = tuple(f"{city.letters}-C{other}" for city in built)
        for one in built:
            for two in built:
                way = finder.between(f"{one.letters}-C{plane}", f"{two.letters}-C{plane}", avoid)
                found[one.letters, two.letters, plane] = tuple(ids[hop] for hop in way)
    for city in built:
        way = finder.between(f"{city.letters}-CB", f"{city.letters}-CA")
        found[city.letters, city.letters, "X"] = tuple(ids[hop] for hop in way)
    return found
