"""How many alarms a second come in, durable and deduplicated, impact and tickets included, beside Alerta?

PostgreSQL waits for the disk (fsync and synchronous_commit on). Ours: the web process, the impact worker and three
caseworkers; the clock runs until the last report is judged and its tickets are written. Alerta 9 on the same server:
gunicorn, its own deduplication, no plugins; it knows neither circuits nor tickets and is done when it has answered.
Four clients send the same mix (see `alarms_sent`) over the network of `ground`. Alerta has no batches: both rows stand
beside its calls.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from benchmarks.alarms_sent import BATCH, Door, Sent, as_alerta, as_tmf642, in_batches, mix, one_by_one, send
from benchmarks.ground import SOURCE
from benchmarks.servers import compared_with, connected, postgresql
from benchmarks.table import RUNS, Row, median_of, timed

FIRST_PORT = int(os.environ.get("MAINSTAY_BENCH_PORT", "8410"))
WEB_PORT, ALERTA_PORT, LIVE_PORT = FIRST_PORT, FIRST_PORT + 1, FIRST_PORT + 3
CASEWORKERS = 3
"""Three: on four cores one of them waits for the database while others work."""
WEB_WORKERS, ALERTA_WORKERS, THREADS = 4, 4, 2
"""As many as are best for each on four cores; threads in each worker, the same for both."""
BATCHED, SINGLE, THEIRS, COMMITTED = 20_000, 6_000, 2_000, 5_000
ALERTA = compared_with() / "bin"
SECRET_KEY = "the bench signs its sessions with this"
REPORTS = "alarms_alarmreport"


def rows() -> list[Row]:
    """Measure all of it: ours and theirs by turns, so that other work on the machine falls on both alike."""
    with postgresql() as address, house(address) as (token, database), alerta(address) as their_rate:
        copied, committed = _copied(database), _committed(database)
        our_batches = _rate(database, token, BATCHED, single=False)
        our_calls = _rate(database, token, SINGLE, single=True)
        turns = [(our_batches(), our_calls(), their_rate() if their_rate else None) for _ in range(RUNS)]
        _tell_work(database)
    batched_runs, single_runs, their_runs = zip(*turns, strict=True)
    batched, single = statistics.median(batched_runs), statistics.median(single_runs)
    theirs = statistics.median(their_runs) if their_rate else None
    print(f"  Alerta: {their_runs} alarms/s", file=sys.stderr)
    included = "impact and tickets included"
    return [
        _row(
            f"intake: batches of {BATCH}, {included}", batched, batched_runs, theirs, 20, copied,
            "COPY of the reports alone",
        ),
        _row(
            f"intake: single TMF642 calls, {included}", single, single_runs, theirs, 3, committed,
            "INSERT and commit of each report alone, one connection",
        ),
    ]  # fmt: skip


def _row(
    name: str, ours: float, runs: tuple[float, ...], theirs: float | None, bar: int, limit: float, limited_by: str
) -> Row:
    ratio = ours / theirs if theirs else None
    return Row(
        name, ours, "alarms/s", f"≥ {bar} ×", bool(ratio and ratio >= bar), runs, theirs,
        "Alerta 9.1, single calls" if theirs else "Alerta (not installed: tools/bench-setup)", ratio, limit,
        limited_by,
    )  # fmt: skip


@contextmanager
def house(address: str, *, more: Sequence[Sequence[str]] = ()) -> Iterator[tuple[str, Any]]:
    """Lay the ground in a database of its own and run web and worker on it; give the token and a connection.

    `more`: further `mainstay` commands to run beside them.
    """
    url = urlsplit(address)._replace(path="/bench").geturl()
    with connected(address) as connection:
        connection.execute("CREATE DATABASE bench")
    with TemporaryDirectory(prefix="mainstay-bench-") as home:
        environment = dict(
            os.environ, MAINSTAY_HOME=home, MAINSTAY_DATABASE_URL=url, MAINSTAY_LOG_LEVEL="WARNING",
            MAINSTAY_SECRET_KEY=SECRET_KEY,
            MAINSTAY_WEB_PORT=str(WEB_PORT), DJANGO_SETTINGS_MODULE="mainstay.config.settings",
        )  # fmt: skip
        laid = subprocess.run(
            [sys.executable, "-m", "benchmarks.ground"], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        token = laid.stdout.split()[-1]
        commands = [
            ["web", "--port", str(WEB_PORT), "--workers", str(WEB_WORKERS), "--threads", str(THREADS)],
            ["worker"],
            *[["caseworker"]] * CASEWORKERS,
            *more,
        ]
        with running([[sys.executable, "-m", "mainstay.faces.cli.main", *c] for c in commands], environment):
            _wait_for(f"http://127.0.0.1:{WEB_PORT}/healthz")
            with connected(url) as database:
                _send_all(database, Door(WEB_PORT, f"/api/v1/alarms?source={SOURCE}", token), in_batches(mix(100, 0)))
                yield token, database


@contextmanager
def running(commands: Sequence[Sequence[str]], environment: dict[str, str]) -> Iterator[None]:
    """Run processes and stop them at the end."""
    processes = [subprocess.Popen(command, env=environment, start_new_session=True) for command in commands]
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what the server left behind, in a session of its own
            process.wait()


def _wait_for(url: str) -> None:
    for _ in range(300):
        with suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status < 500:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer.")


def _rate(database: Any, token: str, count: int, *, single: bool) -> Any:
    seeds = iter(range(1 if single else 1001, 10_000))
    path = "/tmf-api/alarmManagement/v4/alarm" if single else f"/api/v1/alarms?source={SOURCE}"

    def rate() -> float:
        alarms = mix(count, next(seeds))
        bodies = one_by_one(alarms, as_tmf642) if single else in_batches(alarms)
        before = _stored(database)
        took = timed(lambda: _send_all(database, Door(WEB_PORT, path, token), bodies))
        assert _stored(database) - before == count, "reports were lost"
        return count / took

    return rate


def _stored(database: Any) -> int:
    return int(database.execute(f"SELECT count(*) FROM {REPORTS}").fetchone()[0])


def _send_all(database: Any, door: Door, bodies: Sequence[Sequence[bytes]]) -> None:
    """Send, and wait until nothing waits to be judged, and no verdict to become tickets."""
    took = send(door, bodies)
    began = time.perf_counter()
    for waiting in (f"{REPORTS} WHERE outcome = ''", "journal_handedon"):
        while database.execute(f"SELECT 1 FROM {waiting} LIMIT 1").fetchone():
            time.sleep(0.03)  # each question walks over what was judged since the last vacuum
    print(f"  answered in {took:.2f} s, judged {time.perf_counter() - began:.2f} s later", file=sys.stderr)


def _tell_work(database: Any) -> None:
    """Say on the side what the alarms led to."""
    counted = {
        table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in (REPORTS, "alarms_alarm", "alarms_incident", "alarms_impact", "tickets_ticket", "tickets_clock")
    }
    print(f"  {counted}", file=sys.stderr)


def _copied(database: Any) -> float:
    """Copy the same reports into a table without indexes, batch by batch, each committed."""
    database.execute(f"CREATE TABLE copied (LIKE {REPORTS})")
    alarms = mix(BATCHED, 7)

    def copy() -> None:
        for start in range(0, len(alarms), BATCH):
            with database.cursor().copy(f"COPY copied ({COPIED}) FROM STDIN") as into:
                for number, alarm in enumerate(alarms[start : start + BATCH], start):
                    into.write_row(_copied_row(number, alarm))

    return median_of(lambda: len(alarms) / timed(copy))[0]


def _committed(database: Any) -> float:
    """Insert the same reports into a table without indexes one by one, each committed."""
    database.execute(f"CREATE TABLE committed (LIKE {REPORTS})")
    alarms = mix(COMMITTED, 7)
    places = ", ".join(["%s"] * 12)

    def insert() -> None:
        for number, alarm in enumerate(alarms):
            database.execute(f"INSERT INTO committed ({COPIED}) VALUES ({places})", _copied_row(number, alarm))

    return median_of(lambda: len(alarms) / timed(insert))[0]


COPIED = (
    "id, source_id, external_id, kind, resource_ref, alarm_type, probable_cause, severity, event_at, received_at, text,"
    " outcome"
)


def _copied_row(number: int, alarm: Sent) -> tuple[Any, ...]:
    kind = "clear" if alarm.cleared else "raise"
    return (
        number, 1, "", kind, str(alarm.port), alarm.alarm_type, alarm.alarm_type, alarm.severity, alarm.at, alarm.at,
        f"{alarm.alarm_type} on {alarm.port}", "",
    )  # fmt: skip


@contextmanager
def alerta(address: str) -> Iterator[Callable[[], float] | None]:
    """Run Alerta on the same PostgreSQL; give what sends it the same mix and tells alarms/s, None without Alerta."""
    if not (ALERTA / "gunicorn").exists():
        yield None
        return
    with connected(address) as connection:
        connection.execute("CREATE DATABASE alerta")
    url = urlsplit(address)._replace(path="/alerta").geturl()
    environment = {
        "PATH": os.environ["PATH"], "DATABASE_URL": url, "AUTH_REQUIRED": "False", "SECRET_KEY": "bench",
        "PLUGINS": "reject", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = [
        str(ALERTA / "gunicorn"), "--bind", f"127.0.0.1:{ALERTA_PORT}", "--workers", str(ALERTA_WORKERS),
        "--threads", str(THREADS), "--worker-class", "gthread", "--log-level", "error", "alerta:create_app()",
    ]  # fmt: skip
    subprocess.run([str(ALERTA / "python"), "-c", "import alerta; alerta.create_app()"], env=environment, check=True)
    with running([command], environment):
        _wait_for(f"http://127.0.0.1:{ALERTA_PORT}/_")
        seeds = iter(range(100))

        def rate() -> float:
            return THEIRS / send(Door(ALERTA_PORT, "/alert"), one_by_one(mix(THEIRS, next(seeds)), as_alerta))

        rate()
        yield rate


if __name__ == "__main__":
    for found in rows():
        print(found)
