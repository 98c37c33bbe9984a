"""The loop that writes letters about compensations, beside the timer sweeper: setting them holds up nobody."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from mainstay.domain.actor import system
from mainstay.service.compensation import letters

log = structlog.get_logger(__name__)

EVERY_S, AFTER_TROUBLE_S = 2.0, 60.0
LOST = (OperationalError, InterfaceError)


def run_letters(stop: threading.Event) -> None:
    """Write what is due until asked to stop; what goes wrong is tried again a minute later."""
    by, wait = system("letters"), EVERY_S
    while not stop.wait(wait):
        wait = EVERY_S
        try:
            while letters.write_due(at=datetime.now(UTC), by=by) and not stop.is_set():
                pass
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()
        except Exception:
            wait = AFTER_TROUBLE_S
            log.exception("letters about compensations could not be written")
