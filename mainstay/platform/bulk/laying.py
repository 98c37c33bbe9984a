"""Lays millions of rows into empty tables: COPY on PostgreSQL, prepared statements on SQLite, keys given.

Only for a house nobody works in yet (A7, the demo's full size). Rows are sequences of values in the order of `columns`,
which are named as the models' attributes; instants and JSON as text, as the database takes them (`instant_text`).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from mainstay.domain.errors import Refused, msgid

AT_ONCE = 20_000
"""Rows handed to SQLite in one transaction."""

Row = Sequence[Any]
Statement = str


class NotEmpty(Refused):
    """Rows are laid into empty tables only."""


def lay(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write the rows and return how many; columns that are not named get the model's default."""
    known = {field.attname: field for field in model._meta.concrete_fields}
    named = [known[name] for name in columns]
    others = [
        field for field in model._meta.concrete_fields if field not in named and not isinstance(field, models.AutoField)
    ]
    defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    names = ", ".join(_quoted(str(field.column)) for field in (*named, *others))
    table = _quoted(model._meta.db_table)
    whole = ((*row, *defaults) for row in rows) if defaults else rows
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({names}) FROM STDIN", whole)
    places = ", ".join(["%s"] * (len(named) + len(others)))
    return _insert(f"INSERT INTO {table} ({names}) VALUES ({places})", whole)  # noqa: S608


def _copy(statement: Statement, rows: Iterable[Row]) -> int:
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _insert(statement: Statement, rows: Iterable[Row]) -> int:
    count, left = 0, iter(rows)
    while part := list(islice(left, AT_ONCE)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, part)
        count += len(part)
    return count


@contextmanager
def bare_ground(tables: Sequence[type[models.Model]], *, begun: Sequence[type[models.Model]] = ()) -> Iterator[None]:
    """Take indexes, foreign keys and triggers off empty tables; put them back, checked, when all rows are laid.

    `begun`: tables among them that may hold rows already, as their keys are not given.
    Sequences and the planner's figures follow. Raises NotEmpty. Not within a transaction.
    """
    for model in (model for model in tables if model not in begun):
        if model._default_manager.exists():
            raise NotEmpty(
                msgid("There are rows in {table} already; rows in bulk go into an empty database only."),
                table=model._meta.db_table,
            )
    ground = _PostgreSQL(tables) if connection.vendor == "postgresql" else _SQLite(tables)
    _run(ground.take_off)
    yield
    _run(ground.put_back)
    _run(connection.ops.sequence_reset_sql(no_style(), list(tables)))
    ground.check()
    _run(["ANALYZE"])


class _PostgreSQL:
    """What hangs on tables in PostgreSQL: indexes that are no constraint's, and foreign keys."""

    def __init__(self, tables: Sequence[type[models.Model]]) -> None:
        names = [model._meta.db_table for model in tables]
        indexes = _read(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " WHERE i.indrelid::regclass::text = ANY(%s)"
            " AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))",
            [names],
        )
        keys = _read(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [names],
        )
        self.take_off = [
            *(f"ALTER TABLE {table} DROP CONSTRAINT {_quoted(name)}" for table, name, _ in keys),
            *(f"DROP INDEX {name}" for name, _ in indexes),
        ]
        self.put_back = [
            "SET maintenance_work_mem = '512MB'",
            *(definition for _, definition in indexes),
            *(f"ALTER TABLE {table} ADD CONSTRAINT {_quoted(name)} {definition}" for table, name, definition in keys),
            "RESET maintenance_work_mem",
        ]

    def check(self) -> None:
        """Nothing is left to check: keys were checked when they were put back."""


class _SQLite:
    """What hangs on tables in SQLite: indexes, triggers, and the checking of foreign keys of the connection."""

    def __init__(self, tables: Sequence[type[models.Model]]) -> None:
        self.names = [model._meta.db_table for model in tables]
        places = ", ".join(["%s"] * len(self.names))
        hung = _read(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"  # noqa: S608 -- places only
            f" AND sql IS NOT NULL AND tbl_name IN ({places})",
            self.names,
        )
        forgetful = ["PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -262144"]
        self.take_off = [*forgetful, *(f"DROP {kind} {_quoted(name)}" for kind, name, _ in hung)]
        self.put_back = [sql for _, _, sql in hung]

    def check(self) -> None:
        """Check every foreign key of the tables, and check keys again from now on. Raises IntegrityError."""
        connection.check_constraints(table_names=self.names)
        _run(["PRAGMA foreign_keys = ON", "PRAGMA synchronous = NORMAL", "PRAGMA wal_checkpoint(TRUNCATE)"])


def _read(statement: Statement, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _run(statements: Iterable[Statement]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def numbered(rows: Iterable[Row], first: int = 1) -> Iterator[Row]:
    """Put a running key before each row."""
    return ((key, *row) for key, row in enumerate(rows, start=first))


_DAYS: dict[int, str] = {}
_TIMES: list[str] = []


def instant_text(at_s: int) -> str:
    """Return whole seconds since 1970 UTC as both databases read an instant in UTC."""
    if not _TIMES:
        _TIMES.extend(f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86_400))
    day, second = divmod(at_s, 86_400)
    if day not in _DAYS:
        _DAYS[day] = _day_text(day)
    return f"{_DAYS[day]} {_TIMES[second]}"


def _day_text(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
