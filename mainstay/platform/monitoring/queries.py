"""How the house itself does: who lives, how long its queues are, how large its database is (P3)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.cache import cache
from django.db import connection

from mainstay.platform.journal.models import OutboxEvent
from mainstay.platform.monitoring.choices import Level
from mainstay.platform.monitoring.models import Backup, Heartbeat, Look, Trouble
from mainstay.platform.monitoring.troubles import said

ERRORS_KEPT, FRESH_S = "mainstay-house-errors", 5
"""Where a process keeps the standing errors, and for how many seconds."""
LATE_S = 30
"""After so many seconds without a sign of life a program counts as dead."""
PATIENCE_S = 180
"""A program that is still loading may be silent for so long."""
NEEDED = ("web", "impact-worker", "sweeper", "live", "courier")
"""The programs without which the house does not run."""


@dataclass(frozen=True)
class ProgramState:
    """A program's newest sign of life, as seen at an instant."""

    row: Heartbeat
    age_s: int

    @property
    def alive(self) -> bool:
        """Whether the sign is fresh; one that is loading may take its time."""
        return self.age_s <= (PATIENCE_S if self.row.figures.get("loading") else LATE_S)


def programs(*, at: datetime) -> list[ProgramState]:
    """Return all programs by name, host and instance (1 query)."""
    rows = Heartbeat.objects.order_by("name", "host", "instance")
    return [ProgramState(row, max(0, int((at - row.at).total_seconds()))) for row in rows]


def lives(name: str, *, at: datetime) -> bool:
    """Say whether a program of this name shows a fresh sign of life somewhere (1 query)."""
    return Heartbeat.objects.filter(name=name, at__gte=at - timedelta(seconds=LATE_S)).exists()


def missing(states: list[ProgramState]) -> list[str]:
    """Return the names of needed programs that show no fresh sign of life anywhere."""
    alive = {state.row.name for state in states if state.alive}
    return [name for name in NEEDED if name not in alive]


@dataclass(frozen=True)
class ToldTrouble:
    """A trouble in the reader's words."""

    row: Trouble
    what: str
    remedy: str

    @property
    def is_error(self) -> bool:
        """Whether it keeps the house from its work."""
        return self.row.level == Level.ERROR


def troubles_standing() -> list[ToldTrouble]:
    """Return what is wrong now as the last look found it, errors first, then the oldest (1 query)."""
    rows = Trouble.objects.filter(ended_at__isnull=True).order_by("level", "began_at", "pk")
    return [ToldTrouble(row, *said(row)) for row in rows]


def errors_lately() -> list[ToldTrouble]:
    """Return the standing errors as they were a few seconds ago at most: for the frame of every page."""
    rows = cache.get(ERRORS_KEPT)
    if rows is None:
        rows = list(Trouble.objects.filter(ended_at__isnull=True, level=Level.ERROR).order_by("began_at", "pk"))
        cache.set(ERRORS_KEPT, rows, FRESH_S)
    return [ToldTrouble(row, *said(row)) for row in rows]


def troubles_ended(*, limit: int = 20) -> list[ToldTrouble]:
    """Return the errors that are over, the newest first (1 query)."""
    rows = Trouble.objects.filter(ended_at__isnull=False, level=Level.ERROR).order_by("-ended_at", "-pk")[:limit]
    return [ToldTrouble(row, *said(row)) for row in rows]


def looked_at() -> datetime | None:
    """Return when some program last looked after the house (1 query)."""
    return Look.objects.values_list("at", flat=True).first()


def last_backup() -> Backup | None:
    """Return the newest backup, None before the first."""
    return Backup.objects.order_by("-taken_at").first()


def backups(*, limit: int = 10) -> list[Backup]:
    """Return the newest backups."""
    return list(Backup.objects.order_by("-taken_at")[:limit])


def outbox_length() -> int:
    """Return how many news are kept in the outbox."""
    return OutboxEvent.objects.count()


def database_bytes() -> int:
    """Return the size of the database; of SQLite with its write-ahead log."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    name = str(connection.settings_dict["NAME"])
    return sum(path.stat().st_size for path in (Path(name), Path(f"{name}-wal")) if path.exists())


def database_version() -> str:
    """Return name and version of the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"


def database_clock() -> datetime:
    """Return the database's own time; of SQLite, which has none of its own, the host's."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            found: datetime = cursor.fetchone()[0]
            return found.astimezone(UTC)
        cursor.execute("SELECT (julianday('now') - 2440587.5) * 86400000")
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(cursor.fetchone()[0]))
