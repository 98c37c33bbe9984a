"""What state follows from the levels of a circuit's paths? The one table all of the engine reads."""

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.impact.levels import ByteArray, CircuitState, Level

NO_OTHER = 3
"""Stands for the best level of the other paths where there is no other path."""


def state_of(working: int, best_other: int, worst_other: int) -> CircuitState:
    """Judge one circuit: level of its working path, best and worst level of the others (NO_OTHER: a single path)."""
    if best_other == NO_OTHER:
        return (CircuitState.UP, CircuitState.DEGRADED, CircuitState.DOWN)[working]
    if working == Level.CLEAR:
        return CircuitState.UNPROTECTED if worst_other else CircuitState.UP
    if working == Level.DEGRADED:
        return CircuitState.DEGRADED
    return (CircuitState.UNPROTECTED, CircuitState.DEGRADED, CircuitState.DOWN)[best_other]


_TABLE: ByteArray = np.array(
    [state_of(working, best, worst) for working in range(3) for best in range(4) for worst in range(3)], np.int8
)


def states_of(working: ByteArray, best_other: ByteArray, worst_other: ByteArray) -> ByteArray:
    """Judge many circuits at once; see `state_of`."""
    index: NDArray[np.int8] = (working * 4 + best_other) * 3 + worst_other
    return _TABLE[index]
