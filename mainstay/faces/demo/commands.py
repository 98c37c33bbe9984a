"""Commands of the demo: load the province, feed alarms, cut and restore links, run everything.

Who starts the demo reads Chinese or English; every line says it in both.
"""

import os
import signal
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import click
from django.db import OperationalError, close_old_connections
from django.utils.translation import override

from mainstay.faces.demo import bursting, cast, cutting, words
from mainstay.faces.demo.feed import EVERYONE, Feed
from mainstay.faces.demo.loading import SIZES, Loader, floored
from mainstay.faces.demo.performance import Sampled
from mainstay.faces.demo.supervisor import Child, PortTaken, Supervisor, check_port, command
from mainstay.faces.demo.terrain import read_terrain
from mainstay.platform.identity.queries import users

FULL = "large"
size_option = click.option("--size", default="normal", show_default=True, type=click.Choice([*SIZES, FULL]))
seed_option = click.option("--seed", default=1, show_default=True, help="Another seed, another province.")
days_option = click.option("--days", default=30, show_default=True, help="How many days of history.")


def now() -> datetime:
    """Return the time: a face may look at the clock."""
    return datetime.now(UTC)


@click.group()
def demo() -> None:
    """The demo province: invented key accounts on a network around the real backbone."""


@demo.command()
@seed_option
@days_option
@size_option
@click.option("--if-empty", is_flag=True, help="Do nothing when the province is there.")
def load(seed: int, days: int, size: str, if_empty: bool) -> None:
    """Load the demo province into an empty database."""
    if users().exists():
        if if_empty:
            return
        raise click.ClickException(words.NOT_EMPTY)
    click.echo(words.LOADING)
    with override("zh-hans"):
        if size == FULL:
            from mainstay.faces.demo.large.loading import LARGE, LargeLoader  # it is asked for seldom, and large

            LargeLoader(LARGE, seed, floored(now()), _tell, click.echo).load()
            return
        loader = Loader(SIZES[size], seed, floored(now()), days, _tell)
        loader.load()
        click.echo(words.LIVING.format(days=days))
        loader.live_through()


def _tell(stage: str, count: int) -> None:
    click.echo(f"  {words.said(stage)}: {count}")


@demo.command()
@seed_option
def feed(seed: int) -> None:
    """Send alarms as they come in a network of this size, until asked to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running: Feed | None = None
    sampled: Sampled | None = None
    while not stop.is_set():
        try:
            running = running or Feed(read_terrain(EVERYONE), Random(f"{seed} feed"), now())
            running.step(now())
            if sampled is None:
                sampled = Sampled(seed, by=EVERYONE)
                sampled.take_over(now())
            sampled.step(now())
        except OperationalError as error:
            click.echo(f"database not available; trying again: {error}", err=True)
            close_old_connections()
        stop.wait(1)


@demo.command()
@click.argument("code")
def cut(code: str) -> None:
    """Cut the link CODE: both ends lose their signal."""
    click.echo(words.CUT.format(code=code, count=cutting.cut(code, now())))


@demo.command()
@click.argument("code")
def restore(code: str) -> None:
    """Restore the link CODE."""
    click.echo(words.RESTORED.format(code=code, count=cutting.restore(code, now())))


@demo.command()
@click.option("--circuit", default="", help="Number of a protected circuit; else one of the best grade is taken.")
@click.option("--pause", default=15.0, show_default=True, help="Seconds between the steps.")
def ring(circuit: str, pause: float) -> None:
    """Cut both ways of a protected circuit one after the other, then restore them."""
    found = cutting.find_ring(circuit)
    click.echo(words.RING.format(number=found.number, customer=found.customer, grade=found.grade))
    stop = threading.Event()
    for step, code, text in (
        (cutting.cut, found.working, words.FIRST_CUT),
        (cutting.cut, found.protection, words.SECOND_CUT),
        (cutting.restore, found.working, words.FIRST_BACK),
        (cutting.restore, found.protection, words.SECOND_BACK),
    ):
        step(code, now())
        click.echo(text.format(code=code))
        stop.wait(pause)


@demo.command()
@click.option("--alarms", default=6000, show_default=True, help="How many alarms.")
@click.option("--seconds", default=60.0, show_default=True, help="Over how long they come in.")
@click.option("--city", "cities", multiple=True, help="Code of a city, e.g. WH; may be given again.")
@click.option("--calm", is_flag=True, help="Clear all that commands of the demo sent, instead.")
@seed_option
def storm(alarms: int, seconds: float, cities: tuple[str, ...], calm: bool, seed: int) -> None:
    """Let fibre be cut in several cities at once: thousands of alarms over the running demo."""
    if calm:
        click.echo(words.CALMED.format(count=bursting.calm(now())))
        return
    marks = bursting.storm(
        read_terrain(EVERYONE), Random(f"{seed} storm"), count=alarms, cities=cities or bursting.CITIES
    )
    click.echo(words.STORM.format(count=len(marks), seconds=seconds))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo(words.POURED.format(count=bursting.pour(marks, seconds=seconds, now=now, stop=stop)))


@demo.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, help="The live process takes the next one.")
@seed_option
@days_option
@size_option
def run(host: str, port: int, seed: int, days: int, size: str) -> None:
    """Run the whole demo: load what is missing, then web, worker, sweeper, courier, live and feed, until Ctrl-C."""
    try:
        for taken in (port, port + 1):
            check_port(host, taken)
    except PortTaken as error:
        raise click.ClickException(words.PORT_TAKEN.format(port=error, other=port + 100)) from None
    home = Path(os.environ.get("MAINSTAY_HOME") or "var/demo").resolve()
    home.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        "MAINSTAY_HOME": str(home),
        "MAINSTAY_WEB_PORT": str(port),
        "MAINSTAY_LIVE_PORT": str(port + 1),
        "MAINSTAY_DEBUG": "false",
        "MAINSTAY_LOG_FORMAT": "console",
    }
    supervisor = Supervisor(env, _children(home, host, port, seed))
    supervisor.listen()
    _prepare(supervisor, home, ("--seed", str(seed), "--days", str(days), "--size", size))
    if not supervisor.stop.is_set():
        _keep_running(supervisor, host, port, home)
    click.echo(words.STOPPED)


def _children(home: Path, host: str, port: int, seed: int) -> list[Child]:
    commands = (
        ("web", ("web", "--host", host, "--port", str(port))),
        ("live", ("live", "--host", host, "--port", str(port + 1))),
        ("worker", ("worker",)),
        ("sweeper", ("sweeper",)),
        ("courier", ("courier",)),
        ("feed", ("demo", "feed", "--seed", str(seed))),
    )
    return [Child(name, line, home / f"{name}.log") for name, line in commands]


def _prepare(supervisor: Supervisor, home: Path, options: tuple[str, ...]) -> None:
    """Migrate and load, in processes of their own; a load that was broken off is begun again from nothing."""
    unfinished, database = home / "loading", home / "mainstay.sqlite3"
    if unfinished.exists():
        for file in home.glob(f"{database.name}*"):
            file.unlink()
    elsewhere = bool(supervisor.env.get("MAINSTAY_DATABASE_URL"))
    if elsewhere and unfinished.exists():
        raise click.ClickException(words.BROKEN_OFF.format(file=unfinished))
    if elsewhere or not database.exists():
        unfinished.touch()
    for line in (("migrate",), ("demo", "load", "--if-empty", *options)):
        quiet = subprocess.DEVNULL if line[0] == "migrate" else None
        process = subprocess.Popen(command(*line), env=dict(supervisor.env), stdout=quiet)  # noqa: S603 -- our own
        while process.poll() is None:
            if supervisor.stop.wait(0.1):
                process.terminate()
                process.wait()
                return
        if process.returncode:
            raise click.ClickException(words.FAILED.format(step=" ".join(line)))
    unfinished.unlink(missing_ok=True)


def _keep_running(supervisor: Supervisor, host: str, port: int, home: Path) -> None:
    try:
        supervisor.start()
        if not supervisor.wait_ready(f"http://{host}:{port}/readyz") and not supervisor.stop.is_set():
            click.echo(words.NOT_READY.format(home=home), err=True)
        if not supervisor.stop.is_set():
            address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
            portal = [name for name, _ in cast.PORTAL]
            click.echo(words.welcome(address, home, cast.STAFF, portal, cast.PASSWORD))
        supervisor.run(_tell_death)
    finally:
        supervisor.end()


def _tell_death(child: Child, code: int, wait: float) -> None:
    click.echo(words.DIED.format(name=child.name, code=code, wait=wait, log=child.log), err=True)
