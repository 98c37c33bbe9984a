"""How are millions judged by zen? Facts between the same bounds are alike: zen judges one of each kind.

Every condition compares a fact with fixed bounds or options, so a verdict depends only on which segment each fact lies
in. Arrays hold int64; `UNKNOWN` says that nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.tiering.facts import UNKNOWN, FactKind, Value
from mainstay.domain.tiering.judging import Judge, Outcome
from mainstay.domain.tiering.tables import Table

Column = NDArray[np.int64]
_WIDEST = 2**62


@dataclass(frozen=True)
class Judged:
    """What came of many: `outcomes[which[i]]` is the outcome of the customer at place i."""

    outcomes: tuple[Outcome, ...]
    which: NDArray[np.intp]


class FastJudge:
    """Judges columns of facts by one table; remembers what zen said of each kind of customer."""

    def __init__(self, table: Table, kinds: Mapping[str, FactKind]) -> None:
        self.table, self.judge = table, Judge(table)
        self._kinds = [kinds[name] for name in table.facts]
        self._bounds = [_bounds(table, kind) for kind in self._kinds]
        self._known: dict[int, Outcome] = {}

    def judged(self, columns: Mapping[str, Column], count: int) -> Judged:
        """Judge `count` customers whose facts are `columns`, each of that length; a missing column is unknown."""
        given = [columns.get(kind.name, np.full(count, UNKNOWN)) for kind in self._kinds]
        keys = np.zeros(count, np.int64)
        stable, width = True, 1
        for column, kind, bounds in zip(given, self._kinds, self._bounds, strict=True):
            radix = len(kind.options) + 3 if bounds is None else 2 * len(bounds) + 2
            if width * radix >= _WIDEST:
                seen, keys = np.unique(keys, return_inverse=True)
                stable, width = False, len(seen)
            keys = keys * radix + _segment(column, bounds)
            width *= radix
        found, first, which = np.unique(keys, return_index=True, return_inverse=True)
        outcomes = [
            self._outcome(int(key) if stable else None, given, int(place))
            for key, place in zip(found, first, strict=True)
        ]
        return Judged(tuple(outcomes), which.reshape(-1))

    def _outcome(self, key: int | None, columns: list[Column], place: int) -> Outcome:
        known = self._known.get(key) if key is not None else None
        if known is None:
            known = self.judge.outcome(self._facts(columns, place))
            if key is not None:
                self._known[key] = known
        return known

    def _facts(self, columns: list[Column], place: int) -> dict[str, Value]:
        return {kind.name: kind.value(int(column[place])) for kind, column in zip(self._kinds, columns, strict=True)}


def _bounds(table: Table, kind: FactKind) -> Column | None:
    """Return the bounds on a number, sorted; None for flags and choices, whose codes are segments already."""
    if not kind.is_number:
        return None
    whens = [row.when for _place, row in table.rules()] + [decay.when for decay in table.decays]
    asked = [when[kind.name] for when in whens if kind.name in when]
    return np.unique(np.array([b for one in asked for b in (one.low, one.high) if b is not None], np.int64))


def _segment(column: Column, bounds: Column | None) -> Column:
    """Number the segments: even between bounds, odd on a bound, the last for what is unknown."""
    if bounds is None:
        return np.where(column == UNKNOWN, 0, column + 1)
    place = np.searchsorted(bounds, column, "left") + np.searchsorted(bounds, column, "right")
    return np.where(column == UNKNOWN, 2 * len(bounds) + 1, place).astype(np.int64)
