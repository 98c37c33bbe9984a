"""The loop that earns points for what was paid, and does what each day brings, beside the timer sweeper (B4)."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from mainstay.accounts.offers.actions.bonuses import give_bonuses
from mainstay.accounts.points.actions.days import days_due, keep_up
from mainstay.domain.actor import system
from mainstay.domain.errors import MainstayError

log = structlog.get_logger(__name__)

LOST = (OperationalError, InterfaceError)
IDLE_S = 20.0


def run_earner(stop: threading.Event) -> None:
    """Earn, expire and warn until asked to stop; after a crash the same is done again and nothing is doubled."""
    by = system("points")
    while not stop.is_set():
        try:
            at = datetime.now(UTC)
            if days_due(timezone.localdate(at)):
                give_bonuses(at=at, by=by)
            if not keep_up(at=at, by=by):
                stop.wait(IDLE_S)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()
            stop.wait(1)
        except MainstayError as error:
            log.warning("points could not be written; trying again", error=str(error))
            stop.wait(IDLE_S)
