"""What depends on what, and which circuit runs where: the network as flat arrays, changed row by row."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mainstay.domain.errors import Refused, msgid
from mainstay.domain.impact.changing import Adjacent, GraphChange, allot, rank_anew, ring_among
from mainstay.domain.impact.levels import IndexArray, IntArray
from mainstay.domain.impact.rows import Rows, grown, sorted_unique

FEW = 64
"""Up to so many resources walking upwards one by one is faster than by arrays over the whole network."""
LONGEST_PATH = 32_000
"""Resources one path may have: the engine counts them in 16 bits."""


class BadTopology(Refused):
    """The arrays do not describe a network: an index out of range, an empty path, a cycle."""


class ImpactGraph:
    """A network: resources and their parents, circuits and their paths. Changed by `apply` alone, by its one owner.

    Counts: `n_resources`, `n_circuits`, `n_paths` (of which some may be out of use); arrays may be longer. Rows (index
    -> indexes): `up` parents, `down` children, `hops` a path's resources A to Z, `over` the paths over a resource
    (`circuits_over`: their circuits, entry by entry). Circuit c has `path_count[c]` paths from `first_path[c]` on,
    `path_circuit` is the way back. `rank`: the longest way from a root, so a parent's is always lower than its
    child's.
    """

    def __init__(self, *, resources: int, depends: IntArray, circuits: int, path_circuit: IntArray, hops: Rows) -> None:
        """Take checked arrays, paths in order of their circuit; use `build`. Raises BadTopology on a cycle."""
        self.n_resources = resources
        self.n_circuits = circuits
        self.n_paths = len(path_circuit)
        self.up = Rows.from_pairs(depends[:, 0], depends[:, 1], resources)
        self.down = Rows.from_pairs(depends[:, 1], depends[:, 0], resources)
        self.rank = _ranks(self.up, self.down)
        self.hops = hops
        self.path_circuit: IndexArray = path_circuit.astype(np.int32)
        owned = Rows.from_lengths(np.bincount(path_circuit, minlength=circuits), self.path_circuit)
        self.first_path, self.path_count, self._path_room = owned.starts, owned.lengths, owned.rooms
        path_of_hop = np.repeat(np.arange(self.n_paths, dtype=np.int32), hops.lengths)
        self.over = Rows.from_pairs(hops.columns, path_of_hop, resources)
        self.circuits_over: IndexArray = self.path_circuit[self.over.columns]

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

        `depends`: shape (m, 2), rows (child, parent), in any order, duplicates allowed. `path_circuits`: the circuit
        of each path; a circuit's first path is its working one. `path_lengths`: how many resources each path has (1
        to 32,000). `path_resources`: all paths' resources, one path after the other. Raises BadTopology naming the
        object: an index out of range, a path without resources, lengths that do not add up, a cycle (all its
        resources are named in order).
        """
        pairs = _integers(depends, "depends").reshape(-1, 2)
        owner, lengths = _integers(path_circuits, "path_circuits"), _integers(path_lengths, "path_lengths")
        hops = _integers(path_resources, "path_resources")
        _check_range(pairs.reshape(-1), resources, msgid("Dependency names resource {index}; there are {count}."))
        _check_range(owner, circuits, msgid("A path belongs to circuit {index}; there are {count}."))
        _check_range(hops, resources, msgid("A path runs over resource {index}; there are {count}."))
        _check_lengths(owner, lengths, len(hops))
        rows = Rows.from_lengths(lengths, hops.astype(np.int32))
        if np.any(owner[1:] < owner[:-1]):
            order = np.argsort(owner, kind="stable")
            columns, lengths = rows.gather(order)
            owner, rows = owner[order], Rows.from_lengths(lengths, columns)
        return cls(resources=resources, depends=pairs, circuits=circuits, path_circuit=owner, hops=rows)

    @classmethod
    def from_paths(
        cls, resources: int, depends: Sequence[tuple[int, int]], circuits: Sequence[Sequence[Sequence[int]]]
    ) -> "ImpactGraph":
        """Build from nested lists: circuits -> paths (working first) -> resources. Raises as `build`."""
        flat = [(circuit, path) for circuit, paths in enumerate(circuits) for path in paths]
        return cls.build(
            resources=resources,
            depends=list(depends),
            circuits=len(circuits),
            path_circuits=[circuit for circuit, _ in flat],
            path_lengths=[len(path) for _, path in flat],
            path_resources=[hop for _, path in flat for hop in path],
        )

    def plan(
        self,
        *,
        resources: int | None = None,
        parents: Mapping[int, Sequence[int]] | None = None,
        routes: Mapping[int, Sequence[Sequence[int]]] | None = None,
    ) -> GraphChange:
        """Check an inventory change and give what of it is news; hand that to `apply`.

        Indexes keep their meaning, new ones are appended. `resources`: the new number of resources (never fewer).
        `parents`: resource -> all it directly depends on from now on. `routes`: circuit -> its paths from now on (an
        empty list: no route any more; an index past the end: a new circuit). Raises as `build`; nothing is changed.
        """
        count = self.n_resources if resources is None else resources
        if count < self.n_resources:
            raise BadTopology(
                msgid("The network has {count} resources, not {asked}; indexes are never taken back."),
                count=self.n_resources,
                asked=count,
            )
        fresh = {child: _integers(above, "parents") for child, above in (parents or {}).items()}
        _check_range(_integers([*fresh], "parents"), count, msgid("There is no resource {index}; there are {count}."))
        for above in fresh.values():
            _check_range(above, count, msgid("Dependency names resource {index}; there are {count}."))
        fresh = {child: sorted_unique(above) for child, above in fresh.items()}
        fresh = {child: above for child, above in fresh.items() if not np.array_equal(above, self._parents(child))}
        ring = ring_among(fresh, self.up, self.n_resources)
        if ring:
            raise _circle(ring)
        ways = {c: [_integers(path, "routes") for path in paths] for c, paths in (routes or {}).items()}
        for circuit, paths in ways.items():
            for path in paths:
                _check_range(path, count, msgid("A path runs over resource {index}; there are {count}."))
                _check_lengths(np.array([circuit]), np.array([len(path)]), len(path))
        ways = {circuit: paths for circuit, paths in ways.items() if not self._runs(circuit, paths)}
        circuits = max(self.n_circuits, *(circuit + 1 for circuit in routes)) if routes else self.n_circuits
        return GraphChange(count, circuits, fresh, ways, self._stirred(fresh, count))

    def apply(self, change: GraphChange) -> None:
        """Put a change in place: costs what the changed rows cost, and now and then a tidying of all."""
        self._widen(change.resources, change.circuits)
        below = Adjacent()
        for child, above in change.parents.items():
            below.replace(self.up.row(child), above, child)
            self.up.put(child, above)
        for _ in below.put(self.down):
            pass
        rank_anew(change.parents, self.up, self.down, self.rank)
        over = Adjacent()
        for circuit, paths in change.routes.items():
            self._reroute(circuit, paths, over)
        for _, start, row in over.put(self.over):
            self.circuits_over = grown(self.circuits_over, len(self.over.columns))
            self.circuits_over[start : start + len(row)] = self.path_circuit[row]
        for rows in (self.up, self.down, self.hops):
            rows.compact()
        if self.over.compact():
            self.circuits_over = self.path_circuit[self.over.columns]

    def _parents(self, child: int) -> IndexArray:
        return self.up.row(child) if child < self.n_resources else np.empty(0, np.int32)

    def _runs(self, circuit: int, paths: list[IntArray]) -> bool:
        if circuit >= self.n_circuits or len(paths) != self.path_count[circuit]:
            return False
        return all(np.array_equal(old, new) for old, new in zip(self.paths_of(circuit), paths, strict=True))

    def _stirred(self, parents: Mapping[int, IntArray], count: int) -> IntArray:
        known = np.array([child for child in parents if child < self.n_resources], np.int64)
        around = [self._parents(child) for child in parents] + [*parents.values()]
        parts = [np.array([*parents], np.int64), _reach(self.down, known), *around, np.arange(self.n_resources, count)]
        return sorted_unique(np.concatenate(parts))

    def _widen(self, resources: int, circuits: int) -> None:
        for rows in (self.up, self.down, self.over):
            rows.widen(resources)
        self.rank = grown(self.rank, resources)
        self.first_path, self.path_count = grown(self.first_path, circuits), grown(self.path_count, circuits)
        self._path_room = grown(self._path_room, circuits)
        self.n_resources, self.n_circuits = resources, circuits

    def _reroute(self, circuit: int, paths: list[IntArray], over: Adjacent) -> None:
        for path in range(self.first_path[circuit], self.first_path[circuit] + self.path_count[circuit]):
            over.replace(self.hops.row(path), np.empty(0, np.int32), path)
            self.hops.put(path, np.empty(0, np.int32))
        self.n_paths = allot(self.first_path, self.path_count, self._path_room, circuit, len(paths), self.n_paths)
        self.hops.widen(self.n_paths)
        self.path_circuit = grown(self.path_circuit, self.n_paths)
        for path, hops in enumerate(paths, int(self.first_path[circuit])):
            self.path_circuit[path] = circuit
            self.hops.put(path, hops)
            over.replace(np.empty(0, np.int32), hops, path)

    def depends(self) -> IntArray:
        """Give all (child, parent) pairs, shape (m, 2), each once."""
        parents, lengths = self.up.gather(np.arange(self.n_resources))
        return np.stack([np.repeat(np.arange(self.n_resources), lengths), parents.astype(np.int64)], axis=1)

    def ancestors(self, resources: ArrayLike) -> IntArray:
        """List everything whose failure fails one of `resources`; sorted. They stand in it only when above another."""
        return _reach(self.up, self._checked(resources))

    def descendants(self, resources: ArrayLike) -> IntArray:
        """List everything that fails with one of `resources`; sorted. They stand in it only when below another."""
        return _reach(self.down, self._checked(resources))

    def parents(self, resource: int) -> IntArray:
        """List what `resource` directly depends on, sorted."""
        return self.up.row(resource).astype(np.int64)

    def children(self, resource: int) -> IntArray:
        """List what directly depends on `resource`, sorted."""
        return self.down.row(resource).astype(np.int64)

    def circuits_of(self, resources: ArrayLike) -> IntArray:
        """List the circuits with a path over one of `resources` or over anything below them; sorted, each once."""
        asked = self._checked(resources)
        paths, _ = self.over.gather(sorted_unique(np.concatenate([asked, _reach(self.down, asked)])))
        return sorted_unique(self.path_circuit[paths])

    def paths_of(self, circuit: int) -> list[IntArray]:
        """Give the paths of `circuit`, working first, each as its resources A to Z, as built."""
        first = int(self.first_path[circuit])
        paths = range(first, first + int(self.path_count[circuit]))
        return [self.hops.row(path).astype(np.int64) for path in paths]

    def shared_risk(self, circuit: int) -> IntArray:
        """List the resources whose failure hits more than one path of `circuit` (same duct, same device); sorted. (E2)

        Counts the paths' resources and everything above them. Empty for a circuit with one path.
        """
        under = [self.under(path) for path in self.paths_of(circuit)]
        if len(under) < 2:
            return np.empty(0, np.int64)
        ordered = np.sort(np.concatenate(under))
        return sorted_unique(ordered[1:][ordered[1:] == ordered[:-1]])

    def under(self, resources: ArrayLike) -> IntArray:
        """List `resources` and everything above them: whatever can fail them; sorted, each once."""
        asked = self._checked(resources)
        if len(asked) <= FEW:
            return np.array(sorted(_walk(self.up, asked)), np.int64)
        return sorted_unique(np.concatenate([asked, _reach(self.up, asked)]))

    def _checked(self, resources: ArrayLike) -> IntArray:
        asked = np.atleast_1d(_integers(resources, "resources"))
        _check_range(asked, self.n_resources, msgid("There is no resource {index}; there are {count}."))
        return asked


def _integers(values: ArrayLike, name: str) -> IntArray:
    array = np.asarray(values)
    if array.size == 0:
        return np.empty(0, np.int64)
    if array.dtype.kind not in "iu":
        raise BadTopology(msgid("{name} holds {kind}, not integers; give indexes."), name=name, kind=array.dtype.name)
    return array.astype(np.int64, copy=False)


def _check_range(indexes: IntArray, count: int, template: str) -> None:
    if len(indexes) == 0:
        return
    for index in (int(indexes.min()), int(indexes.max())):
        if not 0 <= index < count:
            raise BadTopology(template, index=index, count=count)


def _check_lengths(owner: IntArray, lengths: IntArray, total: int) -> None:
    if len(owner) != len(lengths):
        raise BadTopology(
            msgid("{owners} paths name their circuit but {lengths} their length; give both for each path."),
            owners=len(owner),
            lengths=len(lengths),
        )
    wrong = np.flatnonzero((lengths < 1) | (lengths > LONGEST_PATH))
    if len(wrong):
        raise BadTopology(
            msgid("A path of circuit {circuit} has {length} resources; a path has 1 to {most}."),
            circuit=int(owner[wrong[0]]),
            length=int(lengths[wrong[0]]),
            most=LONGEST_PATH,
        )
    if int(lengths.sum()) != total:
        raise BadTopology(
            msgid("The paths should have {wanted} resources together but {total} are given."),
            wanted=int(lengths.sum()),
            total=total,
        )


def _ranks(up: Rows, down: Rows) -> IndexArray:
    """Peel the roots off, layer by layer; what cannot be peeled holds a cycle."""
    waiting = up.lengths.copy()
    rank = np.zeros(len(waiting), np.int32)
    layer, peeled, depth = np.flatnonzero(waiting == 0), 0, 0
    while len(layer):
        rank[layer] = depth
        peeled, depth = peeled + len(layer), depth + 1
        children, _ = down.gather(layer)
        np.subtract.at(waiting, children, 1)
        candidates = sorted_unique(children)
        layer = candidates[waiting[candidates] == 0]
    if peeled < len(waiting):
        raise _circle(_find_cycle(up, waiting > 0))
    return rank


def _circle(ring: list[int]) -> BadTopology:
    return BadTopology(
        msgid("Resources depend on each other in a circle: {cycle}. Take one of these dependencies out."),
        cycle=" → ".join(str(resource) for resource in ring),
    )


def _find_cycle(up: Rows, stuck: NDArray[np.bool_]) -> list[int]:
    """Walk from child to parent within what could not be peeled until a resource comes back."""
    here = int(np.flatnonzero(stuck)[0])
    seen: dict[int, int] = {}
    walk: list[int] = []
    while here not in seen:
        seen[here] = len(walk)
        walk.append(here)
        here = next(int(parent) for parent in up.row(here) if stuck[parent])
    return [*walk[seen[here] :], here]


def _walk(rows: Rows, start: IntArray) -> set[int]:
    """Reach as `_reach` does, the start included, without an array over all resources: faster from few to few."""
    seen = set(start.tolist())
    waiting = list(seen)
    while waiting:
        for found in rows.row(waiting.pop()).tolist():
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    return seen


def _reach(rows: Rows, start: IntArray) -> IntArray:
    """Give everything that can be reached from `start` along `rows`; sorted, `start` itself only where led back to."""
    seen = np.zeros(len(rows.starts), np.bool_)
    frontier = start
    while len(frontier):
        reached, _ = rows.gather(frontier)
        frontier = sorted_unique(reached[~seen[reached]])
        seen[frontier] = True
    return np.flatnonzero(seen)
