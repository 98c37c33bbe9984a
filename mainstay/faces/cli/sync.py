"""Commands about network managers: which sources there are, take an export in, list differences (E3)."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from django.utils import translation
from django.utils.translation import gettext

from mainstay.domain.actor import Actor
from mainstay.faces.cli.commands import root
from mainstay.faces.cli.imports import as_user, language, named_actor
from mainstay.network.reconciliation import schedule
from mainstay.network.reconciliation.actions import running
from mainstay.network.reconciliation.choices import DifferenceKind, RunState
from mainstay.network.reconciliation.queries import differences as waiting
from mainstay.network.reconciliation.queries import sources as queries
from mainstay.platform.imports import giving


@root.group()
def sync() -> None:
    """Compare what network managers export with the inventory."""


@sync.command("list")
@as_user
@language
def list_sources(username: str, language: str) -> None:
    """List the sources: what each delivers, its newest export, what waits."""
    with translation.override(language):
        for state in queries.states(named_actor(username), at=now()):
            source, last = state.source, state.last
            newest = f"{source.last_file_at:%Y-%m-%d %H:%M}" if source.last_file_at else "—"
            said = RunState(last.state).label if last else "—"
            late = gettext("late") if state.late else ""
            click.echo(f"{source.code}\t{source.name}\t{source.covers}\t{newest}\t{said}\t{state.open}\t{late}")


@sync.command()
@click.argument("source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_user
@language
def run(source: str, file: Path | None, *, dry_run: bool, username: str, language: str) -> None:
    """Take in FILE, or what SOURCE has dropped into its folder, and compare it."""
    with translation.override(language):
        by = named_actor(username)
        found = queries.source_named(by, source)
        if file is None:
            if dry_run:
                raise click.UsageError(gettext("Name a file to try out."))
            runs = schedule.look(found, at=now(), by=by)
            if not runs:
                click.echo(gettext("No new export of {name}.").format(name=found.name))
        else:
            at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            runs = [running.take_in(found.pk, file.read_bytes(), file_name=file.name, file_at=at, dry_run=dry_run,
                                    at=now(), by=by)]  # fmt: skip
        good = [_run_to_end(each.pk, by) for each in runs]
    if not all(good):
        raise SystemExit(1)


def _run_to_end(run_id: int, by: Actor) -> bool:
    """Run it here; where the sweeper's loop is at it, wait for it. Say whether it ended well."""
    began = time.monotonic()
    while not queries.has_ended(run_id):
        if not running.advance(run_id, clock=now):
            time.sleep(0.2)
    done = queries.visible_run(by, run_id)
    _say(done, time.monotonic() - began)
    return done.state in (RunState.DONE, RunState.TRIED)


def _say(done: Any, seconds: float) -> None:
    counts = (
        dict.fromkeys(("rows", "agree", "new", "changed", "conflicts", "vanished", "bad", "applied"), 0) | done.counts
    )
    would = done.state in (RunState.TRIED, RunState.HELD)
    said = (
        gettext("{state}: {rows} rows, {agree} agree; would create {new}, change {changed}, {conflicts} conflicts, "
                "{vanished} vanish; {bad} bad rows; {seconds} s.")
        if would
        else gettext("{state}: {rows} rows, {agree} agree, {new} new, {changed} changed, {conflicts} conflicts, "
                     "{vanished} vanished; {applied} applied by rule; {bad} bad rows; {seconds} s.")
    )  # fmt: skip
    click.echo(said.format(state=RunState(done.state).label, seconds=round(seconds, 1), **counts))
    if done.problem:
        click.echo(giving.sentence(done.problem, done.problem_values or {}), err=True)
    for row in queries.bad_lines(done)[:10]:
        error = giving.sentence(row.error, row.error_values or {})
        click.echo(gettext("  line {line}: {error}").format(line=row.line, error=error), err=True)


@sync.command()
@click.argument("source")
@as_user
@language
def differences(source: str, username: str, language: str) -> None:
    """List what waits for a decision in SOURCE: object, field, kind, ours, the source's."""
    with translation.override(language):
        by = named_actor(username)
        found = queries.source_named(by, source)
        rows = waiting.filtered(by, waiting.DifferenceFilter(source_id=found.pk)).order_by("code", "field")
        for row in rows.iterator(chunk_size=500):
            kind = DifferenceKind(row.kind).label
            click.echo(f"{row.code}\t{row.field or '—'}\t{kind}\t{_told(row.ours)}\t{_told(row.theirs)}")


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={_told(each)}" for name, each in value.items() if each not in ("", []))
    return " ".join(value) if isinstance(value, list) else "—" if value in (None, "") else str(value)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
