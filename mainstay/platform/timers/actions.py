"""Set, move, cancel and fire timers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.platform.timers.models import Timer

Effect = Callable[[list[Timer], datetime, Actor], None]
_effects: dict[str, Effect] = {}


@dataclass(frozen=True)
class Due:
    """A timer wanted: when, for what, whose, and which rung of it."""

    purpose: str
    owner_kind: str
    owner_id: int
    rung: str
    due_at: datetime


def register(purpose: str, effect: Effect) -> None:
    """Say what happens when timers of a purpose are due; `effect` gets them in one list, within the transaction."""
    _effects[purpose] = effect


def set_timers(wanted: Iterable[Due]) -> None:
    """Set or move timers, in the caller's transaction; one that has fired stays fired (promise-clocks 22)."""
    rows = [
        Timer(purpose=d.purpose, owner_kind=d.owner_kind, owner_id=d.owner_id, rung=d.rung, due_at=d.due_at)
        for d in wanted
    ]
    if rows:
        Timer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["purpose", "owner_kind", "owner_id", "rung"],
            update_fields=["due_at", "cancelled_at"],
        )


def cancel(purpose: str, owner_kind: str, owner_ids: Iterable[int], *, at: datetime) -> None:
    """Cancel the unfired timers of these owners, in the caller's transaction."""
    Timer.objects.filter(
        purpose=purpose, owner_kind=owner_kind, owner_id__in=list(owner_ids), fired_at__isnull=True
    ).update(cancelled_at=at)


def sweep(*, at: datetime, by: Actor, limit: int = 200) -> int:
    """Fire what is due by `at`, oldest first; claim and effect are one transaction, so nothing is lost or done twice.

    Returns how many fired; call again while it equals `limit`.
    """
    if not Timer.objects.filter(due_at__lte=at, fired_at__isnull=True, cancelled_at__isnull=True).exists():
        return 0
    with transaction.atomic():
        due = list(
            Timer.objects.select_for_update(skip_locked=True)
            .filter(due_at__lte=at, fired_at__isnull=True, cancelled_at__isnull=True)
            .order_by("due_at", "id")[:limit]
        )
        Timer.objects.filter(pk__in=[t.pk for t in due]).update(fired_at=at)
        for purpose in dict.fromkeys(t.purpose for t in due):
            _effects[purpose]([t for t in due if t.purpose == purpose], at, by)
    return len(due)
