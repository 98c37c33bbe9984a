"""The loop that keeps the running month's service levels up to date, beside the timer sweeper."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from mainstay.domain.actor import system
from mainstay.service.service_levels import actions

log = structlog.get_logger(__name__)

EVERY_S = 60.0
FIRST_S = 5.0
LOST = (OperationalError, InterfaceError)


def run_reckoner(stop: threading.Event) -> None:
    """Reckon what changed, every minute, until asked to stop; what goes wrong is tried again."""
    by, wait = system("reckoner"), FIRST_S
    while not stop.wait(wait):
        wait = EVERY_S
        try:
            actions.bring_up_to(datetime.now(UTC), by)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()
        except Exception:
            log.exception("service levels could not be reckoned")
