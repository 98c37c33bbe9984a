"""What planned work announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class WorkAnnounced:
    """Approved work is announced: the affected key accounts are to be told (I3); `again`: its window has changed."""

    work_id: int
    number: str
    from_at: datetime
    to_at: datetime
    at: datetime
    again: bool = False


@dataclass(frozen=True)
class WorkMoved:
    """Announced work got another window; it is to be approved and announced anew."""

    work_id: int
    number: str
    from_at: datetime
    to_at: datetime
    at: datetime


@dataclass(frozen=True)
class WorkEnded:
    """Work was finished or, if `cancelled`, called off; from `at` on it excuses nothing.

    `announced`: customers were told of it. Work that is to be announced anew after a change counts as announced.
    """

    work_id: int
    number: str
    cancelled: bool
    announced: bool
    at: datetime
