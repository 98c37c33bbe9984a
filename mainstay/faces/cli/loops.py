"""The long-running workers' loops: impact worker and timer sweeper."""

import fcntl
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from mainstay.domain.actor import system
from mainstay.network.alarms.worker import LARGEST, ImpactWorker, set_aside, settle_memory
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


def take_seat(seat: str) -> None:
    """Take PostgreSQL's lock for a seat; it belongs to the connection, so it is taken again after one was lost."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"mainstay:{seat}"])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(seat)


@contextmanager
def only_one(seat: str) -> Iterator[None]:
    """Hold a seat that one process at a time may hold: a file lock beside SQLite, an advisory lock in PostgreSQL."""
    if connection.vendor == "postgresql":
        take_seat(seat)
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


class ImpactLoop:
    """The impact worker, turn by turn. A lost database is waited for; a report that cannot be judged is set aside."""

    def __init__(self) -> None:
        self.by = system("impact worker")
        self.worker: ImpactWorker | None = None
        self._alone = 0
        self._ticked = self._refreshed = datetime.min.replace(tzinfo=UTC)

    def turn(self, now: datetime) -> int:
        """Judge a batch, or let time pass; return how many reports were judged. After an error start anew."""
        worker = self.worker or self._start(now)
        try:
            return self._judge(worker, now)
        except LOST:
            self.worker = None
            raise
        except Exception as error:
            log.exception("reports could not be judged", alone=self._alone)
            self.worker = None
            if self._alone:
                set_aside(f"{type(error).__name__}: {error}", at=now, by=self.by)
            self._alone = LARGEST
            return 0

    def _start(self, now: datetime) -> ImpactWorker:
        self.worker = ImpactWorker.start(at=now, by=self.by)
        settle_memory()
        log.info("impact worker ready", circuits=self.worker.judge.network.graph.n_circuits)
        return self.worker

    def _judge(self, worker: ImpactWorker, now: datetime) -> int:
        if now - self._refreshed >= TICK_EVERY:
            worker.refresh(at=now, by=self.by)
            self._refreshed = now
        judged = worker.step(at=now, by=self.by, limit=1 if self._alone else None)
        if judged:
            self._alone = max(0, self._alone - judged)
        elif now - self._ticked >= TICK_EVERY:
            worker.tick(at=now - LAG, by=self.by)
            self._ticked, self._alone = now, 0
        return judged


def run_impact_worker(stop: threading.Event) -> None:
    """Judge what comes in until asked to stop."""
    loop = ImpactLoop()
    while not stop.is_set():
        try:
            if not loop.turn(datetime.now(UTC)):
                stop.wait(IDLE_S)
        except LOST as error:
            log.warning("database not available; starting anew", error=str(error))
            _rest(stop, "impact-worker")


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
            _rest(stop, "sweeper")


def _rest(stop: threading.Event, seat: str) -> None:
    """Wait a second, then go on with a new connection, if the seat is still free. Raises AlreadyRunning."""
    with suppress(*LOST):
        close_old_connections()
    stop.wait(1)
    with suppress(*LOST):
        take_seat(seat)
