"""The loop that judges performance samples and rolls them and revenue up, beside the sweeper in a thread (G5, M9)."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from mainstay.accounts.credit.rolling import score_some
from mainstay.accounts.revenue.rolling import roll_some
from mainstay.domain.actor import system
from mainstay.domain.errors import MainstayError
from mainstay.network.performance.loop import Upkeep

log = structlog.get_logger(__name__)

LOST = (OperationalError, InterfaceError)
IDLE_S = 1.0


def run_rollup(stop: threading.Event) -> None:
    """Judge and roll up what came until asked to stop; a crash loses nothing, what was noted is done again."""
    by, upkeep = system("performance roll-up"), Upkeep()
    while not stop.is_set():
        try:
            at = datetime.now(UTC)
            done = upkeep.turn(at=at, by=by) + _sums_and_scores(at)
            if not done:
                stop.wait(IDLE_S)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()
            stop.wait(1)
        except MainstayError as error:
            log.warning("samples could not be judged; trying again", error=str(error))
            stop.wait(1)


def _sums_and_scores(at: datetime) -> int:
    """Roll some customers' revenue up, score some; return how many."""
    on = timezone.localdate(at)
    return roll_some(on=on) + score_some(on=on, at=at)
