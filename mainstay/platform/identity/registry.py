"""What identity asks of rooms above it; `config.registries` fills it in."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from mainstay.domain.actor import Actor


class Journal(Protocol):
    """Writes audit entries: (kind, id, label, before, after) for each object."""

    def __call__(
        self,
        action: str,
        objects: Sequence[tuple[str, int, str, object, object]],
        *,
        at: datetime,
        by: Actor,
    ) -> None: ...


portfolio_of: Callable[[int], frozenset[int]] = lambda _user_id: frozenset()  # noqa: E731
customers_of_contact: Callable[[int], frozenset[int]] = lambda customer_id: frozenset({customer_id})  # noqa: E731


def _no_journal(
    action: str, objects: Sequence[tuple[str, int, str, object, object]], *, at: datetime, by: Actor
) -> None:
    raise RuntimeError("config.registries has not registered the journal")


journal: Journal = _no_journal
