"""The loop that takes in what network managers dropped and compares it, beside the sweeper in a thread of its own."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from mainstay.domain.actor import system
from mainstay.network.reconciliation import schedule
from mainstay.network.reconciliation.actions import running

log = structlog.get_logger(__name__)

LOST = (OperationalError, InterfaceError)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def run_sync(stop: threading.Event) -> None:
    """Look where sources are due, and run what was taken in, until asked to stop; a crash loses nothing."""
    by = system("sync schedule")
    while not stop.is_set():
        try:
            schedule.look_where_due(at=now(), by=by)
            run_id = running.next_active(now())
            if run_id is None or not running.advance(run_id, clock=now):
                stop.wait(1)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()
            stop.wait(1)
