"""One turn of the loop that judges and rolls up what came; the upkeep process takes turns until it is stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta

from mainstay.domain.actor import Actor
from mainstay.network.performance.choices import Work
from mainstay.network.performance.judging import judge_piece, settle
from mainstay.network.performance.models import Due
from mainstay.network.performance.rolling import roll, waiting
from mainstay.network.performance.rules import RuleBook

SETTLED_EVERY = timedelta(seconds=30)


class Upkeep:
    """Mutable: when crossings were last looked through for those nobody watches any more."""

    def __init__(self) -> None:
        self._settled: datetime | None = None

    def turn(self, *, at: datetime, by: Actor) -> int:
        """Do some of what is due; return how many pieces. Again after a crash does no harm.

        Raises what an event's listener raised (alarms too far behind): those pieces are judged again later.
        """
        rolls = waiting((Work.HOUR, Work.DAY), at=at)
        for piece in rolls:
            roll(piece)
        pieces = waiting((Work.JUDGE,), at=at)
        book = RuleBook.read() if pieces or self._is_time(at) else RuleBook()
        for piece in pieces:
            judge_piece(piece, book, at=at, by=by)
        if self._is_time(at):
            settle(book, at=at, by=by)
            self._settled = at
        return len(pieces) + len(rolls)

    def _is_time(self, at: datetime) -> bool:
        return self._settled is None or at - self._settled >= SETTLED_EVERY


def late_s(at: datetime) -> float:
    """Return for how many seconds the oldest piece of work has been due (1 query)."""
    oldest = Due.objects.order_by("due_at").values_list("due_at", flat=True).first()
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0


def catch_up(*, at: datetime, by: Actor, more: Callable[[], bool] = lambda: True) -> int:
    """Take turns until nothing is due; return how many pieces were done."""
    upkeep, total = Upkeep(), 0
    while more() and (done := upkeep.turn(at=at, by=by)):
        total += done
    return total
