"""Which few faults put this circuit where it is? A smallest hitting set over its impaired paths."""

from mainstay.domain.impact.graph import ImpactGraph
from mainstay.domain.impact.levels import NEVER, BrokenPath, CircuitState, Explanation, IntArray, Level

EXACT_UP_TO = 10
"""Impaired paths up to which the smallest set is searched for exactly."""

_Preference = tuple[int, int, int]
"""Rank, begin, index: the lower, the nearer to what one would call the cause."""


def explain(
    graph: ImpactGraph, circuit: int, *, own: IntArray, effective: IntArray, states: tuple[int, int]
) -> Explanation:
    """Explain one circuit. `own`, `effective`: columns "not clear since", "down since" per resource (see engine)."""
    paths = [
        _broken_path(graph, position, path, own, effective) for position, path in enumerate(graph.paths_of(circuit))
    ]
    impaired = [path for path in paths if path.level]
    reach: dict[int, int] = {}
    for bit, path in enumerate(impaired):
        for fault in path.faults:
            if _level(own[fault]) == path.level:
                reach[fault] = reach.get(fault, 0) | 1 << bit
    preference = {fault: (int(graph.rank[fault]), int(own[fault, _column(own, fault)]), fault) for fault in reach}
    causes = smallest_cover(reach, preference, (1 << len(impaired)) - 1, exact=len(impaired) <= EXACT_UP_TO)
    return Explanation(circuit, CircuitState(states[0]), CircuitState(states[1]), causes, tuple(paths))


def _column(own: IntArray, fault: int) -> int:
    """Give the column of the instant the fault began at its level."""
    return int(own[fault, 1] != NEVER)


def _level(row: IntArray) -> Level:
    return Level(int((row != NEVER).sum()))


def _broken_path(graph: ImpactGraph, position: int, path: IntArray, own: IntArray, effective: IntArray) -> BrokenPath:
    under = graph.under(path)
    faults = under[own[under, 0] != NEVER]
    broken = sorted({int(resource) for resource in path if effective[resource, 0] != NEVER})
    level = Level(int((effective[path] != NEVER).any(axis=0).sum()))
    return BrokenPath(position, level, tuple(int(fault) for fault in faults), tuple(broken))


def smallest_cover(
    reach: dict[int, int], preference: dict[int, _Preference], everything: int, *, exact: bool
) -> tuple[int, ...]:
    """Choose faults that together reach every path; faults that reach the same paths stand for each other."""
    best_of: dict[int, int] = {}
    for fault in sorted(reach, key=preference.__getitem__):
        best_of.setdefault(reach[fault], fault)
    chosen = _exact(best_of, preference, everything) if exact else _greedy(best_of, preference, everything)
    return tuple(sorted(chosen))


def _exact(best_of: dict[int, int], preference: dict[int, _Preference], everything: int) -> list[int]:
    """Widen the set one fault at a time; the first size that covers wins. Keeps the preferred set per covered mask."""
    best: dict[int, list[int]] = {0: []}
    while everything not in best:
        grown = dict(best)
        for covered, faults in best.items():
            for mask, fault in best_of.items():
                candidate = sorted([*faults, fault], key=preference.__getitem__)
                union = covered | mask
                if union != covered and (union not in grown or _prefer(candidate, grown[union], preference)):
                    grown[union] = candidate
        best = grown
    return best[everything]


def _prefer(candidate: list[int], present: list[int], preference: dict[int, _Preference]) -> bool:
    def key(faults: list[int]) -> tuple[int, list[_Preference]]:
        return len(faults), [preference[fault] for fault in faults]

    return key(candidate) < key(present)


def _greedy(best_of: dict[int, int], preference: dict[int, _Preference], everything: int) -> list[int]:
    chosen: list[int] = []
    left = everything
    while left:
        mask = min(best_of, key=lambda mask: (-(mask & left).bit_count(), preference[best_of[mask]]))
        chosen.append(best_of[mask])
        left &= ~mask
    return chosen
