"""Who reaches the factors of a VIP filter: arrays of daily figures in, verdicts out (B6)?

Rows are accounts, columns are days without a gap, MISSING where nothing was delivered. A balance holds until the next
one is delivered; before the first it is nothing. Flows count on the day they were delivered for. All whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MISSING: Final = -(2**63)
Numbers = NDArray[np.int64]
Truths = NDArray[np.bool_]
POINT: Final = 1_000
"""Weighted points are reckoned in thousandths."""


class Together(StrEnum):
    """How factors are put together."""

    ALL = "all"
    ANY = "any"
    WEIGHTS = "weights"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a factor asks: at least so much; its weight in points, for Together.WEIGHTS."""

    least: int
    weight: int = 0


def carried(days: Numbers) -> Numbers:
    """Return balances with every gap filled by the last known one before it; 0 before the first."""
    known = days != MISSING
    place = np.where(known, np.arange(days.shape[1]), -1)
    np.maximum.accumulate(place, axis=1, out=place)
    rows = np.arange(days.shape[0])[:, None]
    return np.where(place >= 0, days[rows, np.maximum(place, 0)], 0)


def sums(days: Numbers, last: int) -> Numbers:
    """Return the sums of flows over the last so many columns, row by row."""
    window = days[:, -last:]
    total: Numbers = np.where(window == MISSING, 0, window).sum(axis=1)
    return total


def stock_sums(days: Numbers, last: int) -> Numbers:
    """Return the sums of balances over the last so many columns, carried from before; divide by `last` to average."""
    total: Numbers = carried(days)[:, -last:].sum(axis=1)
    return total


def by_owner(values: Numbers, owners: Numbers) -> tuple[Numbers, Numbers]:
    """Return (owners, sum of their rows' values), for rows sorted by owner."""
    if not len(owners):
        return owners, values[:0]
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    return owners[starts], np.add.reduceat(values, starts)


def points(values: Numbers, bound: Bound) -> Numbers:
    """Return the weighted points, in thousandths: the full weight from `least` on, in proportion below."""
    reached = np.clip(values, 0, bound.least)
    return bound.weight * (reached * POINT // bound.least)


def judge(
    values: Sequence[Numbers], bounds: Sequence[Bound], together: Together, least_score: int
) -> tuple[Truths, Numbers]:
    """Return who passes, and the score in thousandths of a point (0 unless weighted); one array for each factor."""
    score: Any = np.zeros(len(values[0]), np.int64)
    if together == Together.WEIGHTS:
        for each, bound in zip(values, bounds, strict=True):
            score = score + points(each, bound)
        return score >= least_score * POINT, score
    reached = [each >= bound.least for each, bound in zip(values, bounds, strict=True)]
    combine = np.logical_and if together == Together.ALL else np.logical_or
    return combine.reduce(reached), score
