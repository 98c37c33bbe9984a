"""What depends on what, and which circuit runs where: the network as flat arrays that never change once built."""

from collections.abc import Sequence

from numpy.typing import ArrayLike

from mainstay.domain.errors import Refused
from mainstay.domain.impact.levels import IntArray


class BadTopology(Refused):
    """The arrays do not describe a network: an index out of range, an empty path, a cycle."""


class ImpactGraph:
    """An immutable network: resources and their parents, circuits and their paths."""

    n_resources: int
    n_circuits: int
    n_paths: int

    @classmethod
    def build(
        cls,
        *,
        resources: int,
        depends: ArrayLike,
        circuits: int,
        path_circuits: ArrayLike,
        path_lengths: ArrayLike,
        path_resources: ArrayLike,
    ) -> "ImpactGraph":
        """Build from flat arrays.

        `depends`: shape (m, 2), rows (child, parent), in any order, duplicates allowed. `path_circuits`: the circuit of each
        path; a circuit's first path is its working one. `path_lengths`: how many resources each path has (>= 1).
        `path_resources`: all paths' resources, one path after the other. Raises BadTopology naming the object: an index out
        of range, a path without resources, lengths that do not add up, a cycle (all its resources are named in order).
        """
        raise NotImplementedError

    @classmethod
    def from_paths(
        cls, resources: int, depends: Sequence[tuple[int, int]], circuits: Sequence[Sequence[Sequence[int]]]
    ) -> "ImpactGraph":
        """Build from nested lists: circuits -> paths (working first) -> resources."""
        raise NotImplementedError

    def with_changes(
        self,
        *,
        resources: int | None = None,
        depends: ArrayLike | None = None,
        routes: dict[int, Sequence[Sequence[int]]] | None = None,
    ) -> "ImpactGraph":
        """Give the network after an inventory change; indexes keep their meaning, new ones are appended.

        `resources`: the new number of resources (never fewer). `depends`: replaces all dependency pairs. `routes`: circuit ->
        its paths from now on (an empty list: no route any more; a circuit index past the end: a new circuit).
        Hand the result to `ImpactEngine.adopt`.
        """
        raise NotImplementedError

    def ancestors(self, resources: ArrayLike) -> IntArray:
        """List everything whose failure would fail one of `resources`, without these themselves unless above another; sorted."""
        raise NotImplementedError

    def descendants(self, resources: ArrayLike) -> IntArray:
        """List everything that fails when one of `resources` fails, without these themselves unless below another; sorted."""
        raise NotImplementedError

    def parents(self, resource: int) -> IntArray:
        """List what `resource` directly depends on, sorted."""
        raise NotImplementedError

    def children(self, resource: int) -> IntArray:
        """List what directly depends on `resource`, sorted."""
        raise NotImplementedError

    def circuits_of(self, resources: ArrayLike) -> IntArray:
        """List the circuits with a path over one of `resources` or over anything below them; sorted, each once."""
        raise NotImplementedError

    def paths_of(self, circuit: int) -> list[IntArray]:
        """Give the paths of `circuit`, working first, each as its resources A to Z, as built."""
        raise NotImplementedError

    def shared_risk(self, circuit: int) -> IntArray:
        """List the resources whose failure would hit more than one path of `circuit` (same duct, same device); sorted. (E2)

        Counts the paths' resources and everything above them. Empty for a circuit with one path.
        """
        raise NotImplementedError
