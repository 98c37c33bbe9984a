"""Which circuits changed when these faults began or ended? The state of every circuit, kept from call to call."""

from numpy.typing import ArrayLike

from mainstay.domain.impact.graph import ImpactGraph
from mainstay.domain.impact.levels import ByteArray, Changes, Explanation, IntArray, Level


class ImpactEngine:
    """Mutable: the faults that stand on an ImpactGraph and what they do to each circuit. Owned by one thread."""

    graph: ImpactGraph

    def __init__(self, graph: ImpactGraph) -> None:
        raise NotImplementedError

    def set_levels(self, resources: ArrayLike, levels: ArrayLike, planned: ArrayLike, at: ArrayLike) -> Changes:
        """Set faults and give the circuits whose state changed (G2).

        A fault is addressed by (resource, planned): a resource holds at most one planned and one unplanned fault, each set on
        its own; its own level is the worse of the two. So a caller who recomputes a resource from its active alarms sets both:
        the worst planned and the worst unplanned level. Level 0 ends that fault. `at`: when the fault, at the level now set,
        began (epoch ms; ignored for level 0); it replaces what was set before, so order of arrival does not matter.
        Arrays of one length, or scalars that fit all. Of duplicates in one call the last counts. Raises Refused on an unknown
        resource or level; nothing is changed then.
        """
        raise NotImplementedError

    def states(self) -> ByteArray:
        """Give the CircuitState of every circuit under all faults (a copy)."""
        raise NotImplementedError

    def unplanned_states(self) -> ByteArray:
        """Give the CircuitState of every circuit as it would be without the planned faults (a copy)."""
        raise NotImplementedError

    def since(self, circuit: int, *, unplanned: bool = False) -> int | None:
        """Give the instant (epoch ms) from which `circuit` has been in its present state or worse; None when it is UP.

        Judged only from the faults that stand now, by when each began, whatever the order in which they were told.
        Let imp(p) and dwn(p) be the earliest begin of a standing fault that makes path p not clear, and down. Then
        DOWN: the latest dwn(p) over all paths. UNPROTECTED: the earliest imp(p) over all paths. DEGRADED: imp(working),
        unless the working path is down and some other path was still clear at dwn(working): then the instant the last other
        path ceased to be clear.
        """
        raise NotImplementedError

    def since_many(self, circuits: ArrayLike, *, unplanned: bool = False) -> IntArray:
        """Give `since` for many circuits at once; NEVER where a circuit is UP."""
        raise NotImplementedError

    def explain(self, circuit: int, *, unplanned: bool = False) -> Explanation:
        """Give the smallest set of faulty resources that by themselves put each path of `circuit` at its present level.

        Exact up to 10 impaired paths, greedy beyond. Among sets of the same size the one nearer the roots of the
        dependency graph wins (device before its port), then the earlier begun, then the lower index.
        """
        raise NotImplementedError

    def what_if(self, resources: ArrayLike, level: Level = Level.DOWN, *, planned: bool = True) -> Changes:
        """Give the circuits that would change if `resources` were at least at `level` on top of every standing fault.

        The engine's state is the same afterwards. With `planned` the unplanned states stay as they are. (I3)
        """
        raise NotImplementedError

    def adopt(self, graph: ImpactGraph) -> Changes:
        """Go on with a changed network (ImpactGraph.with_changes), keeping all faults; new circuits count as UP before."""
        raise NotImplementedError

    def own_levels(self) -> ByteArray:
        """Give each resource's own level: the worse of its planned and unplanned fault (a copy)."""
        raise NotImplementedError

    def effective_levels(self) -> ByteArray:
        """Give each resource's effective level: its own or that of anything above it, whichever is worse (a copy)."""
        raise NotImplementedError
