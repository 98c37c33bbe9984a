"""What the room of points announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PointsExpiring:
    """Points of a customer expire soon; `points` until the end of `expires_on` (ISO day)."""

    customer_id: int
    points: int
    expires_on: str
