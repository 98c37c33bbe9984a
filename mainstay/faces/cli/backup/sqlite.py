"""SQLite: a copy by the online backup of one snapshot, and a copy put in the place of a database."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from mainstay.faces.cli.backup.figures import figures


def copy(target: Path) -> dict[str, Any]:
    """Copy the database while it is written to; return the figures of the very moment that was copied."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            answered = figures()  # the first read fixes the snapshot, which the backup then copies
            with closing(sqlite3.connect(target)) as out:
                connection.connection.backup(out)
                out.execute("PRAGMA journal_mode = DELETE")
        finally:
            cursor.execute("ROLLBACK")
    return answered


def is_empty(database: Path) -> bool:
    """Say whether there is nothing to be lost."""
    if not database.exists() or not database.stat().st_size:
        return True
    with closing(sqlite3.connect(database)) as there:
        return not there.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]


def newest_heartbeat(database: Path) -> datetime | None:
    """Return the newest sign of life of a program that runs on a database."""
    try:
        with closing(sqlite3.connect(database)) as there:
            (said,) = there.execute("SELECT MAX(at) FROM monitoring_heartbeat").fetchone()
    except sqlite3.Error:
        return None
    return datetime.fromisoformat(said).replace(tzinfo=UTC) if said else None


def replace(database: Path, by: Path) -> Path | None:
    """Put a copy in the place of a database; return where the old one was moved, None when there was none."""
    kept = None
    if database.exists():
        with closing(sqlite3.connect(database)) as there:
            there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = database.with_name(f"{database.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        os.replace(database, kept)
    for leftover in ("-wal", "-shm"):
        Path(f"{database}{leftover}").unlink(missing_ok=True)
    os.replace(by, database)
    return kept
