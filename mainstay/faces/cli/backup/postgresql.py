"""PostgreSQL: a copy by pg_dump of one snapshot, and restoring by pg_restore in one transaction."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from mainstay.domain.errors import msgid
from mainstay.faces.cli.backup.errors import BackupError
from mainstay.faces.cli.backup.figures import figures


def copy(target: Path) -> dict[str, Any]:
    """Dump the database while it is written to; return the figures of the very snapshot that was dumped."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000")
        snapshot, major = cursor.fetchone()
        answered = figures()
        url = settings.DATABASE_URL
        _run(
            tool("pg_dump", major),
            "-Fc",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={target}",
            url=url,
        )
    return answered


def restore(dump: Path, url: str, *, replace: bool) -> None:
    """Bring a dump into a database, all or nothing; `replace` drops what is there of the same names first."""
    with psycopg.connect(url) as there:
        major = there.info.server_version // 10000
    name = urlsplit(url).path.lstrip("/")
    clean = ("--clean", "--if-exists") if replace else ()
    words = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", *clean, f"--dbname={name}")
    _run(tool("pg_restore", major), *words, str(dump), url=url)


def is_empty(url: str) -> bool:
    """Say whether there is nothing to be lost. Raises BackupError when the database does not answer."""
    try:
        with psycopg.connect(url) as there:
            found = there.execute("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    except psycopg.OperationalError as error:
        problem = msgid("The database does not answer ({why}); make it with `createdb`, or check the address.")
        raise BackupError(problem, why=str(error).strip()) from error
    return not (found and found[0])


def newest_heartbeat(url: str) -> datetime | None:
    """Return the newest sign of life of a program that runs on a database."""
    try:
        with psycopg.connect(url) as there:
            found = there.execute("SELECT MAX(at) FROM monitoring_heartbeat").fetchone()
    except psycopg.Error:
        return None
    return found[0] if found else None


@contextmanager
def passing_database(url: str) -> Iterator[str]:
    """Give the address of an empty database on the same server, and drop it afterwards."""
    name = f"mainstay_rehearsal_{uuid4().hex[:12]}"
    beside = urlsplit(url)._replace(path="/postgres").geturl()
    try:
        with psycopg.connect(beside, autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        problem = msgid("No database can be made for the rehearsal ({why}); give the user CREATEDB, or use --into.")
        raise BackupError(problem, why=str(error).strip()) from error
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(beside, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def tool(name: str, major: int) -> str:
    """Return a program of PostgreSQL that is not older than the server. Raises BackupError."""
    places = [shutil.which(name), *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True)]
    for place in places:
        if place and _major_of(place) >= major:
            return place
    problem = msgid("{name} of PostgreSQL {major} or newer was not found; install postgresql-client-{major}.")
    raise BackupError(problem, name=name, major=major)


def _major_of(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\b(\d+)[.\w]*", said.split("PostgreSQL)")[-1])
    return int(found[1]) if found else 0


def _run(program: str, *words: str, url: str) -> None:
    """Run a program of PostgreSQL; the address goes by the environment, where no list of processes shows it."""
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's own program, no shell
        [program, *words], env={**os.environ, **_spelled(url)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        problem = msgid("{name} failed: {why}")
        raise BackupError(problem, name=Path(program).name, why=done.stderr.strip()[-800:])


def _spelled(url: str) -> Mapping[str, str]:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    given = {
        "PGHOST": query.get("host", [""])[0] or parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }
    return {name: value for name, value in given.items() if value}
