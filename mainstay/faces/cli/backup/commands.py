"""`mainstay backup`, `mainstay backup verify`, `mainstay restore`: taken under load, rehearsed, restored (P4)."""

import json
import socket
import tempfile
import time
from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay import __version__
from mainstay.domain.actor import system
from mainstay.domain.errors import msgid
from mainstay.faces.cli.backup import archive, places, postgresql, sqlite
from mainstay.faces.cli.backup.errors import BackupError
from mainstay.faces.cli.backup.figures import broken_seals, differences
from mainstay.faces.cli.backup.figures import figures as figures_here
from mainstay.faces.cli.commands import root
from mainstay.platform.monitoring import actions as monitoring

SUFFIX = ".mainstay"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class TakeUnlessNamed(click.Group):
    """`mainstay backup FILE` is short for `mainstay backup take FILE`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Read a word that names no command as the file."""
        words = args if not args or args[0] in self.commands else ["take", *args]
        return super().resolve_command(ctx, words)


@root.group(cls=TakeUnlessNamed)
def backup() -> None:
    """Take a backup: `mainstay backup FILE`; or verify one."""


@backup.command()
@click.argument("target", metavar="FILE_OR_FOLDER", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="In a folder: keep the newest so many, remove older ones.")
def take(target: Path, keep: int | None) -> None:
    """Copy the database into FILE while it runs, with what it answers; in a folder the name is the time."""
    at, began = places.now(), time.monotonic()
    file = target / f"{at:%Y%m%dT%H%M%SZ}{SUFFIX}" if target.is_dir() else target
    file.parent.mkdir(parents=True, exist_ok=True)
    here = places.configured()
    with tempfile.TemporaryDirectory(prefix="mainstay-backup-", dir=file.parent) as folder:
        copy = Path(folder) / "copy"
        answered = postgresql.copy(copy) if here.url else sqlite.copy(copy)
        digest = archive.digest_of(copy)
        manifest = archive.Manifest(
            archive.FORMAT, __version__, here.engine, here.name, at.isoformat(), digest, answered
        )
        archive.write(file, copy, manifest)
    took_s, size = time.monotonic() - began, file.stat().st_size
    taken = monitoring.TakenBackup(str(file.resolve()), socket.gethostname(), round(took_s, 2), size, digest)
    monitoring.note_backup(taken, at=at, by=system("backup"))
    with override(settings.LANGUAGE_CODE):
        values = {"file": file, "mb": round(size / (1 << 20), 1), "seconds": round(took_s, 1)}
        click.echo(_("%(file)s: %(mb)s MB in %(seconds)s s") % values)
    if keep and target.is_dir():
        for old in sorted(target.glob(f"*{SUFFIX}"))[:-keep]:
            old.unlink()
            click.echo(f"− {old}")


@backup.command()
@click.argument("file", type=FILE)
@click.option("--into", default="", help="Rehearse in this empty folder or database instead of a passing one.")
@click.option("--rejudge", is_flag=True, help="Judge all reports and clocks of the copy again, too.")
def verify(file: Path, into: str, rejudge: bool) -> None:
    """Rehearse: restore FILE into a passing database and prove that the copy answers the same."""
    manifest = archive.read_manifest(file)
    if into:
        prove(file, places.place_of(into), rejudge=rejudge)
    else:
        with places.passing_place(manifest.engine) as place:
            prove(file, place, rejudge=rejudge)
    if places.configured().engine == manifest.engine:
        monitoring.note_proof(manifest.digest, at=places.now(), by=system("backup"))


def prove(file: Path, place: places.Place, *, rejudge: bool) -> None:
    """Restore a backup into an empty place and compare what it answers. Raises BackupError where it differs."""
    _check_empty(place)
    wanted = place.restore(file, replace=False).figures
    found = place.figures()
    broken = found.pop("broken_seals")
    said = differences(wanted, found)
    if broken:
        said.append(f"audit entries that do not match their seals: {broken}")
    if said:
        problem = msgid("The restored copy answers otherwise:\n{differences}")
        raise BackupError(problem, differences="\n".join(said))
    if rejudge:
        click.echo(place.ask("rejudge").strip())
    _tell_proof(file, wanted)


def _tell_proof(file: Path, wanted: dict[str, dict[str, int]]) -> None:
    with override(settings.LANGUAGE_CODE):
        values = {
            "file": file,
            "rows": sum(wanted["rows"].values()),
            "tables": len(wanted["rows"]),
            "alarms": wanted["wall"]["standing_alarms"],
            "tickets": wanted["tickets"]["open"],
            "sealed": wanted["audit"]["sealed"],
        }
        click.echo(
            _(
                "%(file)s: the restored copy answers the same: %(rows)s rows in %(tables)s tables, "
                "%(alarms)s standing alarms, %(tickets)s open tickets with their deadlines, %(sealed)s intact seals"
            )
            % values
        )


@backup.command()
@click.option("--seals", is_flag=True, help="Check the seals of the audit trail, too.")
def figures(seals: bool) -> None:
    """Print what this database answers, as JSON: rows, the wall, open tickets with deadlines, the audit trail."""
    answered = figures_here()
    if seals:
        answered["broken_seals"] = broken_seals()
    click.echo(json.dumps(answered))


@root.command()
@click.argument("file", type=FILE)
@click.option("--into", default="", help="A folder (SQLite) or postgresql://… ; else the configured database.")
@click.option("--force", is_flag=True, help="Replace a database that is not empty; its name must be typed.")
def restore(file: Path, into: str, force: bool) -> None:
    """Bring a backup into an empty database, and prove that it answers the same."""
    place = places.place_of(into)
    if place.in_use(places.now()):
        problem = msgid("Programs run on {name}; stop web, live, worker and sweeper, wait half a minute, try again.")
        raise BackupError(problem, name=place.name)
    replace = not place.is_empty()
    if replace:
        if not force:
            _check_empty(place)
        _let_type(place.name)
    wanted = place.restore(file, replace=replace)
    found = place.figures()
    broken = found.pop("broken_seals")
    if broken or (said := differences(wanted.figures, found)):
        problem = msgid("The restored copy answers otherwise:\n{differences}")
        raise BackupError(problem, differences="\n".join(said if not broken else map(str, broken)))
    _tell_proof(file, wanted.figures)


def _check_empty(place: places.Place) -> None:
    if not place.is_empty():
        problem = msgid("{name} is not empty; give an empty place by --into, or replace what is there by --force.")
        raise BackupError(problem, name=place.name)


def _let_type(name: str) -> None:
    with override(settings.LANGUAGE_CODE):
        question = _("Everything in %(name)s will be replaced. Type this name to go on") % {"name": name}
    if click.prompt(question, default="", show_default=False) != name:
        raise BackupError(msgid("The name was not typed; nothing was changed."))
