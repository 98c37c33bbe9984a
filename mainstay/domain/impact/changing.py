"""What changes in a network that is in use? Checked before anything is touched, then put in place row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.impact.levels import IndexArray, IntArray
from mainstay.domain.impact.rows import Rows, sorted_unique

Parents = Mapping[int, IntArray]


@dataclass(frozen=True, slots=True)
class GraphChange:
    """What `ImpactGraph.plan` found sound: only what differs from the network as it is.

    `parents`: child -> all it directly depends on from now on, sorted. `routes`: circuit -> its paths from now on,
    working first. `stirred`: the resources whose surroundings change, sorted: children with everything below them, and
    what they depended on or will.
    """

    resources: int
    circuits: int
    parents: Parents
    routes: Mapping[int, list[IntArray]]
    stirred: IntArray


class Adjacent:
    """Adds to and takes from the rows of many indexes at once."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._gone: list[IntArray] = []
        self._new: list[IntArray] = []

    def replace(self, before: NDArray[np.integer], after: NDArray[np.integer], by: int) -> None:
        """Let `by` leave the rows `before` and stand in the rows `after`."""
        self._gone.append(before.astype(np.int64) << 32 | by)
        self._new.append(after.astype(np.int64) << 32 | by)

    def put(self, rows: Rows) -> Iterable[tuple[int, int, IndexArray]]:
        """Put each changed row anew, ascending; give its index, where it starts and what it holds."""
        gone, new = _flat(self._gone), _flat(self._new)
        leaving, coming = np.setdiff1d(gone, new, True), np.setdiff1d(new, gone, True)
        for index in sorted_unique(np.concatenate([leaving, coming]) >> 32).tolist():
            row = rows.row(index)
            out, into = _of(leaving, index), _of(coming, index)
            row = np.delete(row, np.searchsorted(row, out)) if len(out) else row.copy()
            row = np.insert(row, np.searchsorted(row, into), into) if len(into) else row
            yield index, rows.put(index, row), row


def _flat(keys: Sequence[IntArray]) -> IntArray:
    return sorted_unique(np.concatenate(keys)) if keys else np.empty(0, np.int64)


def _of(keys: IntArray, index: int) -> IndexArray:
    first, last = np.searchsorted(keys, [index << 32, (index + 1) << 32])
    return (keys[first:last] & 0xFFFFFFFF).astype(np.int32)


def ring_among(parents: Parents, up: Rows, known: int) -> list[int]:
    """Give a ring that `parents` would close over what is there, its first repeated at the end; empty: none."""
    done: set[int] = set()
    for start in parents:
        trail: dict[int, None] = {}
        waiting: list[tuple[int, bool]] = [(start, False)]
        while waiting:
            here, leaving = waiting.pop()
            if leaving:
                trail.pop(here)
                done.add(here)
            elif here in trail:
                way = list(trail)
                return [*way[way.index(here) :], here]
            elif here not in done:
                trail[here] = None
                waiting.append((here, True))
                over = parents[here] if here in parents else up.row(here) if here < known else ()
                waiting += [(int(parent), False) for parent in over]
    return []


def rank_anew(children: Iterable[int], up: Rows, down: Rows, rank: IndexArray) -> None:
    """Bring the ranks of `children` and of what hangs below them up to date."""
    waiting = list(children)
    while waiting:
        here = waiting.pop()
        parents = up.row(here)
        new = int(rank[parents].max()) + 1 if len(parents) else 0
        if new != rank[here]:
            rank[here] = new
            waiting += down.row(here).tolist()


def allot(first: IntArray, count: IndexArray, room: IndexArray, circuit: int, wanted: int, used: int) -> int:
    """Give a circuit room for `wanted` paths, behind all others when it has not enough; give how many are used then."""
    if wanted > room[circuit]:
        first[circuit], room[circuit] = used, wanted
        used += wanted
    count[circuit] = wanted
    return used
