"""Turn kept rows into written objects, and keep what became of each; shared by preview, run and rounds (A7)."""

import logging
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from django.db import DatabaseError, OperationalError, transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import update_many
from mainstay.platform.imports import origin
from mainstay.platform.imports.cells import read_row
from mainstay.platform.imports.errors import BadCell
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.imports.registry import Given, Kind, Written, refused
from mainstay.platform.journal.actions import plain

log = logging.getLogger(__name__)

LAST_ROUND = 30_000
"""The round of rows that no further round can mend."""
_KEPT = ("outcome", "round", "object_kind", "object_id", "label", "error", "error_values", "before", "after")


def in_key_order(run: ImportRun, kind: Kind) -> list[str]:
    """Return the columns of the file that say which object a row means, in the order of the kind's key."""
    turned = {column: name for name, column in run.mapping.items()}
    return [turned[name] for name in kind.key if name in turned]


def doubles(run: ImportRun, kind: Kind) -> Iterator[tuple[int, MainstayError]]:
    """Give the rows (their keys) that mean the same object as an earlier one, each with its error.

    Holds eight bytes a row, and the keys that come twice; the rows are read twice where there are any.
    """
    twice = _twice(array("q", (hash(key) for _pk, _line, key in _keys(run, kind))))
    if not twice:
        return
    first: dict[tuple[str, ...], int] = {}
    for pk, line, key in _keys(run, kind):
        if hash(key) in twice and first.setdefault(key, line) != line:
            yield pk, BadCell(msgid("“{key}” stands on line {line} already; give each object in one row."),
                              key=" · ".join(key), line=first[key])  # fmt: skip


def _keys(run: ImportRun, kind: Kind) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Give each row's own key, line, and what says which object it means, where it says so."""
    places = [run.columns.index(name) for name in in_key_order(run, kind)]
    rows = ImportRow.objects.filter(run=run).order_by("line").values_list("pk", "line", "cells")
    for pk, line, cells in rows.iterator(chunk_size=2_000):
        key = tuple([cells[place].strip() for place in places])
        if any(key):
            yield pk, line, key


def _twice(hashes: "array[int]") -> set[int]:
    """Return the hashes that occur more than once."""
    ordered = sorted(hashes)
    return {one for one, other in pairwise(ordered) if one == other}


def written(kind: Kind, run: ImportRun, rows: Sequence[ImportRow], *, at: datetime, by: Actor) -> list[Written]:
    """Write rows in the caller's transaction; return what became of each, in order.

    A row that the database itself refuses spoils no other: the rows are then written one by one.
    """
    found: dict[int, Written] = {}
    good: list[Given] = []
    for row in rows:
        try:
            good.append(Given(row.line, read_row(kind, _named(run, row))))
        except BadCell as error:
            found[row.line] = refused(error)
    for given, each in zip(good, _write(kind, good, at=at, by=by), strict=True):
        found[given.line] = each
    return [found[row.line] for row in rows]


def keep(rows: Sequence[ImportRow], outcomes: Sequence[Written], *, round_number: int) -> None:
    """Keep what became of rows, in the caller's transaction."""
    update_many(
        ImportRow,
        _KEPT,
        [(*_columns(each, round_number), row.pk) for row, each in zip(rows, outcomes, strict=True)],
    )


def keep_refusals(refusals: Iterable[tuple[int, MainstayError]], *, round_number: int = LAST_ROUND) -> None:
    """Keep that rows (their keys) were refused, in the caller's transaction."""
    update_many(ImportRow, _KEPT, [(*_columns(refused(error), round_number), pk) for pk, error in refusals])


def _columns(each: Written, round_number: int) -> tuple[object, ...]:
    mendable = not isinstance(each.error, BadCell)
    return (
        each.outcome, round_number if mendable else LAST_ROUND, each.object_kind, each.object_id, each.label[:160],
        each.error.template[:400] if each.error else "", plain(each.error.values) if each.error else None,
        plain(each.before), plain(each.after),
    )  # fmt: skip


def _named(run: ImportRun, row: ImportRow) -> dict[str, str]:
    cells = dict(zip(run.columns, row.cells, strict=True))
    return {column: _bare(cells[name].strip()) for name, column in run.mapping.items()}


def _bare(cell: str) -> str:
    """Take away the apostrophe that an export puts before what a spreadsheet would take for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _write(kind: Kind, rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    if not rows:
        return []
    try:
        with transaction.atomic():
            return _kept(kind, rows, kind.write(rows, at=at, by=by))
    except OperationalError:
        raise
    except DatabaseError:
        log.exception("Rows %s to %s of %s failed together; trying one by one.", rows[0].line, rows[-1].line, kind.name)
    return [_write_alone(kind, row, at=at, by=by) for row in rows]


def _kept(kind: Kind, rows: Sequence[Given], done: list[Written]) -> list[Written]:
    if kind.origin:
        origin.keep(rows, done)
    return done


def _write_alone(kind: Kind, row: Given, *, at: datetime, by: Actor) -> Written:
    try:
        with transaction.atomic():
            return _kept(kind, [row], kind.write([row], at=at, by=by))[0]
    except OperationalError:
        raise
    except DatabaseError as error:
        return refused(
            BadCell(msgid("The database does not take this row ({why}); correct it."), why=str(error).splitlines()[0])
        )
