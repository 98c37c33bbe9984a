"""Many rows by one prepared statement: values in, no model instances. In the caller's transaction, on either database.

Rows are sequences of values in the order of `columns`, which are named as the models' attributes (`cause_id`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any

from django.db import connection, models

AT_ONCE = 100
"""Rows in one statement where keys are asked back: databases bound the number of parameters."""

Row = Sequence[Any]
Adapter = Callable[[Any], Any]
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
    into = _Insertion(model, columns)
    prepared = into.prepared(rows)
    otherwise = _otherwise(model, unique, update)
    if prepared and connection.vendor == "postgresql":
        for part, values in _parts(prepared, into.one_row):
            _execute(f"{into.head} VALUES {values}{otherwise}", part)
    elif prepared:
        with connection.cursor() as cursor:
            cursor.executemany(f"{into.head} VALUES {into.one_row}{otherwise}", prepared)


def insert_returning(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> list[int]:
    """Insert rows as `insert_many` and return the keys the database gave, in the order of the rows."""
    into = _Insertion(model, columns)
    prepared = into.prepared(rows)
    keys: list[int] = []
    with connection.cursor() as cursor:
        for start in range(0, len(prepared), AT_ONCE):
            part = prepared[start : start + AT_ONCE]
            values = ", ".join([into.one_row] * len(part))
            cursor.execute(f"{into.head} VALUES {values} RETURNING {_key(model)}", [v for row in part for v in row])
            keys += [key for (key,) in cursor.fetchall()]
    return keys


def update_many(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Update rows by primary key: each row holds the values of `columns`, then the key."""
    fields = _fields(model, columns)
    prepared = _adapted(fields, rows)
    if prepared and connection.vendor == "postgresql":
        _update_together(model, fields, prepared)
    elif prepared:
        sets = ", ".join(f"{_quoted(field)} = %s" for field in fields)
        statement = f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {sets} WHERE {_key(model)} = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)


def _update_together(
    model: type[models.Model], fields: "Sequence[models.Field[Any, Any]]", rows: list[list[Any]]
) -> None:
    """Update by joining with the values: PostgreSQL plans one statement a part, instead of one a row."""
    key = model._meta.pk
    names = [*(_quoted(field) for field in fields), _quoted(key)]
    one_row = f"({', '.join(f'%s::{_type_of(field)}' for field in (*fields, key))})"
    sets = ", ".join(f"{name} = new.{name}" for name in names[:-1])
    table = connection.ops.quote_name(model._meta.db_table)
    for part, values in _parts(rows, one_row):
        _execute(
            f"UPDATE {table} SET {sets} FROM (VALUES {values}) AS new ({', '.join(names)}) "  # noqa: S608
            f"WHERE {table}.{names[-1]} = new.{names[-1]}",
            part,
        )


def _type_of(field: "models.Field[Any, Any]") -> str:
    """Return the type in the database, without its length: a cast would cut silently what the column refuses."""
    return str(field.rel_db_type(connection)).split("(")[0]


def _parts(rows: list[list[Any]], one_row: str) -> Iterator[tuple[list[list[Any]], str]]:
    """Cut rows into parts of one statement each, with the place holders of the part."""
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        yield part, ", ".join([one_row] * len(part))


def _execute(statement: str, rows: list[list[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])


class _Insertion:
    """How rows of some columns go into a table, defaults for the others included."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        self.fields = _fields(model, columns)
        others = [
            f for f in model._meta.concrete_fields if f not in self.fields and not isinstance(f, models.AutoField)
        ]
        self.defaults = [field.get_db_prep_save(field.get_default(), connection) for field in others]
        names = ", ".join(_quoted(field) for field in (*self.fields, *others))
        self.head = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names})"
        self.one_row = f"({', '.join(['%s'] * (len(self.fields) + len(others)))})"

    def prepared(self, rows: Iterable[Row]) -> list[list[Any]]:
        """Return the parameters of each row."""
        return [row + self.defaults for row in _adapted(self.fields, rows)]


def _adapted(fields: "Sequence[models.Field[Any, Any]]", rows: Iterable[Row]) -> list[list[Any]]:
    """Turn values into what the database takes; what stands behind the fields' values is left as it is."""
    adapters = [(place, adapt) for place, field in enumerate(fields) if (adapt := _adapter(field)) is not None]
    prepared = [list(row) for row in rows]
    for row in prepared:
        for place, adapt in adapters:
            row[place] = adapt(row[place])
    return prepared


def _adapter(field: "models.Field[Any, Any]") -> Adapter | None:
    if isinstance(field, models.ForeignKey):
        return _adapter(field.target_field)
    if isinstance(field, _AS_IT_IS):
        return None
    if isinstance(field, models.DateTimeField):
        return cache(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.JSONField):
        return partial(_json, encoder=field.encoder)
    return partial(field.get_db_prep_save, connection=connection)


def _json(value: Any, encoder: Any) -> Any:
    return None if value is None else connection.ops.adapt_json_value(value, encoder)


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
