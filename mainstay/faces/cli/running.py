"""Commands that run: web, live, impact worker, caseworker, timer sweeper."""

import threading
from collections.abc import Callable

import click
from django.core.management import call_command

from mainstay.faces.cli.beating import beating_for
from mainstay.faces.cli.caseworker import run_caseworker
from mainstay.faces.cli.commands import root
from mainstay.faces.cli.courier import run_courier
from mainstay.faces.cli.importer import run_sweeper_and_importer
from mainstay.faces.cli.loops import (
    IMPACT_WORKER,
    SWEEPER,
    AlreadyRunning,
    only_one,
    run_impact_worker,
    stop_signal,
)
from mainstay.platform.journal import handing


@root.command()
def migrate() -> None:
    """Bring the database to this version."""
    call_command("migrate", interactive=False, verbosity=1)


@root.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="One a core.")
@click.option("--threads", default=1, show_default=True, help="In each worker; more help many programs on a busy host.")
def web(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the console, the portal and the API."""
    with beating_for("web", port):
        serve("mainstay.config.wsgi:application", "wsgi", host=host, port=port, workers=workers, threads=threads)


@root.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True)
def live(host: str, port: int) -> None:
    """Serve live events to open pages."""
    with beating_for("live", port):
        serve("mainstay.faces.cli.live_app:application", "asginl", host=host, port=port, workers=1)


def serve(target: str, interface: str, *, host: str, port: int, workers: int, threads: int = 1) -> None:
    """Run granian until asked to stop."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces(interface),
        workers=workers,
        blocking_threads=threads if interface == "wsgi" else None,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
    )
    server.serve()


@root.command()
def worker() -> None:
    """Judge alarms as they come: alarms, incidents, impacts, tickets. One at a time."""
    _run(IMPACT_WORKER, run_impact_worker)


@root.command()
@click.option("--again", is_flag=True, help="First let what was set aside after an error wait once more.")
def caseworker(again: bool) -> None:
    """Open and settle tickets beside the worker, where many alarms come: on PostgreSQL. Several may run."""
    if again:
        click.echo(f"{handing.try_again()} verdicts wait once more")
    with stop_signal() as stop:
        run_caseworker(stop)


@root.command()
def sweeper() -> None:
    """Fire due timers, seal the audit trail, run imports. One at a time."""
    _run(SWEEPER, run_sweeper_and_importer)


@root.command()
def courier() -> None:
    """Carry messages out: e-mail, SMS, WeCom, DingTalk, webhooks. Several may run, on different hosts."""
    with stop_signal() as stop:
        run_courier(stop)


def _run(seat: str, loop: Callable[[threading.Event], None]) -> None:
    try:
        with stop_signal() as stop, only_one(seat):
            loop(stop)
    except AlreadyRunning:
        raise click.ClickException(f"Another {seat} is already running on this database; stop it first.") from None
