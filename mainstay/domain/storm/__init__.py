"""When is it a storm, which cause comes first, and which causes plausibly have one origin? (G6)"""

from mainstay.domain.storm.detecting import Facts, Signal, State, Thresholds, judge, signals
from mainstay.domain.storm.origins import Origin, Placed, group_by_origin
from mainstay.domain.storm.ranking import weight

__all__ = [
    "Facts", "Origin", "Placed", "Signal", "State", "Thresholds", "group_by_origin", "judge", "signals", "weight",
]  # fmt: skip
