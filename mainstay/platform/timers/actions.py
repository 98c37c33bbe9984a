"""Set, move, cancel and fire timers."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.timers.models import Timer

log = logging.getLogger(__name__)

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


def set_first_timers(wanted: Iterable[Due]) -> None:
    """Set timers of owners that have had none yet, each named once, in the caller's transaction."""
    rows = [(due.purpose, due.owner_kind, due.owner_id, due.rung, due.due_at) for due in wanted]
    insert_many(Timer, ("purpose", "owner_kind", "owner_id", "rung", "due_at"), rows)


def set_timers(wanted: Iterable[Due]) -> None:
    """Set or move timers, in the caller's transaction; one that has fired stays fired (promise-clocks 22).

    Of a timer named twice the last instant counts.
    """
    latest = {(d.purpose, d.owner_kind, d.owner_id, d.rung): d for d in wanted}
    key = ("purpose", "owner_kind", "owner_id", "rung")
    rows = [(*named, due.due_at, None) for named, due in latest.items()]
    insert_many(Timer, (*key, "due_at", "cancelled_at"), rows, unique=key, update=("due_at", "cancelled_at"))


def cancel(purpose: str, owner_kind: str, owner_ids: Iterable[int], *, at: datetime) -> None:
    """Cancel the unfired timers of these owners, in the caller's transaction."""
    Timer.objects.filter(
        purpose=purpose, owner_kind=owner_kind, owner_id__among=owner_ids, fired_at__isnull=True
    ).update(cancelled_at=at)


def sweep(*, at: datetime, by: Actor, limit: int = 50) -> int:
    """Fire what is due by `at`, each purpose in one transaction with its effect: nothing is lost or done twice.

    An effect that fails is tried again timer by timer, so that one bad timer holds up no other; what still fails is
    logged, stays due and counts as overdue. Returns how many fired; call again until it is 0.
    """
    purposes = sorted(_due(at).values_list("purpose", flat=True).distinct())
    return sum(_sweep_purpose(purpose, at=at, by=by, limit=limit) for purpose in purposes)


def _due(at: datetime) -> QuerySet[Timer]:
    return Timer.objects.filter(due_at__lte=at, fired_at__isnull=True, cancelled_at__isnull=True)


def _sweep_purpose(purpose: str, *, at: datetime, by: Actor, limit: int) -> int:
    if purpose not in _effects:
        log.error("Nobody has registered what timers of the purpose %s do; they stay due.", purpose)
        return 0
    oldest = _due(at).filter(purpose=purpose).order_by("due_at", "id")[:limit]
    try:
        return _fire(purpose, oldest, at=at, by=by)
    except OperationalError:
        raise
    except Exception:
        log.exception("Timers of the purpose %s failed together; trying one by one.", purpose)
    return sum(_fire_alone(purpose, pk, at=at, by=by) for pk in list(oldest.values_list("pk", flat=True)))


def _fire_alone(purpose: str, pk: int, *, at: datetime, by: Actor) -> int:
    try:
        return _fire(purpose, _due(at).filter(pk=pk), at=at, by=by)
    except OperationalError:
        raise
    except Exception:
        log.exception("Timer %s of the purpose %s failed; it stays due.", pk, purpose)
        return 0


@transaction.atomic
def _fire(purpose: str, due: QuerySet[Timer], *, at: datetime, by: Actor) -> int:
    claimed = list(due.select_for_update(skip_locked=True))
    if claimed:
        Timer.objects.filter(pk__in=[timer.pk for timer in claimed]).update(fired_at=at)
        _effects[purpose](claimed, at, by)
    return len(claimed)
