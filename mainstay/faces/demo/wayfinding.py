"""Which way does a circuit take through the drawn network, and which one if that fails?"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from mainstay.faces.demo.drawing import Access, Drawing

Way = tuple[str, ...]


@dataclass
class Wayfinder:
    """Finds shortest ways between access devices; ways between the same nodes are remembered."""

    drawing: Drawing
    known: dict[tuple[str, str, Way], Way] = field(default_factory=dict)

    def working(self, one: Access, other: Access | str) -> Way:
        """Return the shortest hops from a device to another (or to a node), both included; empty without a way."""
        return next(iter(self._candidates(one, other)), (0, 0, ()))[2]

    def pair(self, one: Access, other: Access | str) -> tuple[Way, Way]:
        """Return a working way and a protection way; the second is empty where no other way exists.

        Ways without a common node are looked for first, then ways without a common link; access tails may be shared.
        """
        ends = {one.code, other if isinstance(other, str) else other.code}
        candidates = self._candidates(one, other)
        for nodes_too in (True, False):
            for side, far_side, working in candidates:
                avoid = [hop for hop in working if hop not in ends and (nodes_too or hop in self.drawing.ends)]
                way = self._joined(one, other, (1 - side, 1 - far_side), tuple(avoid))
                if way and way != working:
                    return working, way
        return self.working(one, other), ()

    def _candidates(self, one: Access, other: Access | str) -> list[tuple[int, int, Way]]:
        """Return the ways out of each side into each side, shortest first, with the sides."""
        found = [
            (side, far_side, self._joined(one, other, (side, far_side), ()))
            for side in range(len(one.ways))
            for far_side in range(1 if isinstance(other, str) else len(other.ways))
        ]
        return sorted((row for row in found if row[2]), key=lambda row: len(row[2]))

    def _joined(self, one: Access, other: Access | str, sides: tuple[int, int], avoid: Way) -> Way:
        """Join the way out of one side of a device to the way into one side of the other."""
        start, out = one.ways[sides[0] % len(one.ways)]
        home: Way = ()
        if isinstance(other, str):
            end = other
        else:
            end, into = other.ways[sides[1] % len(other.ways)]
            home = (*reversed(into[:-1]), other.code)
            if one.code == other.code:
                return (one.code,)
        middle = self.between(start, end, avoid)
        way = (one.code, *out[:-1], *middle, *home) if middle else ()
        return way if len(set(way)) == len(way) else ()

    def between(self, start: str, end: str, avoid: Way = ()) -> Way:
        """Return nodes and links from a node to another, both included, by the fewest links; empty without one."""
        key = (start, end, avoid)
        if key not in self.known:
            self.known[key] = self._search(start, end, frozenset(avoid) - {start, end})
        return self.known[key]

    def _search(self, start: str, end: str, closed: Iterable[str]) -> Way:
        closed = frozenset(closed)
        came: dict[str, tuple[str, str] | None] = {start: None}
        waiting = deque([start])
        while waiting and end not in came:
            node = waiting.popleft()
            for other, link in self.drawing.joined[node]:
                if other not in came and other not in closed and link not in closed:
                    came[other] = (node, link)
                    waiting.append(other)
        if end not in came:
            return ()
        way = [end]
        step = came[end]
        while step is not None:
            way += [step[1], step[0]]
            step = came[step[0]]
        return tuple(reversed(way))
