"""How trustworthy is a customer, by rules that are data? Points for facts, for one or for millions at once (B3).

Facts are whole numbers in columns of equal length. A score is the base plus the points of all rules, kept within
0..MOST; the band is the highest whose bound the score reaches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 1_000
Column = NDArray[np.int64]


@dataclass(frozen=True)
class Rule:
    """Points for a fact from `at_least` on and below `below` (None: no bound).

    `per`: 0 gives the points once; else once for each full `per` of the fact, at most `most` in all (0: no limit).
    """

    fact: str
    points: int
    at_least: int | None = None
    below: int | None = None
    per: int = 0
    most: int = 0


@dataclass(frozen=True)
class Band:
    """A band, from a score on."""

    name: str
    from_score: int


def points(rules: Sequence[Rule], facts: Mapping[str, Column]) -> Column:
    """Return the points of each rule (rows) for each customer (columns)."""
    length = len(next(iter(facts.values())))
    found = np.zeros((len(rules), length), np.int64)
    for row, rule in zip(found, rules, strict=True):
        row[:] = _points(rule, facts[rule.fact])
    return found


def _points(rule: Rule, values: Column) -> Column:
    holds = np.ones(len(values), bool)
    if rule.at_least is not None:
        holds &= values >= rule.at_least
    if rule.below is not None:
        holds &= values < rule.below
    times = np.maximum(values, 0) // rule.per if rule.per else np.ones(len(values), np.int64)

    times = np.minimum(times, 10 * MOST)  # before multiplying: a fact may be an amount of money
    given = np.where(holds, times * rule.points, 0)
    return np.clip(given, -rule.most, rule.most) if rule.most else given


def scores(base: int, given: Column) -> Column:
    """Return each customer's score from the points of all rules."""
    found: Column = np.clip(base + given.sum(axis=0), 0, MOST)
    return found


def bands(wanted: Sequence[Band], found: Column) -> list[str]:
    """Return each score's band; "" below all bounds."""
    ordered = sorted(wanted, key=lambda band: band.from_score)
    bounds = np.array([band.from_score for band in ordered], np.int64)
    names = ["", *(band.name for band in ordered)]
    return [names[place] for place in np.searchsorted(bounds, found, side="right")]
