"""What happened to whom, and when? Outages and reports of years drawn at once; no two of one firm overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]

DOWN, DEGRADED, REPORTED, ASKED = 0, 1, 2, 3
"""Kinds of cases: a circuit went down, was degraded, was reported faulty, somebody asked something."""
PROMISED = np.array([60, 90, 180, 240, 240, 240]) * 60
"""About how long people have to restore a circuit of each grade, in seconds: repairs take their share of it."""
DAY, EAST = 86_400, 8 * 3_600
SHORTEST, LONGEST = 150, 12 * 3_600
APART = 900
"""Seconds between the end of one case of a firm and the beginning of the next."""
SPARE = 1.05
"""How much more is drawn than wanted: what overlaps is left out."""


@dataclass(frozen=True)
class Sites:
    """Where things can happen: by place its firm, card and circuits; by circuit its firm and grade (0 is the best)."""

    firm: Longs
    card: Longs
    circuits: Sequence[Sequence[int]]
    firm_of_circuit: Longs
    grade_of_circuit: Longs


@dataclass(frozen=True)
class Cases:
    """One entry per ticket, in the order they were opened. `incident` counts from 1, 0 is none; `place` is where the
    incident's alarm stands (its card, if `card`)."""

    kind: Longs
    firm: Longs
    opened: Longs
    ended: Longs
    incident: Longs
    place: Longs
    card: NDArray[np.bool_]
    circuits: list[tuple[int, ...]]


def draw_cases(sites: Sites, wanted: int, began_s: int, until_s: int, dice: np.random.Generator) -> Cases:
    """Draw exactly so many cases between two instants; all are over at the second."""
    drawn = _Drawn(sites, began_s, until_s, dice)
    drawn.draw_cards(round(wanted * 0.012))
    drawn.draw_single(round(wanted * 0.54 * SPARE))
    drawn.draw_reports(round(wanted * 0.41 * SPARE))
    return drawn.picked(wanted)


class _Drawn:
    def __init__(self, sites: Sites, began_s: int, until_s: int, dice: np.random.Generator) -> None:
        self.sites, self.began_s, self.until_s, self.dice = sites, began_s, until_s, dice
        self.best = np.array([min(sites.grade_of_circuit[c] for c in own) for own in sites.circuits], np.int64)
        self.parts: list[tuple[Longs, ...]] = []
        self.of_cards: list[tuple[int, ...]] = []
        self.groups = 0

    def _instants(self, count: int, lasting: Longs) -> Longs:
        """Draw beginnings: two thirds by day, the rest around the clock."""
        days = (self.until_s - self.began_s) // DAY
        day = self.dice.integers(0, days, count)
        by_day = self.dice.random(count) < 0.65
        second = np.where(by_day, self.dice.integers(7 * 3600, 22 * 3600, count), self.dice.integers(0, DAY, count))
        at: Longs = self.began_s // DAY * DAY + day * DAY + (second - EAST) % DAY
        return np.clip(at, self.began_s, self.until_s - lasting - 1)

    def _lasting(self, grades: Longs) -> Longs:
        drawn = PROMISED[grades] * 0.42 * self.dice.lognormal(0, 0.75, len(grades))
        return np.clip(drawn, SHORTEST, LONGEST).astype(np.int64)

    def _keep(
        self, kind: Longs, firm: Longs, opened: Longs, ended: Longs, group: Longs, place: Longs, extra: Longs
    ) -> None:
        self.parts.append((kind, firm, opened, ended, group, place, extra))

    def draw_cards(self, count: int) -> None:
        """Let line cards fail: every firm at one gets its case, under one incident."""
        order = np.argsort(self.sites.card, kind="stable")
        cards = [list(own) for _, own in groupby(order.tolist(), key=lambda place: int(self.sites.card[place]))]
        full = [own for own in cards if len(own) > 2] or cards
        rows = []
        lasting = self._lasting(np.full(count, 1))
        for at, lasts in zip(self._instants(count, lasting).tolist(), lasting.tolist(), strict=True):
            self.groups += 1
            hit = full[int(self.dice.integers(len(full)))]
            firms: dict[int, set[int]] = {}
            for place in hit:
                firms.setdefault(int(self.sites.firm[place]), set()).update(self.sites.circuits[place])
            for firm, circuits in firms.items():
                self.of_cards.append(tuple(sorted(circuits)))
                rows.append((DOWN, firm, at, at + lasts, self.groups, hit[0], len(self.of_cards)))
        self._keep(*np.array(rows, np.int64).reshape(-1, 7).T)

    def draw_single(self, count: int) -> None:
        """Let tails fail and get worse: one place, one firm, one incident."""
        many = np.array([len(own) for own in self.sites.circuits])
        weights = self.dice.lognormal(0, 0.8, len(many)) / many**0.6
        place = self.dice.choice(len(many), count, p=weights / weights.sum())
        lasting = self._lasting(self.best[place])
        opened = self._instants(count, lasting)
        kind = np.where(self.dice.random(count) < 0.88, DOWN, DEGRADED)
        group = np.arange(self.groups + 1, self.groups + count + 1)
        self._keep(kind, self.sites.firm[place], opened, opened + lasting, group, place, np.zeros(count, np.int64))

    def draw_reports(self, count: int) -> None:
        """Let people report what no alarm tells of, and ask."""
        circuit = self.dice.integers(1, len(self.sites.firm_of_circuit), count)
        lasting = self._lasting(self.sites.grade_of_circuit[circuit])
        opened = self._instants(count, lasting)
        kind = np.where(self.dice.random(count) < 0.93, REPORTED, ASKED)
        none = np.zeros(count, np.int64)
        self._keep(kind, self.sites.firm_of_circuit[circuit], opened, opened + lasting, none, circuit, none)

    def picked(self, wanted: int) -> Cases:
        """Leave out what overlaps, and what is too much; put the rest in order."""
        kind, firm, opened, ended, group, place, extra = (
            np.concatenate(part) for part in zip(*self.parts, strict=True)
        )
        kept = np.flatnonzero(self._apart(firm, opened, ended, group, extra))
        surplus = len(kept) - wanted
        if surplus < 0:
            raise ValueError(f"{-surplus} cases are missing: draw more")
        loose = kept[extra[kept] == 0]
        kept = np.setdiff1d(kept, self.dice.choice(loose, surplus, replace=False))
        kept = kept[np.lexsort((kept, group[kept], opened[kept]))]
        kind, firm, opened, ended = kind[kept], firm[kept], opened[kept], ended[kept]
        group, place, extra = group[kept], place[kept], extra[kept]
        return Cases(
            kind, firm, opened, ended, _renumbered(group), place, extra > 0, self._circuits(kind, place, extra)
        )

    def _apart(self, firm: Longs, opened: Longs, ended: Longs, group: Longs, extra: Longs) -> NDArray[np.bool_]:
        order = np.lexsort((opened, firm))
        span = self.until_s + 10 * DAY
        last = np.maximum.accumulate(ended[order] + firm[order] * span)
        clash = np.zeros(len(firm), bool)
        clash[order[1:]] = opened[order[1:]] + firm[order[1:]] * span < last[:-1] + APART
        broken = np.unique(group[clash & (extra > 0)])
        return ~clash & ~(np.isin(group, broken) & (extra > 0))

    def _circuits(self, kind: Longs, place: Longs, extra: Longs) -> list[tuple[int, ...]]:
        known = [tuple(own) for own in self.sites.circuits]
        return [
            self.of_cards[e - 1] if e else known[p] if k < REPORTED else (p,)
            for k, p, e in zip(kind.tolist(), place.tolist(), extra.tolist(), strict=True)
        ]


def _renumbered(group: Longs) -> Longs:
    """Number groups from 1 in the order they begin; 0 stays none."""
    number = np.zeros(len(group), np.int64)
    some = group > 0
    named, first, back = np.unique(group[some], return_index=True, return_inverse=True)
    rank = np.empty(len(named), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(1, len(named) + 1)
    number[some] = rank[back]
    return number
