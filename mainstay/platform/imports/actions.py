"""Take a file in, say how its columns are read, ask for it to be run or undone (A7). `running` does the work."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.imports import mapping as columns
from mainstay.platform.imports import writing
from mainstay.platform.imports.choices import Mode, State
from mainstay.platform.imports.errors import BadImport
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.imports.queries import visible_run
from mainstay.platform.imports.reading import Table
from mainstay.platform.imports.registry import Kind, kind_named
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

KEPT_AT_ONCE = 5_000
PREVIEWED = 20
END = 2**62
UNDO_ROUNDS = 100
"""Rounds of undoing are counted from here, so that they differ from those of importing."""


def take_in(kind: Kind, table: Table, *, file_name: str, at: datetime, by: Actor) -> ImportRun:
    """Keep a file's rows as a draft import, its columns guessed; nothing is written to the kind yet.

    Rows go in by short transactions; a draft without its rows, left by a crash, stays a draft. Raises NotAllowed.
    """
    require(by, kind.permission)
    run = ImportRun.objects.create(
        kind=kind.name,
        file_name=file_name[-200:],
        digest=table.digest,
        size_bytes=table.size_bytes,
        columns=list(table.head),
        mapping=columns.guessed(kind, table.head),
        total=len(table.rows),
        user_id=by.user_id,
        user_name=by.name[:80],
        made_at=at,
    )
    tell(run, "import.take_in", {"file": run.file_name, "sha256": run.digest, "rows": run.total}, at=at, by=by)
    for start in range(0, len(table.rows), KEPT_AT_ONCE):
        part = table.rows[start : start + KEPT_AT_ONCE]
        with transaction.atomic():
            insert_many(ImportRow, ("run_id", "line", "cells"), [(run.pk, line, list(cells)) for line, cells in part])
    return run


def choose_columns(run_id: int, mapping: Mapping[str, str], *, at: datetime, by: Actor) -> ImportRun:
    """Say which column of the file is which of the kind, and keep a preview of what the first rows would do.

    The rows are really written and rolled back: what the preview says is what would happen. Raises BadImport.
    """
    run = _draft(run_id, by=by)
    kind = kind_named(run.kind)
    wanted = {name: column for name, column in mapping.items() if column}
    columns.check(kind, run.columns, wanted)
    run.mapping = wanted
    rows = list(ImportRow.objects.filter(run=run).order_by("line")[:PREVIEWED])
    with transaction.atomic():
        written = writing.written(kind, run, rows, at=at, by=by)
        transaction.set_rollback(True)
    run.preview = [
        {
            "line": row.line,
            "cells": row.cells,
            "outcome": each.outcome,
            "label": each.label,
            "error": each.error.template if each.error else "",
            "values": journal.plain(each.error.values) if each.error else {},
            "before": journal.plain(each.before),
            "after": journal.plain(each.after),
        }
        for row, each in zip(rows, written, strict=True)
    ]
    with transaction.atomic():
        run.save(update_fields=["mapping", "preview"])
        tell(run, "import.columns", {"columns": wanted}, at=at, by=by)
    return run


@transaction.atomic
def ask_for_run(run_id: int, *, mode: str, at: datetime, by: Actor) -> ImportRun:
    """Let a draft be run by the next free worker. Raises BadImport when it is no draft or lacks its key columns."""
    run = _draft(run_id, by=by)
    kind = kind_named(run.kind)
    columns.check(kind, run.columns, run.mapping)
    if mode not in Mode.values:
        raise BadImport(msgid("“{mode}” is no way of importing; use one of {known}."), mode=mode,
                        known=", ".join(Mode.values))  # fmt: skip
    if ImportRow.objects.filter(run=run).count() != run.total:
        raise BadImport(msgid("The file of import {number} was not read to its end; give it again."), number=run.pk)
    _refuse_doubles(run, kind)
    run.mode, run.state, run.started_at = mode, State.WAITING, at
    run.save(update_fields=["mode", "state", "started_at"])
    tell(run, "import.start", {"file": run.file_name, "sha256": run.digest, "rows": run.total, "mode": mode,
                               "columns": run.mapping}, at=at, by=by)  # fmt: skip
    return run


@transaction.atomic
def ask_for_undo(run_id: int, *, at: datetime, by: Actor) -> ImportRun:
    """Let an import be undone by the next free worker; rows changed since are left and named. Raises BadImport."""
    run = visible_run(by, run_id, lock=True)
    require(by, kind_named(run.kind).permission)
    if run.state not in (State.DONE, State.UNDONE, State.FAILED) or run.created + run.updated == run.undone:
        raise BadImport(
            msgid("Import {number} has nothing to undo; only what an import created or changed can be."), number=run.pk
        )
    run.state, run.cursor, run.round = State.UNDOING, END, max(run.round, UNDO_ROUNDS) + 1
    run.undone_by_id, run.undone_by = by.user_id, by.name[:80]
    run.save(update_fields=["state", "cursor", "round", "undone_by_id", "undone_by"])
    tell(run, "import.undo", {"file": run.file_name}, at=at, by=by)
    return run


@transaction.atomic
def discard(run_id: int, *, at: datetime, by: Actor) -> None:
    """Throw a draft away with its rows. Raises BadImport when it has been run: that stays in the list."""
    run = _draft(run_id, by=by)
    tell(run, "import.discard", {"file": run.file_name, "rows": run.total}, at=at, by=by)
    run.delete()


def tell(run: ImportRun, action: str, after: dict[str, object], *, at: datetime, by: Actor) -> None:
    """Write the audit entry of an import itself, in the caller's transaction."""
    journal.record(action, [Change("import", run.pk, f"{run.kind} {run.file_name}"[-160:], None, after)], at=at, by=by)


def _draft(run_id: int, *, by: Actor) -> ImportRun:
    run = visible_run(by, run_id)
    require(by, kind_named(run.kind).permission)
    if run.state != State.DRAFT:
        raise BadImport(
            msgid("Import {number} has been started already; its columns stay as they were chosen."), number=run.pk
        )
    return run


def _refuse_doubles(run: ImportRun, kind: Kind) -> None:
    """Refuse each row that means the same object as an earlier one: which of them counts nobody could say."""
    places = [run.columns.index(name) for name in writing.in_key_order(run, kind)]
    first: dict[tuple[str, ...], int] = {}
    doubles: list[tuple[int, MainstayError]] = []
    rows = ImportRow.objects.filter(run=run).order_by("line").values_list("pk", "line", "cells")
    for pk, line, cells in rows.iterator(chunk_size=5_000):
        key = tuple(cells[place] for place in places)
        if first.setdefault(key, line) != line and any(key):
            doubles.append((pk, _double(first[key], key)))
    _write_doubles(run, doubles)


def _double(line: int, key: Sequence[str]) -> BadImport:
    return BadImport(
        msgid("“{key}” stands on line {line} already; give each object in one row."), key=" · ".join(key), line=line
    )


def _write_doubles(run: ImportRun, doubles: list[tuple[int, MainstayError]]) -> None:
    writing.keep_refusals(doubles)
    run.refused = len(doubles)
    run.save(update_fields=["refused"])
