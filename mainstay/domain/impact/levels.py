"""What can be said about a resource, a path and a circuit: levels, states, and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
IndexArray = NDArray[np.int32]
ByteArray = NDArray[np.int8]

NEVER = int(np.iinfo(np.int64).max)
"""The instant of something that has not happened: later than every other."""


class Level(IntEnum):
    """How a resource or a path does; a path is as bad as its worst resource."""

    CLEAR = 0
    DEGRADED = 1
    DOWN = 2


class CircuitState(IntEnum):
    """How a circuit does, in order of severity (G2)."""

    UP = 0
    UNPROTECTED = 1
    DEGRADED = 2
    DOWN = 3


class CircuitChange(NamedTuple):
    """One circuit whose state changed; see `Changes`."""

    circuit: int
    old: int
    new: int
    old_unplanned: int
    new_unplanned: int


class FewChanges(NamedTuple):
    """What one call changed, circuit by circuit: the same as `Changes`, faster for a few."""

    circuits: Sequence[CircuitChange]
    retimed: Sequence[int]


@dataclass(frozen=True, slots=True)
class Changes:
    """Circuits whose state changed in one call, sorted by circuit; all arrays have one entry per circuit.

    `old`/`new` judge all faults, `old_unplanned`/`new_unplanned` only the unplanned ones; a circuit is listed when
    either changed. `retimed` lists, sorted, the impaired circuits that changed neither state but lie over a resource
    whose effective begin moved: their `since` may have moved too (an alarm came late), ask again.
    """

    circuits: IntArray
    old: ByteArray
    new: ByteArray
    old_unplanned: ByteArray
    new_unplanned: ByteArray
    retimed: IntArray

    def one_by_one(self) -> FewChanges:
        """Say the same circuit by circuit."""
        columns = self.circuits, self.old, self.new, self.old_unplanned, self.new_unplanned
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return FewChanges([CircuitChange(*row) for row in rows], self.retimed.tolist())

    def __len__(self) -> int:
        return len(self.circuits)


@dataclass(frozen=True, slots=True)
class BrokenPath:
    """One path of a circuit and the faults that reach it: `position` 0 is working, 1.. the others in their order."""

    position: int
    level: Level
    faults: tuple[int, ...]
    broken: tuple[int, ...]
    """Resources of the path itself that are not clear (`faults` may lie above them), in index order."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a circuit is in its state: the smallest set of faulty resources, and each path."""

    circuit: int
    state: CircuitState
    unplanned_state: CircuitState
    causes: tuple[int, ...]
    paths: tuple[BrokenPath, ...]
