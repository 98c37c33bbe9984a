"""Which circuits are down, degraded or unprotected, given every fault that stands? (G2)

Resources, paths and circuits are dense indexes 0..n-1; the caller keeps the maps to its identifiers. Instants are
int64 milliseconds since the epoch, UTC.

A child fails when any of its parents fails (port <- card <- device <- site; fibre <- cable <- duct; link <- fibre and
link <- both end ports). Failure goes from parent to child only, so a port's alarm never downs its device. A
resource's effective level is the worst of its own and its parents' effective levels, a path's the worst over its
resources.

A circuit with one path is as its path: UP, DEGRADED or DOWN. With several (working first): all down: DOWN. Working
clear: UP, or UNPROTECTED when any other path is not clear. Working degraded: DEGRADED. Working down: as the best
other path: UNPROTECTED when one is clear, else DEGRADED. A circuit without a path is UP: nothing is known to carry
it.
"""

from mainstay.domain.impact.changing import GraphChange
from mainstay.domain.impact.engine import ImpactEngine
from mainstay.domain.impact.graph import BadTopology, ImpactGraph
from mainstay.domain.impact.levels import NEVER, BrokenPath, Changes, CircuitState, Explanation, FewChanges, Level
from mainstay.domain.impact.nearby import Nearby

__all__ = [
    "NEVER",
    "BadTopology",
    "BrokenPath",
    "Changes",
    "CircuitState",
    "Explanation",
    "FewChanges",
    "GraphChange",
    "ImpactEngine",
    "ImpactGraph",
    "Level",
    "Nearby",
]
