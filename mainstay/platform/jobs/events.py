"""What the room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class JobEnded:
    """A job that ran in the background is over; who asked for it wants to know."""

    job_id: int
    user_id: int | None
    user_name: str
    language: str
    title: str
    state: str
    total: int
    done: int
    failed: int
    at: datetime
