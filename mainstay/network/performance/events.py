"""What the room announces: a circuit went over a threshold, or came back (G5, X.733 threshold crossing alert)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ThresholdCrossed:
    """A series stands over its threshold since `since_at`.

    `resource`: code of a part of the inventory that carries this circuit and no other, on which an alarm may stand;
    empty where there is none. `severity` as X.733 has it; `value` and `limit` in the metric's unit.
    """

    series_id: int
    circuit_id: int
    circuit: str
    resource: str
    metric: str
    side: str
    value: int
    limit: int
    severity: str
    since_at: datetime
    at: datetime


@dataclass(frozen=True)
class ThresholdCleared:
    """A series is back under its threshold, or is watched no more, as of `since_at`."""

    series_id: int
    circuit_id: int
    circuit: str
    resource: str
    metric: str
    side: str
    severity: str
    since_at: datetime
    at: datetime
