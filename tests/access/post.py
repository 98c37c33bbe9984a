"""What one thing to post is: to which address, by whom it may be, with what, and what must be there before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from tests.access.stage import Stage

Data = dict[str, Any]


def nothing(stage: Stage) -> None:
    """Need nothing beforehand."""


@dataclass(frozen=True)
class Post:
    """One thing to post. `args` name ids of the stage or are taken as they are; `action` is what the trail calls it."""

    name: str
    by: str
    action: str
    send: Data | Callable[[Stage], Data] = field(default_factory=dict)
    args: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    before: Callable[[Stage], None] = nothing

    @property
    def label(self) -> str:
        """Return what tells it from others in a test's name."""
        return "-".join([self.name, str(self.args.get("verb", "")), self.action]).replace("--", "-")

    def path(self, stage: Stage) -> str:
        """Return where it is posted."""
        ids = {word: stage.ids.get(kind, kind) for word, kind in self.args.items()}
        return reverse(self.name, kwargs=ids) + self.query.format(**stage.ids)

    def data(self, stage: Stage) -> Data:
        """Return what is posted."""
        return self.send(stage) if callable(self.send) else self.send
