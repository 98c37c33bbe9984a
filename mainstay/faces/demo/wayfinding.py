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
        """Return the hops from a device to another (or to a node), both included; empty when there is no way."""
        return self._joined(one, other, 0, ())

    def protection(self, one: Access, other: Access | str, working: Way) -> Way:
        """Return another way that avoids the nodes and links of the first, or at least its links; empty without one."""
        ends = {one.code, other if isinstance(other, str) else other.code}
        avoid = tuple(hop for hop in working if hop not in ends)
        links = tuple(hop for hop in avoid if hop in self.drawing.ends)
        for forbidden in (avoid, links):
            way = self._joined(one, other, -1, forbidden)
            if way and way != working and len(set(way)) == len(way):
                return way
        return ()

    def _joined(self, one: Access, other: Access | str, side: int, avoid: Way) -> Way:
        start, out = one.ways[side]
        home: Way = ()
        if isinstance(other, str):
            end = other
        else:
            end, into = other.ways[side]
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
