"""From when on has a circuit been in its state or worse? For one by lists, for many by arrays; the rule is `since`'s.

`effective`: the engine's rows of instants, of which the two columns from `first` on are looked at: since when a
resource has not been clear, and down.
"""

import numpy as np

from mainstay.domain.impact.graph import ImpactGraph
from mainstay.domain.impact.levels import NEVER, ByteArray, CircuitState, IntArray
from mainstay.domain.impact.rows import positions


def since_of_one(graph: ImpactGraph, effective: IntArray, circuit: int, state: int, *, first: int) -> int:
    """Judge one circuit that is in `state`; NEVER when that is UP."""
    if state == CircuitState.UP:
        return NEVER
    impaired: list[int] = []
    down: list[int] = []
    for path in graph.paths_of(circuit):
        rows = effective[path].tolist()
        impaired.append(min(row[first] for row in rows))
        down.append(min(row[first + 1] for row in rows))
    if state == CircuitState.DOWN:
        return max(down)
    if state == CircuitState.UNPROTECTED:
        return min(impaired)
    last_other = max(impaired[1:], default=0)
    return last_other if last_other > down[0] else impaired[0]


def since_of_many(
    graph: ImpactGraph, effective: IntArray, circuits: IntArray, states: ByteArray, *, first: int
) -> IntArray:
    """Judge circuits that are not UP, so each has a path."""
    first_path, count = graph.first_path[circuits], graph.path_count[circuits].astype(np.int64)
    hops, lengths = graph.hops.gather(positions(first_path, count))
    columns = slice(first, first + 2)
    per_path = np.minimum.reduceat(effective[hops, columns], np.cumsum(lengths) - lengths, axis=0)
    impaired, down = per_path[:, 0], per_path[:, 1]
    working = np.cumsum(count) - count
    others = impaired.copy()
    others[working] = np.iinfo(np.int64).min
    last_other = np.maximum.reduceat(others, working)
    degraded = np.where(last_other <= down[working], impaired[working], last_other)
    earliest = np.minimum.reduceat(impaired, working)
    latest_down = np.maximum.reduceat(down, working)
    return np.select([states == CircuitState.DOWN, states == CircuitState.DEGRADED], [latest_down, degraded], earliest)
