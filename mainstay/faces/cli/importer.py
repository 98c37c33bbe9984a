"""The loop that runs imports, beside the timer sweeper in a thread of its own: no timer waits for a file."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from mainstay.faces.cli.loops import run_sweeper
from mainstay.faces.cli.syncing import run_sync
from mainstay.faces.cli.watching import look
from mainstay.platform.imports import running

log = structlog.get_logger(__name__)

WATCH_S = 5.0
LOST = (OperationalError, InterfaceError)


def run_sweeper_and_importer(stop: threading.Event) -> None:
    """Sweep timers, run imports and syncs, look after the house until asked to stop; all end together."""
    with beside(run_importer, stop), beside(run_sync, stop), beside(run_watch, stop):
        run_sweeper(stop)


def run_watch(stop: threading.Event) -> None:
    """Look after the house every few seconds until asked to stop."""
    began_at = datetime.now(UTC)
    while not stop.wait(WATCH_S):
        try:
            look(datetime.now(UTC), began_at=began_at)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()


def run_importer(stop: threading.Event) -> None:
    """Run and undo the imports that people asked for, part by part, until asked to stop; a crash loses no part."""
    while not stop.is_set():
        try:
            run_id = running.next_active()
            if run_id is None or not running.advance(run_id, at=datetime.now(UTC)):
                stop.wait(0.5)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()
            stop.wait(1)


@contextmanager
def beside(loop: Callable[[threading.Event], None], stop: threading.Event) -> Iterator[None]:
    """Run another loop in a thread of its own meanwhile; both end together."""
    thread = threading.Thread(target=_alone, args=(loop, stop), name=loop.__name__)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _alone(loop: Callable[[threading.Event], None], stop: threading.Event) -> None:
    try:
        loop(stop)
    finally:
        connection.close()
