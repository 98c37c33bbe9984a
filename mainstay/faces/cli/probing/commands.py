"""Commands of the prober: sample targets, reflect what another prober sends."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from mainstay.domain.csv_text import read_table
from mainstay.domain.errors import MainstayError, msgid
from mainstay.faces.cli.beating import Pulse
from mainstay.faces.cli.commands import root
from mainstay.faces.cli.loops import stop_signal
from mainstay.faces.cli.probing import running
from mainstay.faces.cli.probing.delivering import Door, to_database
from mainstay.faces.cli.probing.reflector import Reflector
from mainstay.faces.cli.probing.spool import Spool
from mainstay.network.performance.actions.intake import source_by_code
from mainstay.network.performance.choices import Method
from mainstay.network.performance.errors import BadTarget
from mainstay.network.performance.queries.settings import Sampled, sampled

COLUMNS = ("circuit", "address")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
READ_EVERY = timedelta(seconds=20)


@root.group()
def probe() -> None:
    """Sample circuits continuously: ICMP echo or STAMP (RFC 8762)."""


@probe.command("run")
@click.option("--source", required=True, help="Code of the source of samples under which the results go.")
@click.option("--targets", type=FILE, help="CSV: circuit, address, method, port, packets; else what the settings say.")
@click.option("--period", type=int, default=5, show_default=True, help="Minutes, with --to; else the source's own.")
@click.option("--to", "url", default="", help="Address of a Mainstay elsewhere, e.g. https://host; else our database.")
@click.option("--token-file", type=FILE, help="For --to.")
@click.option(
    "--spool", type=click.Path(file_okay=False, path_type=Path), help="Folder of what waits; else HOME/probe."
)
@click.option("--once", is_flag=True, help="Sample one whole period, then end.")
def run_(
    source: str, *, targets: Path | None, period: int, url: str, token_file: Path | None, spool: Path | None, once: bool
) -> None:
    """Sample every period, all targets at the same instants; what cannot be delivered waits in a file."""
    if url and (token_file is None or targets is None):
        raise click.UsageError("--to needs --token-file and --targets.")
    sink = Door(url, token_file.read_text().strip()) if url and token_file else to_database
    minutes = period if url else source_by_code(source).period_minutes
    fixed = read_targets(targets.read_bytes(), source, minutes) if targets else None
    kept = Spool((spool or settings.HOME / "probe") / f"{source}.jsonl")
    known = _Known(source, fixed, told=not url)
    with stop_signal() as stop:
        loops = running.Loops(kept, sink, period_s=minutes * 60, tend=known.tend)
        loops.run(lambda: known.targets, stop=stop, once=once)


class _Known:
    """Mutable: the targets as last read, by the thread that delivers: sampling never waits for a database."""

    def __init__(self, source: str, fixed: Sequence[Sampled] | None, *, told: bool) -> None:
        self.source, self.fixed, self.told = source, fixed, told
        self.targets: Sequence[Sampled] = sampled(source) if fixed is None else fixed
        self._read = datetime.now(UTC)
        self._pulse = Pulse("probe", at=self._read, instance=source)

    def tend(self, waiting: int) -> None:
        """Read the targets again now and then, and say that the prober lives; without a database later."""
        at = datetime.now(UTC)
        try:
            if self.fixed is None and at - self._read >= READ_EVERY:
                self._read, self.targets = at, sampled(self.source)
            if self.told and self._pulse.due(at):
                self._pulse.beat(at, targets=len(self.targets), waiting=waiting)
        except (OperationalError, InterfaceError):
            close_old_connections()


def read_targets(raw: bytes, source: str, period_minutes: int) -> list[Sampled]:
    """Read targets from a table. Raises BadTarget naming the line."""
    found = []
    for line, values in read_table(raw, required=COLUMNS).records():
        try:
            method, port, packets = values.get("method") or "icmp", values.get("port"), values.get("packets")
            if method not in Method.values or not values["address"]:
                raise ValueError(method)
            found.append(Sampled(values["circuit"], method, values["address"], int(port or 862), int(packets or 20),
                                 source, period_minutes))  # fmt: skip
        except ValueError as error:
            problem = msgid("Line {line} names no target: give icmp or stamp, an address, whole numbers.")
            raise BadTarget(problem, line=line) from error
    return found


@probe.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen on.")  # noqa: S104 -- a reflector
@click.option("--port", default=862, show_default=True)
@click.option("--stateful/--stateless", default=True, show_default=True, help="Count by itself, to tell losses apart.")
def reflect(host: str, port: int, *, stateful: bool) -> None:
    """Answer STAMP test packets at the far end of a line."""
    try:
        reflector = Reflector(host, port, stateful=stateful)
    except OSError as error:
        problem = msgid("Cannot listen on {host} port {port}: {why}. Ports below 1024 need the right to bind them.")
        raise MainstayError(problem, host=host, port=port, why=error.strerror or str(error)) from error
    with stop_signal() as stop:
        click.echo(f"STAMP {host}:{reflector.port}")
        reflector.run(stop.is_set)
