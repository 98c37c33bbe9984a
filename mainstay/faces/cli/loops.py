"""The long-running workers' loops: impact worker and timer sweeper."""

import fcntl
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from mainstay.domain.actor import system
from mainstay.network.alarms.worker import ImpactWorker, settle_memory
from mainstay.platform.imports import running as imports
from mainstay.platform.journal import actions as journal
from mainstay.platform.timers import actions as timers

log = structlog.get_logger(__name__)

LOST = (OperationalError, InterfaceError)
"""What Django raises when the database is away, is busy for too long, or has closed the connection."""
IDLE_S = 0.05
TICK_EVERY = timedelta(seconds=1)
LAG = timedelta(milliseconds=500)
"""How far a tick stays behind the clock, so that reports being committed are judged before it."""


class AlreadyRunning(Exception):
    """Another process holds the seat of this worker."""


@contextmanager
def stop_signal() -> Iterator[threading.Event]:
    """Give an event that is set when the process is asked to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    yield stop


@contextmanager
def only_one(seat: str) -> Iterator[None]:
    """Hold a seat that one process at a time may hold: a file lock beside SQLite, an advisory lock in PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"mainstay:{seat}"])
            if not cursor.fetchone()[0]:
                raise AlreadyRunning(seat)
            yield
        return
    path = Path(str(settings.DATABASES["default"]["NAME"])).parent / f"{seat}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(seat) from None
        yield


def run_impact_worker(stop: threading.Event) -> None:
    """Judge what comes in until asked to stop; a lost database is waited for, never ignored."""
    by = system("impact worker")
    worker: ImpactWorker | None = None
    ticked = refreshed = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        try:
            now = datetime.now(UTC)
            if worker is None:
                worker = ImpactWorker.start(at=now, by=by)
                settle_memory()
                log.info("impact worker ready", circuits=worker.judge.network.graph.n_circuits)
            if now - refreshed >= TICK_EVERY:
                worker.refresh(at=now, by=by)
                refreshed = now
            judged = worker.step(at=now, by=by)
            if not judged:
                if now - ticked >= TICK_EVERY:
                    worker.tick(at=now - LAG, by=by)
                    ticked = now
                stop.wait(IDLE_S)
        except LOST as error:
            log.warning("database not available; starting anew", error=str(error))
            worker = None
            _rest(stop)


def run_sweeper_and_importer(stop: threading.Event) -> None:
    """Sweep timers; imports run beside in their own thread, so that no timer waits for a file."""
    with beside(run_importer, stop):
        run_sweeper(stop)


def run_sweeper(stop: threading.Event) -> None:
    """Fire due timers every second and seal the audit trail, until asked to stop."""
    by = system("timer sweeper")
    while not stop.is_set():
        try:
            began = time.monotonic()
            while timers.sweep(at=datetime.now(UTC), by=by) and not stop.is_set():
                pass
            journal.seal()
            stop.wait(max(0.0, 1 - (time.monotonic() - began)))
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            _rest(stop)


def run_importer(stop: threading.Event) -> None:
    """Run and undo the imports that people asked for, part by part, until asked to stop; a crash loses no part."""
    while not stop.is_set():
        try:
            run_id = imports.next_active()
            if run_id is None or not imports.advance(run_id, at=datetime.now(UTC)):
                stop.wait(0.5)
        except OperationalError as error:
            log.warning("database not available; trying again", error=str(error))
            _rest(stop)


@contextmanager
def beside(loop: Callable[[threading.Event], None], stop: threading.Event) -> Iterator[None]:
    """Run another loop in a thread of its own meanwhile; both end together."""

    def run() -> None:
        try:
            loop(stop)
        finally:
            connection.close()

    thread = threading.Thread(target=run, name=loop.__name__)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _rest(stop: threading.Event) -> None:
    with suppress(*LOST):
        close_old_connections()
    stop.wait(1)
