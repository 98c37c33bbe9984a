"""Updates many rows of one table at once: one prepared statement, many sets of values."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def update_many(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Update rows by primary key: each row holds the values of `columns` (as `cause_id`), then the key."""
    options = model._meta
    fields = [next(f for f in options.concrete_fields if f.attname == name) for name in columns]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    prepared = [
        [*(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=False)), row[-1]]
        for row in rows
    ]
    if prepared:
        statement = f"UPDATE {quote(options.db_table)} SET {sets} WHERE {quote(options.pk.column)} = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)
