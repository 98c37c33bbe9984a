"""Which few faults put this circuit where it is? As the engine explains it, without arrays: faster for one circuit."""

from collections.abc import Mapping
from typing import TypeAlias

from mainstay.domain.impact.explain import EXACT_UP_TO, smallest_cover
from mainstay.domain.impact.graph import ImpactGraph
from mainstay.domain.impact.levels import NEVER, IntArray

Fault: TypeAlias = tuple[int, int]
"""Since when a resource is not clear, and down (epoch ms; NEVER: it is not), by its own faults alone."""


class Nearby:
    """Mutable: the faults that stand on `graph`, looked up from a circuit upwards. Owned by one thread."""

    def __init__(self, graph: ImpactGraph) -> None:
        """Begin with a clear network."""
        self.graph = graph
        self._faults: dict[int, Fault] = {}
        self._above: dict[int, tuple[int, ...]] = {}

    def put(self, resource: int, fault: Fault) -> None:
        """Set what stands on a resource."""
        if fault[0] == NEVER:
            self._faults.pop(resource, None)
        else:
            self._faults[resource] = fault

    def forget_ways(self) -> None:
        """Look the graph up anew: it has changed."""
        self._above.clear()

    def causes(self, circuit: int) -> tuple[int, ...]:
        """Give the causes that `ImpactEngine.explain` gives, sorted; none for a circuit without fault."""
        impaired = [faults for faults in map(self._faults_under, self.graph.paths_of(circuit)) if faults]
        reach: dict[int, int] = {}
        for bit, faults in enumerate(impaired):
            down = any(dwn != NEVER for _, dwn in faults.values())
            for resource, (_, dwn) in faults.items():
                if (dwn != NEVER) == down:
                    reach[resource] = reach.get(resource, 0) | 1 << bit
        if len(reach) == 1:
            return tuple(reach)
        begun = {r: self._faults[r] for r in reach}
        preference = {r: (int(self.graph.rank[r]), dwn if dwn != NEVER else imp, r) for r, (imp, dwn) in begun.items()}
        return smallest_cover(reach, preference, (1 << len(impaired)) - 1, exact=len(impaired) <= EXACT_UP_TO)

    def _faults_under(self, path: IntArray) -> Mapping[int, Fault]:
        """Return the faults on a path and on all it depends on."""
        faults = self._faults
        return {r: faults[r] for hop in path.tolist() for r in self._ways(hop) if r in faults}

    def _ways(self, resource: int) -> tuple[int, ...]:
        """Return a resource and everything above it."""
        known = self._above.get(resource)
        if known is None:
            above = (self._ways(parent) for parent in self.graph.up.row(resource).tolist())
            known = self._above[resource] = tuple({resource}.union(*above))
        return known
