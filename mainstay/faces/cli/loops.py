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

from mainstay.domain.actor import Actor, system
from mainstay.faces.cli.beating import Pulse
from mainstay.network.alarms.queries import alarms
from mainstay.network.alarms.worker import ImpactWorker, settle_memory
from mainstay.platform.journal import actions as journal
from mainstay.platform.monitoring import actions as monitoring
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers import queries as timers_waiting

log = structlog.get_logger(__name__)

IMPACT_WORKER, SWEEPER = "impact-worker", "sweeper"
"""Their seats, and their names where signs of life are shown."""
NEWS_KEPT = timedelta(hours=24)
"""Live pages read news within seconds; the outbox keeps them for a day."""
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
    """Hold a seat that one process at a time may hold: a file lock beside SQLite, an advisory lock in PostgreSQL.

    PostgreSQL's is lost with the connection: `hold_again` after every reconnection.
    """
    if connection.vendor == "postgresql":
        hold_again(seat)
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


def hold_again(seat: str) -> None:
    """Take a seat on this connection, or keep it where it is held already. Raises AlreadyRunning."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND granted AND objid = (hashtext(%s)::bigint & 4294967295)::oid) OR pg_try_advisory_lock(hashtext(%s))",
            [f"mainstay:{seat}"] * 2,
        )
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(seat)


def run_impact_worker(stop: threading.Event) -> None:
    """Judge what comes in until asked to stop; a lost database is waited for, never ignored."""
    by = system("impact worker")
    worker: ImpactWorker | None = None
    ticked = refreshed = datetime.min.replace(tzinfo=UTC)
    pulse, total = Pulse(IMPACT_WORKER, at=datetime.now(UTC)), 0
    while not stop.is_set():
        try:
            now = datetime.now(UTC)
            if worker is None:
                hold_again(IMPACT_WORKER)
                pulse.beat(now, loading=True)
                worker = ImpactWorker.start(at=now, by=by)
                settle_memory()
                log.info("impact worker ready", circuits=worker.judge.network.graph.n_circuits)
            if now - refreshed >= TICK_EVERY:
                worker.refresh(at=now, by=by)
                refreshed = now
            judged = worker.step(at=now, by=by)
            total += judged
            if pulse.due(now):
                pulse.beat(now, behind_s=alarms.oldest_waiting_s(at=now), judged=total, batch=worker.batch)
            if not judged:
                if now - ticked >= TICK_EVERY:
                    worker.tick(at=now - LAG, by=by)
                    ticked = now
                stop.wait(IDLE_S)
        except LOST as error:
            log.warning("database not available; starting anew", error=str(error))
            worker = None
            _rest(stop)
    pulse.leave()


def run_sweeper(stop: threading.Event) -> None:
    """Fire due timers every second and seal the audit trail, until asked to stop."""
    by = system("timer sweeper")
    pulse, total = Pulse(SWEEPER, at=datetime.now(UTC)), 0
    while not stop.is_set():
        try:
            began = time.monotonic()
            hold_again(SWEEPER)
            total += _sweep(stop, by)
            while journal.seal() and not stop.is_set():
                pass
            _tidy(pulse, fired=total, sweep_s=round(time.monotonic() - began, 3))
            stop.wait(max(0.0, 1 - (time.monotonic() - began)))
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            _rest(stop)
    pulse.leave()


def _sweep(stop: threading.Event, by: Actor) -> int:
    total = 0
    while (fired := timers.sweep(at=datetime.now(UTC), by=by)) and not stop.is_set():
        total += fired
    return total + fired


def _tidy(pulse: Pulse, **figures: float) -> None:
    """Say that the sweeper lives, and forget what nobody reads any more."""
    now = datetime.now(UTC)
    if pulse.due(now):
        pulse.beat(now, late_s=timers_waiting.overdue_s(now), **figures)
        monitoring.forget_the_dead(at=now)
        journal.prune_outbox(before=now - NEWS_KEPT, readers=())


def _rest(stop: threading.Event) -> None:
    with suppress(*LOST):
        close_old_connections()
    stop.wait(1)
