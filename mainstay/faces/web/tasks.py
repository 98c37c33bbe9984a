"""One thing that waits for a person, as “My day” shows it (C6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Task:
    """One thing to do. `verb` with `post_url` is done from the row; `clock` or `due_at` says until when."""

    key: str
    title: str
    reason: str
    icon: str
    url: str
    grade: str = ""
    customer: str = ""
    clock: Any = None
    due_at: datetime | None = None
    verb: str = ""
    post_url: str = ""
