"""`mainstay demo realworld`: a real operator's log, end to end, with the counts and the latency."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from django.core.management import call_command

from mainstay.domain.actor import Actor, system
from mainstay.faces.demo.realworld import laying, replaying
from mainstay.faces.demo.realworld.log import Log, read_log
from mainstay.faces.demo.realworld.measuring import LiveClient
from mainstay.network.alarms.choices import Effect
from mainstay.network.alarms.queries import totals as network_totals
from mainstay.network.alarms.worker import ImpactWorker, settle_memory
from mainstay.platform.identity.actions import NewUser, create_users
from mainstay.platform.timers import actions as timers
from mainstay.service.tickets.queries import totals as ticket_totals

CHILD = "MAINSTAY_REALWORLD_CHILD"
MAIN = "mainstay.faces.cli.main"


@click.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--quiet", default=300, show_default=True, help="Seconds of quiet after which an alarm without end is over."
)
@click.option("--in-flight", default=1000, show_default=True, help="Alarms accepted but not yet visible, at most.")
@click.option("--customers", default=120, show_default=True)
@click.option("--circuits", default=600, show_default=True)
def realworld(path: Path, quiet: int, in_flight: int, customers: int, circuits: int) -> None:
    """Replay a real operator's alarm log (PCIC 2021, folder 24V_439N_Microwave) through the whole platform.

    Works in a database of its own (var/realworld), made anew each time.
    """
    if not os.environ.get(CHILD):
        _run_in_own_home()
        return
    log = read_log(path)
    by = system("realworld")
    span = timedelta(seconds=max(alarm.end_s for alarm in log.alarms))
    began_at = (datetime.now(UTC) - span).replace(microsecond=0)
    user_id, session_hash = _prepare(
        log, customers=customers, circuits=circuits, quiet=quiet, at=began_at - timedelta(days=1), by=by
    )
    with _live_process() as url, _workers(began_at):
        client = LiveClient(url, user_id, session_hash)
        client.start()
        done = replaying.replay(log, client, began_at=began_at, in_flight=in_flight, by=by)
    _let_rest(began_at + span + timedelta(seconds=quiet))
    _print(done, client, in_flight)


def _run_in_own_home() -> None:
    """Start again on a fresh database: settings are read once, at the start."""
    home = Path("var/realworld")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    env = {
        **os.environ,
        "MAINSTAY_HOME": str(home),
        "MAINSTAY_DATABASE_URL": "",
        "MAINSTAY_LOG_LEVEL": "WARNING",
        CHILD: "1",
    }
    raise SystemExit(_start(*sys.argv[1:], env=env).wait())


def _start(*words: str, env: dict[str, str] | None = None) -> "subprocess.Popen[bytes]":
    """Start a `mainstay` command in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", MAIN, *words], env=env)  # noqa: S603 - our own program, no shell


def _prepare(log: Log, *, customers: int, circuits: int, quiet: int, at: datetime, by: Actor) -> tuple[int, str]:
    started = time.perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    laying.lay(log, customers=customers, circuits=circuits, at=at, by=by)
    (user,) = create_users(
        [NewUser("duty", "值班员", os.urandom(12).hex(), duties=(("duty_officer", ""),))], at=at, by=by
    )
    rules = replaying.set_up_source(quiet_s=quiet, at=at, by=by)
    click.echo(
        f"{log.devices} devices, {len(log.links)} links; laid over them: {customers} key accounts, {circuits} circuits"
        f" ({time.perf_counter() - started:.1f} s)"
    )
    click.echo("Assumed effect of each alarm type on service (effects.csv):")
    for effect in (Effect.DOWN, Effect.DEGRADED, Effect.NONE):
        click.echo(f"  {effect.name.lower():9} {', '.join(rule.alarm_type for rule in rules if rule.effect == effect)}")
    return int(user.pk), user.get_session_auth_hash()


@contextmanager
def _live_process() -> Iterator[str]:
    """Run the real live process on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = _start("live", "--port", str(port))
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}/live/"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise click.ClickException("The live process ended at once; its message stands above.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise click.ClickException(f"The live process does not answer on port {port}.")


@contextmanager
def _workers(began_at: datetime) -> Iterator[None]:
    """Run impact worker and timer sweeper in processes of their own, in the log's time instead of the clock's."""
    processes = [_start("demo", "realworld-worker", began_at.isoformat()), _start("demo", "realworld-sweeper")]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


@click.command("realworld-worker", hidden=True)
@click.argument("began_at")
def realworld_worker(began_at: str) -> None:
    """Judge reports as they come; time is that of the newest report, so that nothing expires before its time."""
    stop, by = _told_to_stop(), system("impact worker")
    worker = ImpactWorker.start(at=datetime.fromisoformat(began_at), by=by)
    settle_memory()
    while not stop.is_set():
        if not worker.step(at=worker.judged_until(), by=by):
            stop.wait(0.01)


@click.command("realworld-sweeper", hidden=True)
def realworld_sweeper() -> None:
    """Fire timers by the time of the newest judged report."""
    stop, by = _told_to_stop(), system("timer sweeper")
    while not stop.is_set():
        until = network_totals.judged_until()
        if until is None or not timers.sweep(at=until, by=by):
            stop.wait(0.05)


def _told_to_stop() -> threading.Event:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


def _let_rest(until: datetime) -> None:
    """Let the last alarms fall quiet."""
    by = system("impact worker")
    worker = ImpactWorker.start(at=until, by=by)
    worker.tick(at=until, by=by)
    while timers.sweep(at=until, by=by):
        pass


def _print(done: replaying.Replayed, client: LiveClient, in_flight: int) -> None:
    tally = network_totals.reports()
    raised = network_totals.raised()
    told = ticket_totals.totals()
    p50, p95, p99 = client.percentiles_ms()
    stored, again = raised.get("stored", 0), raised.get("duplicate", 0)
    quarantined = raised.get("quarantined", 0)
    adds_up = done.alarms == stored + again + quarantined
    doubt = "" if adds_up else "   THIS DOES NOT ADD UP"
    lines = [
        f"alarms read {done.alarms} = stored {stored} + deduplicated {again} + quarantined {quarantined}{doubt}",
        f"clears sent {done.clears}, reports waiting {tally.get('waiting', 0)}",
        f"episodes {stored}, still standing {network_totals.standing()}",
        f"incidents {network_totals.incidents()}, impacts {network_totals.impacts()}",
        f"tickets {told.tickets}, clocks {told.clocks}, breached {told.breached}, customers told {told.customers_told}",
        f"{done.seconds:.1f} s, {done.alarms / done.seconds:.0f} alarms/s",
        f"acceptance → live client, ≤ {in_flight} in flight: median {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms",
    ]
    click.echo("\n".join(lines))
    if not adds_up or p95 >= 1000:
        raise SystemExit(1)
