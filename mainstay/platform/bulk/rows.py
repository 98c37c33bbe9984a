"""Many rows by one statement: values in, no model instances. In the caller's transaction, on either database.

Rows are sequences of values in the order of `columns`, which are named as the models' attributes (`cause_id`). Into
PostgreSQL new rows are copied, which costs it half of what an INSERT of the same rows does.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property, partial
from typing import Any

import orjson
from django.db import connection, models

from mainstay.platform.bulk.gathering import write

AT_ONCE = 100
"""Rows in one statement where keys are asked back: databases bound the number of parameters."""

Row = Sequence[Any]
Adapter = Callable[[Any], Any]
IN_ONE_PARAMETER = 2_000
"""Rows that PostgreSQL is given at once."""
Fields = Sequence["models.Field[Any, Any]"]
_AS_TOLD = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS
_AS_IT_IS = (models.IntegerField, models.CharField, models.TextField, models.BooleanField)


def insert_many(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    unique: Sequence[str] = (),
    update: Sequence[str] = (),
) -> None:
    """Insert rows; what `columns` does not name gets its default. Nobody learns the keys the database gave.

    With `unique`, the columns of a constraint, a row that is there already gets the new values of `update` instead.
    """
    into = _insertion(model, tuple(columns), connection.vendor)
    if connection.vendor == "postgresql" and not unique:
        copyable = into.copyable(rows)
        if copyable:
            write(partial(_copy, into.copied, copyable))
        return
    prepared, otherwise = into.prepared(rows), _otherwise(model, unique, update)
    if prepared and connection.vendor == "postgresql":
        for part in _parts(prepared):
            write(partial(_run, f"{into.from_one_parameter}{otherwise}", _told(into.all_fields, part)))
    elif prepared:
        write(partial(_run_each, f"{into.head} VALUES {into.one_row}{otherwise}", prepared))


def insert_returning(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> list[int]:
    """Insert rows as `insert_many` and return the keys the database gave, in the order of the rows."""
    if connection.vendor == "postgresql":
        return _insert_with_keys(model, columns, rows)
    into = _insertion(model, tuple(columns), connection.vendor)
    prepared = into.prepared(rows)
    keys: list[int] = []
    with connection.cursor() as cursor:
        for start in range(0, len(prepared), AT_ONCE):
            part = prepared[start : start + AT_ONCE]
            values = ", ".join([into.one_row] * len(part))
            cursor.execute(f"{into.head} VALUES {values} RETURNING {_key(model)}", [v for row in part for v in row])
            keys += [key for (key,) in cursor.fetchall()]
    return keys


def _insert_with_keys(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> list[int]:
    """Draw the keys first: what is copied gives none back."""
    into = _insertion(model, (model._meta.pk.attname, *columns), connection.vendor)
    given = list(rows)
    keys = _drawn(model, len(given)) if given else []
    if given:
        _copy(into.copied, into.copyable((key, *row) for key, row in zip(keys, given, strict=True)))
    return keys


def _drawn(model: type[models.Model], count: int) -> list[int]:
    """Draw keys from a table's sequence, in their order."""
    statement = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.quote_name(model._meta.db_table), model._meta.pk.column, count])
        return [key for (key,) in cursor.fetchall()]


def _copy(statement: str, prepared: list[list[Any]]) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in prepared:
            copy.write_row(row)


def insert_one(model: type[models.Model], columns: Sequence[str], row: Row) -> int:
    """Insert one row and return its key: one statement, outside a transaction one round trip, committed with it."""
    into = _insertion(model, tuple(columns), connection.vendor)
    (values,) = into.prepared([row])
    with connection.cursor() as cursor:
        cursor.execute(f"{into.head} VALUES {into.one_row} RETURNING {_key(model)}", values)
        return int(cursor.fetchone()[0])


def update_many(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Update rows by primary key: each row holds the values of `columns`, then the key."""
    fields = _fields(model, columns)
    prepared = _adapted(fields, rows)
    if prepared and connection.vendor == "postgresql":
        _update_together(model, fields, prepared)
    elif prepared:
        sets = ", ".join(f"{_quoted(field)} = %s" for field in fields)
        statement = f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {sets} WHERE {_key(model)} = %s"  # noqa: S608
        write(partial(_run_each, statement, prepared))


def _update_together(model: type[models.Model], fields: Fields, rows: list[list[Any]]) -> None:
    """Update by joining with the values: PostgreSQL plans one statement a part, instead of one a row."""
    key = model._meta.pk
    sets = ", ".join(f"{_quoted(field)} = new.{_quoted(field)}" for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    for part in _parts(rows):
        rows_of = _as_rows((*fields, key))
        statement = f"UPDATE {table} SET {sets} FROM {rows_of} WHERE {table}.{_quoted(key)} = new.{_quoted(key)}"  # noqa: S608
        write(partial(_run, statement, _told((*fields, key), part)))


def _as_rows(fields: Fields) -> str:
    """Return rows, named "new", that PostgreSQL reads out of one parameter; place holders for each value cost more."""
    columns = ", ".join(f"{_quoted(field)} {_type_of(field)}" for field in fields)
    return f"json_to_recordset(%s::json) AS new ({columns})"


def _parts(rows: list[list[Any]]) -> Iterator[list[list[Any]]]:
    """Cut rows into parts of one statement each."""
    return (rows[start : start + IN_ONE_PARAMETER] for start in range(0, len(rows), IN_ONE_PARAMETER))


def _told(fields: Fields, rows: list[list[Any]]) -> str:
    """Say rows in one parameter, ready to be sent."""
    names = [str(field.column) for field in fields]
    return _in_json([dict(zip(names, row, strict=True)) for row in rows])


def _run(statement: str, told: str) -> list[int]:
    """Run a statement over rows; return the keys it gives, in the order of the rows, where it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [told])
        return [key for (key,) in cursor.fetchall()] if cursor.description else []


def _run_each(statement: str, prepared: list[list[Any]]) -> None:
    """Run a statement for each row."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, prepared)


def _told_value(value: Any) -> Any:
    """Say a value that JSON does not hold: wrapped JSON bare, instants, days and amounts as text."""
    return value.obj if hasattr(value, "obj") else str(value)


def _type_of(field: "models.Field[Any, Any]") -> str:
    """Return the type in the database, without its length: a cast would cut silently what the column refuses."""
    return str(field.rel_db_type(connection)).split("(")[0]


class _Insertion:
    """How rows of some columns go into a table, defaults for the others included."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        self.fields = _fields(model, columns)
        self.others = [
            f for f in model._meta.concrete_fields if f not in self.fields and not isinstance(f, models.AutoField)
        ]
        self.all_fields = [*self.fields, *self.others]
        names = ", ".join(_quoted(field) for field in self.all_fields)
        self.table = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
        self.head = f"INSERT INTO {self.table}"
        self.one_row = f"({', '.join(['%s'] * len(self.all_fields))})"

    @property
    def copied(self) -> str:
        """The statement that copies rows, on PostgreSQL."""
        return f"COPY {self.table} FROM STDIN"

    @cached_property
    def from_one_parameter(self) -> str:
        """The statement that inserts rows out of one parameter, on PostgreSQL."""
        names = ", ".join(_quoted(field) for field in self.all_fields)
        return f"{self.head} SELECT {names} FROM {_as_rows(self.all_fields)}"  # noqa: S608

    def prepared(self, rows: Iterable[Row]) -> list[list[Any]]:
        """Return the parameters of each row."""
        defaults = [field.get_db_prep_save(field.get_default(), connection) for field in self.others]
        return [row + defaults for row in _adapted(self.fields, rows)]

    def copyable(self, rows: Iterable[Row]) -> list[list[Any]]:
        """Return rows as `_copy` takes them: as prepared, JSON as its text."""
        defaults = [_in_text(field.get_db_prep_save(field.get_default(), connection)) for field in self.others]
        return [row + defaults for row in _adapted(self.fields, rows, as_json=_Texts().of)]


@cache
def _insertion(model: type[models.Model], columns: tuple[str, ...], vendor: str) -> _Insertion:
    """Return how rows go into a table, said once for each kind of database."""
    return _Insertion(model, columns)


class _Texts:
    """The texts of JSON values; one that stands in many rows is said once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str]] = {}

    def of(self, value: Any) -> str | None:
        if value is None:
            return None
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = value, _in_json(value)  # the value is kept: its id stays its own
        return known[1]


def _in_json(value: Any) -> str:
    return orjson.dumps(value, default=_told_value, option=_AS_TOLD).decode()


def _instant(value: Any) -> Any:
    return value and str(value)


def _in_text(value: Any) -> Any:
    return _in_json(value.obj) if hasattr(value, "obj") else value


def _adapted(fields: Fields, rows: Iterable[Row], *, as_json: Adapter | None = None) -> list[list[Any]]:
    """Turn values into what the database takes, JSON by `as_json`; what stands behind them is left as it is."""
    adapters = [(place, adapt) for place, field in enumerate(fields) if (adapt := _adapter(field, as_json)) is not None]
    prepared = [list(row) for row in rows]
    for place, adapt in adapters:
        for row in prepared:
            row[place] = adapt(row[place])
    return prepared


def _adapter(field: "models.Field[Any, Any]", as_json: Adapter | None) -> Adapter | None:
    if isinstance(field, models.ForeignKey):
        return _adapter(field.target_field, as_json)
    if isinstance(field, _AS_IT_IS):
        return None
    if isinstance(field, models.DateTimeField):
        return cache(connection.ops.adapt_datetimefield_value) if as_json is None else cache(_instant)
    if isinstance(field, models.JSONField):
        return as_json or partial(_json, adapt=connection.ops.adapt_json_value, encoder=field.encoder)
    return partial(field.get_db_prep_save, connection=connection)


def _json(value: Any, adapt: Callable[[Any, Any], Any], encoder: Any) -> Any:
    return None if value is None else adapt(value, encoder)


def _fields(model: type[models.Model], columns: Sequence[str]) -> "list[models.Field[Any, Any]]":
    known = {field.attname: field for field in model._meta.concrete_fields}
    return [known[name] for name in columns]


def _otherwise(model: type[models.Model], unique: Sequence[str], update: Sequence[str]) -> str:
    """Say what becomes of a row that is there already."""
    if not unique:
        return ""
    same = ", ".join(_quoted(field) for field in _fields(model, unique))
    sets = ", ".join(f"{name} = excluded.{name}" for name in (_quoted(field) for field in _fields(model, update)))
    return f" ON CONFLICT ({same}) DO UPDATE SET {sets}"


def _key(model: type[models.Model]) -> str:
    return _quoted(model._meta.pk)


def _quoted(field: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))
