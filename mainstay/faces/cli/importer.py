"""The loop that runs imports and jobs, beside the timer sweeper in a thread of its own: no timer waits for a file."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from mainstay.faces.cli.earning import run_earner
from mainstay.faces.cli.letters import run_letters
from mainstay.faces.cli.loops import run_sweeper
from mainstay.faces.cli.reckoner import run_reckoner
from mainstay.faces.cli.rolling import run_rollup
from mainstay.faces.cli.syncing import run_sync
from mainstay.faces.cli.watching import look
from mainstay.platform.imports import running
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs import running as jobs_running

log = structlog.get_logger(__name__)

WATCH_S = 5.0
LOST = (OperationalError, InterfaceError)
PRUNED_EVERY = timedelta(minutes=5)


def run_sweeper_and_importer(stop: threading.Event) -> None:
    """Sweep timers; import, sync, watch, roll up samples, reckon months, write letters; all end together."""
    with ExitStack() as stack:
        for other in (run_importer, run_sync, run_watch, run_rollup, run_reckoner, run_letters, run_earner):
            stack.enter_context(beside(other, stop))
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
    """Run the imports and jobs that people asked for, part by part in turn, until asked to stop.

    A crash loses no part and does none twice.
    """
    pruned = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        try:
            if not any([_import_part(), _job_part()]):
                stop.wait(0.5)
            now = datetime.now(UTC)
            if now - pruned >= PRUNED_EVERY:
                jobs.prune(at=now)
                pruned = now
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            with suppress(*LOST):
                close_old_connections()
            stop.wait(1)


def _import_part() -> bool:
    run_id = running.next_active()
    return run_id is not None and running.advance(run_id, at=datetime.now(UTC))


def _job_part() -> bool:
    job_id = jobs_running.next_active(at=datetime.now(UTC))
    return job_id is not None and jobs_running.advance(job_id, at=datetime.now(UTC))


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
