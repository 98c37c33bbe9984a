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

from mainstay.accounts.tiers import effects as tiers
from mainstay.domain.actor import Actor, system
from mainstay.faces.cli.beating import Pulse
from mainstay.faces.cli.caseworker import Following
from mainstay.network.alarms.actions import storms
from mainstay.network.alarms.behind import WriteBehind
from mainstay.network.alarms.queries import room
from mainstay.network.alarms.worker import LARGEST, SMALLEST, ImpactWorker, set_aside, settle_memory, tidy_memory
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal import handing
from mainstay.platform.monitoring import actions as monitoring
from mainstay.platform.monitoring.retention import forget_some
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers import queries as timers_waiting

log = structlog.get_logger(__name__)

LOST = (OperationalError, InterfaceError)
"""What Django raises when the database is away, is busy for too long, or has closed the connection."""
IMPACT_WORKER, SWEEPER = "impact-worker", "sweeper"
"""Their seats, and their names where signs of life are shown."""
NEWS_KEPT = timedelta(hours=24)
"""Live pages read news within seconds; the outbox keeps them for a day."""
IDLE_S = 0.05
FEW_S = 0.1
"""How long to wait after a handful of reports: a handful at once costs hardly more than one."""
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
    """Take PostgreSQL's lock for a seat, or keep it where this connection holds it already. Raises AlreadyRunning.

    It is lost with the connection: call it before every beginning and after every lost connection.
    """
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
        self.pulse = Pulse(IMPACT_WORKER, at=datetime.now(UTC))
        self._judged = self._alone = 0
        self._ticked = self._refreshed = datetime.min.replace(tzinfo=UTC)
        self.following = Following()

    def turn(self, now: datetime) -> int:
        """Judge a batch, or let time pass; return how many reports were judged. After an error start anew."""
        worker = self.worker or self._start(now)
        try:
            return self._judge(worker, now)
        except LOST:
            self._end(worker)
            self.worker = None
            raise
        except Exception as error:
            log.exception("reports could not be judged", alone=self._alone)
            self._end(worker)
            self.worker = None
            if self._alone:
                set_aside(f"{type(error).__name__}: {error}", at=now, by=self.by)
            self._alone = LARGEST
            return 0

    def _start(self, now: datetime) -> ImpactWorker:
        take_seat(IMPACT_WORKER)
        self.pulse.beat(now, loading=True)
        with handing.handing_on(self.following.hands_on(now)):
            self.worker = ImpactWorker.start(at=now, by=self.by)
        settle_memory()
        log.info("impact worker ready", circuits=self.worker.judge.network.graph.n_circuits)
        return self.worker

    def _judge(self, worker: ImpactWorker, now: datetime) -> int:
        hands_on = self.following.hands_on(now)
        self._write_behind(worker, hands_on is not None and not self._alone)
        with handing.handing_on(hands_on):
            judged = self._judged_now(worker, now)
        if not self.following.by_others:
            self.following.turn()
        return judged

    def _write_behind(self, worker: ImpactWorker, wanted: bool) -> None:
        """Write while the judge goes on, where others do what follows: PostgreSQL lets two connections write."""
        if worker.behind is None and wanted and connection.vendor == "postgresql":
            worker.behind = WriteBehind()
        elif worker.behind is not None and not wanted:
            worker.settle()
            self._end(worker)

    def _end(self, worker: ImpactWorker) -> None:
        if worker.behind is not None:
            worker.behind.end()
            worker.behind = None

    def leave(self) -> None:
        """End: write what was judged, and say that the program ended as asked."""
        if self.worker is not None:
            with suppress(*LOST):
                self.worker.settle()
            self._end(self.worker)
        self.pulse.leave()

    def _judged_now(self, worker: ImpactWorker, now: datetime) -> int:
        if now - self._refreshed >= TICK_EVERY:
            worker.refresh(at=now, by=self.by)
            self._refreshed = now
        judged = worker.step(at=now, by=self.by, limit=1 if self._alone else None)
        self._judged += judged
        if self.pulse.due(now):
            self.pulse.beat(now, behind_s=room.oldest_waiting_s(at=now), judged=self._judged, batch=worker.batch)
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
            judged = loop.turn(datetime.now(UTC))
            if judged < SMALLEST:
                tidy_memory()
                stop.wait(FEW_S if judged else IDLE_S)
        except LOST as error:
            log.warning("database not available; starting anew", error=str(error))
            _rest(stop)
    loop.leave()


def run_sweeper(stop: threading.Event) -> None:
    """Watch for storms, fire due timers every second and seal the audit trail, until asked to stop."""
    by = system("timer sweeper")
    pulse, total = Pulse(SWEEPER, at=datetime.now(UTC)), 0
    while not stop.is_set():
        try:
            began = time.monotonic()
            take_seat(SWEEPER)
            total += _sweep(stop, by)
            _watch()
            _grade()
            _tidy(pulse, fired=total, sweep_s=round(time.monotonic() - began, 3))
            stop.wait(max(0.0, 1 - (time.monotonic() - began)))
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            _rest(stop)
    pulse.leave()


def _watch() -> None:
    """Watch for storms; what goes wrong there must not keep timers from firing."""
    try:
        storms.watch(at=datetime.now(UTC))
    except LOST:
        raise
    except Exception:
        log.exception("the stream of alarms could not be watched")


def _grade() -> None:
    """Judge customers anew whose facts changed; what goes wrong there must not keep timers from firing."""
    try:
        while tiers.judge_waiting(at=datetime.now(UTC), by=system("tiers")):
            pass
    except LOST:
        raise
    except Exception:
        log.exception("customers whose facts changed could not be graded")


def _sweep(stop: threading.Event, by: Actor) -> int:
    """Fire all that is due, then seal all that waits for it; return how many timers fired."""
    total = 0
    while (fired := timers.sweep(at=datetime.now(UTC), by=by)) and not stop.is_set():
        total += fired
    while journal.seal() and not stop.is_set():
        pass
    return total + fired


def _tidy(pulse: Pulse, **figures: float) -> None:
    """Say that the sweeper lives, and forget what nobody reads any more."""
    now = datetime.now(UTC)
    if pulse.due(now):
        pulse.beat(now, late_s=timers_waiting.overdue_s(now), **figures)
        monitoring.forget_the_dead(at=now)
        journal.prune_outbox(before=now - NEWS_KEPT, readers=())
        forget_some(at=now)


def _rest(stop: threading.Event) -> None:
    with suppress(*LOST):
        close_old_connections()
    stop.wait(1)
