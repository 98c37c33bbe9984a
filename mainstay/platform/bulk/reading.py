"""Read millions of rows of whole numbers straight into arrays: binary COPY on PostgreSQL, chunks on SQLite."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from django.db import connection
from numpy.typing import NDArray

AT_ONCE = 100_000
"""Rows turned into arrays at a time: millions of them as Python's numbers would fill a gigabyte."""
_HEADER = 19
"""PostgreSQL's binary format: signature, flags, no extension; then row by row, then -1 in two bytes."""

Column = NDArray[np.int64]


def table(sql: str, widths: Sequence[int]) -> tuple[Column, ...]:
    """Return all rows of a query as one array for each column; see `chunks`."""
    parts = list(chunks(sql, widths))
    if not parts:
        return tuple(np.empty(0, np.int64) for _ in widths)
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def chunks(sql: str, widths: Sequence[int]) -> Iterator[tuple[Column, ...]]:
    """Give the rows of a query, in its order, as arrays by column.

    `sql` has no parameters and gives whole numbers, none of them NULL. `widths`: bytes of each column's type on
    PostgreSQL (smallint 2, integer 4, bigint 8); a wrong one raises ValueError there.
    """
    yield from _copied(sql, widths) if connection.vendor == "postgresql" else _fetched(sql, len(widths))


def _fetched(sql: str, columns: int) -> Iterator[tuple[Column, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(AT_ONCE):
            flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * columns).reshape(-1, columns)
            yield tuple(flat[:, column] for column in range(columns))


def _copied(sql: str, widths: Sequence[int]) -> Iterator[tuple[Column, ...]]:
    row = np.dtype(
        [("fields", ">i2"), *(spec for n, w in enumerate(widths) for spec in ((f"w{n}", ">i4"), (f"v{n}", f">i{w}")))]
    )
    held, skipped, ended = bytearray(), False, False
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)") as copy:
        for part in copy:
            held += part
            if not skipped and len(held) >= _HEADER:
                skipped = True
                del held[:_HEADER]
            if len(held) >= AT_ONCE * row.itemsize:
                whole = len(held) // row.itemsize
                yield _columns(bytes(held[: whole * row.itemsize]), row, widths)
                del held[: whole * row.itemsize]
        ended = bytes(held[-2:]) == b"\xff\xff"
    if not ended or (len(held) - 2) % row.itemsize:
        raise ValueError(f"rows of {row.itemsize} bytes do not fit the answer to {sql}")
    if len(held) > 2:
        yield _columns(bytes(held[:-2]), row, widths)


def _columns(raw: bytes, row: np.dtype[np.void], widths: Sequence[int]) -> tuple[Column, ...]:
    found = np.frombuffer(raw, row)
    if any(np.any(found[f"w{n}"] != width) for n, width in enumerate(widths)) or np.any(found["fields"] != len(widths)):
        raise ValueError(f"columns are not {', '.join(map(str, widths))} bytes wide, or hold NULL")
    return tuple(found[f"v{n}"].astype(np.int64) for n in range(len(widths)))
