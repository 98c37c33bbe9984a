"""What planned work announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class WorkAnnounced:
    """Approved work is announced: the affected key accounts are to be told (I3)."""

    work_id: int
    number: str
    from_at: datetime
    to_at: datetime
    at: datetime


@dataclass(frozen=True)
class WorkEnded:
    """Work was finished or, if `cancelled`, called off; from `at` on it excuses nothing."""

    work_id: int
    number: str
    cancelled: bool
    announced: bool
    at: datetime
