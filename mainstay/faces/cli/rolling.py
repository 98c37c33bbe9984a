"""The loop that judges performance samples and rolls them up, beside the sweeper in a thread of its own (G5)."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

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
            if not upkeep.turn(at=datetime.now(UTC), by=by):
                stop.wait(IDLE_S)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()
            stop.wait(1)
        except MainstayError as error:
            log.warning("samples could not be judged; trying again", error=str(error))
            stop.wait(1)
