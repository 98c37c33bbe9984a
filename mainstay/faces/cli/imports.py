"""Commands that take files in and give them out: import, its templates and undoing, export (A7)."""

import getpass
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from django.utils import translation
from django.utils.translation import gettext

from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import NotFound, msgid
from mainstay.faces.cli.commands import root
from mainstay.platform.identity.queries import actor_named
from mainstay.platform.imports import actions, giving, queries, reading, running
from mainstay.platform.imports.choices import Mode, State
from mainstay.platform.imports.registry import Kind, kind_named, kinds

LANGUAGES = click.Choice(["zh-hans", "en"])
as_user = click.option("--as", "username", default="", help="Act as this user, within their scope; else as the system.")
language = click.option("--language", type=LANGUAGES, default="zh-hans", show_default=True, help="Of heads and errors.")


@root.group("import")
def import_() -> None:
    """Take a file in: `import KIND FILE`, `import KIND --template`; undo an import; list imports."""


def _taking(kind: Kind) -> click.Command:
    """Return the command that takes in one kind."""

    @click.command(kind.name, help="Take rows in from a CSV or XLSX file; see --template for the columns.")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
    @click.option("--template", is_flag=True, help="Print the columns, explained, as CSV.")
    @click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
    @click.option("--mode", type=click.Choice(Mode.values), default=Mode.GOOD_ROWS.value, show_default=True)
    @click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the bad rows.")
    @as_user
    @language
    def take(
        file: Path | None,
        *,
        template: bool,
        dry_run: bool,
        mode: str,
        errors: Path | None,
        username: str,
        language: str,
    ) -> None:
        with translation.override(language):
            if template:
                for line in giving.template_lines(kind):
                    click.echo(line, nl=False)
            elif file is None:
                raise click.UsageError(gettext("Name a file, or ask for --template."))
            else:
                _take(kind, file, dry_run=dry_run, mode=mode, errors=errors, by=named_actor(username))

    return take


def _take(kind: Kind, file: Path, *, dry_run: bool, mode: str, errors: Path | None, by: Actor) -> None:
    began = time.monotonic()
    reading.refuse_large(file.stat().st_size)
    with file.open("rb") as source:
        run = actions.take_in(kind, reading.read_file(source), file_name=file.name, at=_now(), by=by)
    _say_columns(kind, run)
    if dry_run:
        running.try_out(run.pk, at=_now(), by=by)
    else:
        actions.ask_for_run(run.pk, mode=mode, at=_now(), by=by)
        _run_to_end(run.pk)
    done = queries.visible_run(by, run.pk)
    _say_result(done, time.monotonic() - began, dry_run=dry_run)
    if errors is not None and done.refused:
        _write_rows(errors, giving.refused_lines(done))
        click.echo(gettext("The bad rows with their errors are in {file}; mend and import it.").format(file=errors))
    if dry_run:
        actions.discard(run.pk, at=_now(), by=by)
    if done.refused or done.state == State.FAILED:
        raise SystemExit(1)


def _run_to_end(run_id: int) -> None:
    """Do the work here; where the importer of the sweeper holds it, wait for it."""
    while not queries.has_ended(run_id):
        worked = False
        while running.advance(run_id, at=_now()):
            worked = True
        if not worked:
            time.sleep(0.1)


def _say_columns(kind: Kind, run: Any) -> None:
    for name in run.columns:
        column = kind.by_name.get(run.mapping.get(name, ""))
        click.echo(f"  {name} → {column.title if column else gettext('not used')}", err=True)


def _say_result(run: Any, seconds: float, *, dry_run: bool) -> None:
    number = gettext("Trial") if dry_run else gettext("Import {number}").format(number=run.pk)
    click.echo(
        gettext(
            "{number}: {total} rows, {created} created, {updated} changed, {unchanged} unchanged, {refused} refused, "
            "{seconds} s."
        ).format(
            number=number, total=run.total, created=run.created, updated=run.updated, unchanged=run.unchanged,
            refused=run.refused, seconds=round(seconds, 1),
        )
    )  # fmt: skip
    if run.state in (State.REFUSED, State.FAILED):
        click.echo(f"{State(run.state).label}. {run.problem}", err=True)
    for row in queries.refused_rows(run)[:10]:
        click.echo(gettext("  line {line}: {error}").format(line=row.line, error=giving.error_of(row)), err=True)


@import_.command()
@click.argument("run", type=int)
@as_user
@language
def undo(run: int, username: str, language: str) -> None:
    """Undo an import; what was changed since stays, and is listed."""
    by = named_actor(username)
    with translation.override(language):
        actions.ask_for_undo(run, at=_now(), by=by)
        _run_to_end(run)
        done = queries.visible_run(by, run)
        click.echo(gettext("Import {number}: {undone} rows undone.").format(number=run, undone=done.undone))
        kept = list(queries.kept_rows(done)[:100])
        for row in kept:
            click.echo(gettext("  line {line}: {error}").format(line=row.line, error=giving.error_of(row)), err=True)
        if kept:
            raise SystemExit(1)


@import_.command("list")
@as_user
def list_runs(username: str) -> None:
    """List the newest imports."""
    for run in queries.visible_to(named_actor(username))[:20]:
        click.echo(f"{run.pk}\t{run.made_at:%Y-%m-%d %H:%M}\t{run.kind}\t{run.state}\t{run.total}\t{run.user_name}\t"
                   f"{run.file_name}")  # fmt: skip


@root.command("export")
@click.argument("kind")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_user
@language
def export(kind: str, file: Path, username: str, language: str) -> None:
    """Write everything of a kind within scope as CSV or XLSX, by the file's ending; it can be imported again."""
    wanted, by = kind_named(kind), named_actor(username)
    with translation.override(language):
        if file.suffix.lower() == ".xlsx":
            with file.open("wb") as out:
                count = giving.write_workbook(out, giving.head(wanted), giving.all_rows(wanted, by))
        else:
            count = _write_rows(file, giving.csv_lines(giving.head(wanted), giving.all_rows(wanted, by)))
        click.echo(gettext("{count} rows in {file}.").format(count=count, file=file))


def _write_rows(file: Path, lines: Iterable[bytes]) -> int:
    count = -2  # the byte order mark and the head
    with file.open("wb") as out:
        for line in lines:
            out.write(line)
            count += 1
    return count


def named_actor(username: str) -> Actor:
    """Return who acts: the user of this name, or the system at the command line. Raises NotFound."""
    if username:
        found = actor_named(username)
        if found is None:
            raise NotFound(msgid("There is no active user “{name}”; correct the name."), name=username)
        return found
    name = "command line"
    with suppress(OSError, KeyError, ImportError):
        name = f"command line ({getpass.getuser()})"
    return system(name)


for _kind in kinds():
    import_.add_command(_taking(_kind))


def _now() -> datetime:
    return datetime.now(UTC)
