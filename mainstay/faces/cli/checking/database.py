"""Can the database be reached, is it set as it must be, is it of this version, does its clock agree?"""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from mainstay.domain.errors import msgid
from mainstay.faces.cli.checking.finding import Finding, error, fact, warning
from mainstay.platform.monitoring import queries as monitoring
from mainstay.platform.monitoring.choices import Level

OLDEST_POSTGRESQL = 140000
SKEW_S = 2.0
PRAGMAS = {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1}
"""What SQLite must be set to; synchronous 1 is NORMAL."""


def database() -> Iterator[Finding]:
    """Look at the database; an error here means that nothing else can be looked at."""
    try:
        connection.ensure_connection()
        version = monitoring.database_version()
    except OperationalError as failure:
        yield error(
            "database",
            msgid("The database does not answer: %(why)s"),
            msgid("Check MAINSTAY_DATABASE_URL, and that the server runs and lets this host in."),
            why=str(failure).strip(),
        )
        return
    yield fact("database", msgid("%(database)s, %(mb)s MB."), database=version, mb=monitoring.database_bytes() >> 20)
    yield from _postgresql() if connection.vendor == "postgresql" else _sqlite()
    yield from _migrations()


def usable(findings: list[Finding]) -> bool:
    """Say whether the rest can be looked at after these findings of `database`."""
    return not any(finding.level == Level.ERROR for finding in findings)


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for name, wanted in PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}")
            found = cursor.fetchone()[0]
            if found != wanted:
                yield error(
                    "pragma",
                    msgid("SQLite's %(name)s is %(found)s, not %(wanted)s."),
                    msgid("Keep the database on a local disk: network drives know no write-ahead log."),
                    subject=name,
                    name=name,
                    found=found,
                    wanted=wanted,
                )


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('fsync')")
        version, fsync = cursor.fetchone()
    if version < OLDEST_POSTGRESQL:
        yield error(
            "old_server", msgid("This PostgreSQL is older than 14."), msgid("Upgrade the server; 15 or newer is best.")
        )
    if fsync != "on":
        yield error(
            "fsync",
            msgid("PostgreSQL does not wait for the disk: a power failure loses data."),
            msgid("Set fsync = on."),
        )
    skew_s = abs((monitoring.database_clock() - datetime.now(UTC)).total_seconds())
    if skew_s > SKEW_S:
        yield error(
            "clock_skew",
            msgid("The clocks of the database and of this host differ by %(seconds)s s."),
            msgid("Keep both by NTP: promises are counted by the clock."),
            seconds=round(skew_s, 1),
        )


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        yield error(
            "migrations",
            msgid("%(count)s migrations have not been run."),
            msgid("Take a backup, then run `mainstay migrate`."),
            count=len(pending),
        )
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if unknown:
        yield warning(
            "newer_database",
            msgid("The database was migrated by a newer version (%(name)s)."),
            msgid("Install that version again, or restore a backup taken before it."),
            name=".".join(sorted(unknown)[0]),
        )
