"""Who rises, falls, comes, lapses? Grades held as bits: bit 0 is the highest grade of a rule set."""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.tiering.judging import Outcome
from mainstay.domain.tiering.tables import Table

Column = NDArray[np.int64]


class Move(IntEnum):
    """What a change of grade is."""

    RISE = 1
    FALL = 2
    NEW = 3
    LAPSE = 4
    SIDEWAYS = 5


def mask_of(table: Table, grades: tuple[str, ...]) -> int:
    """Return grades as bits."""
    return sum(1 << table.grades.index(grade) for grade in dict.fromkeys(grades))


def grades_in(grades: tuple[str, ...], mask: int) -> list[str]:
    """Return the grades of a mask, the highest first."""
    return [grade for place, grade in enumerate(grades) if mask >> place & 1]


def masks_of(table: Table, outcomes: tuple[Outcome, ...]) -> Column:
    """Return outcomes as bits."""
    return np.array([mask_of(table, outcome.codes) for outcome in outcomes] or [0], np.int64)


def moves(table: Table, before: Column, after: Column) -> NDArray[np.int8]:
    """Say of each customer what the change from one mask to the other is; 0 where nothing changes."""
    gone = 1 << table.grades.index(table.lapsed) if table.lapsed else 0
    was, now = before & ~gone, after & ~gone
    best_was, best_now = was & -was, now & -now
    more = _bits(now) > _bits(was)
    fewer = _bits(now) < _bits(was)
    found = np.select(
        [before == after, was == 0, now == 0, best_now < best_was, best_now > best_was, more, fewer],
        [0, np.where(now == 0, Move.LAPSE, Move.NEW), Move.LAPSE, Move.RISE, Move.FALL, Move.RISE, Move.FALL],
        Move.SIDEWAYS,
    )
    return found.astype(np.int8)


def move(table: Table, before: int, after: int) -> int:
    """Say what one change is."""
    return int(moves(table, np.array([before], np.int64), np.array([after], np.int64))[0])


def _bits(masks: Column) -> Any:
    return np.bitwise_count(masks)
