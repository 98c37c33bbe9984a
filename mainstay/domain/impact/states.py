"""What state follows from the levels of a circuit's paths? The one table all of the engine reads."""

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.impact.levels import NEVER, ByteArray, CircuitState, Level

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


def codes_of(words: NDArray[np.int64]) -> ByteArray:
    """Give each path's code from its four 16-bit counts: bit 0 not clear, 1 down; 2 and 3 the same, unplanned."""
    return packed((words.view(np.uint16) != 0).reshape(-1, 4))


def code_of(word: int) -> int:
    """Give a path's code from its word of four counts, as `codes_of` does."""
    code = 1 if word & 0xFFFF else 0
    if word & 0xFFFF0000:
        code |= 2
    if word & 0xFFFF00000000:
        code |= 4
    return code | 8 if word >> 48 else code


def word_of(row: list[int]) -> int:
    """Give what a resource with this row adds to the counts of each path over it."""
    impaired, down, unplanned, unplanned_down = row
    word = 1 if impaired != NEVER else 0
    if down != NEVER:
        word |= 1 << 16
    if unplanned != NEVER:
        word |= 1 << 32
    return word | 1 << 48 if unplanned_down != NEVER else word


def packed(flags: NDArray[np.bool_]) -> ByteArray:
    """Give rows of four booleans as four bits, the first lowest.

    They lie side by side as bytes; one multiplication brings them together as bits.
    """
    together = flags.view(np.uint32)[:, 0]
    codes: ByteArray = ((together * np.uint32(0x01020408)) >> np.uint32(24)).astype(np.int8)
    return codes


def level_of(code: int, view: int) -> int:
    """Give a path's level from its code, in a view: 0 under all faults, 1 under the unplanned ones."""
    bits = code >> (2 * view)
    return (bits & 1) + (bits >> 1 & 1)


def _verdict(*codes: int) -> int:
    found = 0
    for view in (0, 1):
        working, *others = (level_of(code, view) for code in codes)
        found |= state_of(working, min(others, default=NO_OTHER), max(others, default=0)) << (2 * view)
    return found


OF_ONE: ByteArray = np.array([_verdict(code) for code in range(16)], np.int8)
"""Verdict of a circuit with one path, by the path's code. A verdict: the state, and times 4 the unplanned state."""
OF_TWO: ByteArray = np.array([_verdict(code & 15, code >> 4) for code in range(256)], np.int8)
"""Verdict of a circuit with two paths, by the working path's code plus 16 times the other's."""


def states_of(working: ByteArray, best_other: ByteArray, worst_other: ByteArray) -> ByteArray:
    """Judge many circuits at once; see `state_of`."""
    index: NDArray[np.int8] = (working * 4 + best_other) * 3 + worst_other
    return _TABLE[index]
