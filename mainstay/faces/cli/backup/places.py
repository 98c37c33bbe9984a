"""Where may a copy go? A SQLite file in a folder, or a PostgreSQL database: the same questions to both."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from mainstay.domain.errors import msgid
from mainstay.faces.cli.backup import archive, postgresql, sqlite
from mainstay.faces.cli.backup.errors import BackupError
from mainstay.platform.monitoring.queries import LATE_S


@dataclass(frozen=True)
class Place:
    """A database: of SQLite in the folder `home`, or of PostgreSQL at `url`."""

    home: str = ""
    url: str = ""

    @property
    def engine(self) -> str:
        """Return which database it is of."""
        return "postgresql" if self.url else "sqlite"

    @property
    def file(self) -> Path:
        """Return the file of a SQLite database."""
        return Path(self.home) / "mainstay.sqlite3"

    @property
    def name(self) -> str:
        """Return the name people know it by; never a password."""
        return urlsplit(self.url).path.lstrip("/") if self.url else str(self.file)

    def is_empty(self) -> bool:
        """Say whether there is nothing to be lost."""
        return postgresql.is_empty(self.url) if self.url else sqlite.is_empty(self.file)

    def in_use(self, at: datetime) -> bool:
        """Say whether programs run on it."""
        beat = postgresql.newest_heartbeat(self.url) if self.url else sqlite.newest_heartbeat(self.file)
        return beat is not None and (at - beat).total_seconds() <= LATE_S

    def restore(self, file: Path, *, replace: bool) -> archive.Manifest:
        """Bring the copy in a backup here; return its manifest."""
        if not self.url:
            Path(self.home).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="mainstay-restore-", dir=self.home or None) as folder:
            copy = Path(folder) / "copy"
            manifest = archive.unpack(file, copy)
            if manifest.engine != self.engine:
                problem = msgid("The backup is of {engine}, the database is of {other}; give a fitting --into.")
                raise BackupError(problem, engine=manifest.engine, other=self.engine)
            if self.url:
                postgresql.restore(copy, self.url, replace=replace)
            else:
                sqlite.replace(self.file, copy)
        return manifest

    def ask(self, *words: str) -> str:
        """Run a `mainstay` command on this database in a process of its own; return what it printed."""
        command = [sys.executable, "-m", "mainstay.faces.cli.main", *words]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            problem = msgid("The restored copy does not answer: {why}")
            raise BackupError(problem, why=(done.stderr or done.stdout).strip()[-800:])
        return done.stdout

    def environment(self) -> dict[str, str]:
        """Return the environment in which `mainstay` works on this database."""
        given = {"MAINSTAY_DATABASE_URL": self.url, "MAINSTAY_SECRET_KEY": settings.SECRET_KEY}
        if self.home:
            given["MAINSTAY_HOME"] = self.home
        return {**os.environ, **given, "MAINSTAY_LOG_LEVEL": "ERROR"}

    def figures(self) -> dict[str, Any]:
        """Return what this database answers, asked by a process of its own; with the audit entries that are broken."""
        answered: dict[str, Any] = json.loads(self.ask("backup", "figures", "--seals"))
        return answered


def configured() -> Place:
    """Return the database that is configured."""
    return Place(url=settings.DATABASE_URL) if settings.DATABASE_URL else Place(home=str(settings.HOME))


def place_of(into: str) -> Place:
    """Read what `--into` names: an address of PostgreSQL, else a folder; empty: the configured database."""
    if not into:
        return configured()
    return Place(url=into) if into.startswith(("postgresql://", "postgres://")) else Place(home=into)


@contextmanager
def passing_place(engine: str) -> Iterator[Place]:
    """Give a place for a rehearsal, and remove it afterwards."""
    if engine == "postgresql":
        if not settings.DATABASE_URL:
            raise BackupError(
                msgid("The backup is of PostgreSQL; set MAINSTAY_DATABASE_URL to a server where it can be rehearsed.")
            )
        with postgresql.passing_database(settings.DATABASE_URL) as url:
            yield Place(url=url)
    else:
        with tempfile.TemporaryDirectory(prefix="mainstay-rehearsal-") as folder:
            yield Place(home=folder)


def now() -> datetime:
    """Return the time: a face may look at the clock."""
    return datetime.now(UTC)
