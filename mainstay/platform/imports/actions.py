"""Take a file in, say how its columns are read, ask for it to be run or undone (A7). `running` does the work."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import islice

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
from mainstay.platform.imports.queries import visible_run, visible_to
from mainstay.platform.imports.reading import MOST_COLUMNS, Table
from mainstay.platform.imports.registry import Kind, Written, kind_named
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

KEPT_AT_ONCE = 1_000
TRIED, PREVIEWED = 100, 20
"""Rows that a preview tries, and those it shows."""
END = 2**62
UNDO_ROUNDS = 100
"""Rounds of undoing are counted from here, so that they differ from those of importing."""


def take_in(kind: Kind, table: Table, *, file_name: str, at: datetime, by: Actor) -> ImportRun:
    """Keep a file's rows as a draft import, its columns guessed; nothing is written to the kind yet.

    Columns that an earlier import added to its bad rows are left out, and say which import the file mends. Of a file
    wider than MOST_COLUMNS only the columns that the kind knows are kept. Rows go in by short transactions: a draft
    left by a crash stays "being read". Raises NotAllowed, BadImport, BadFile, BadCsv; then nothing is kept.
    """
    require(by, kind.permission)
    table, mended = _own_columns(kind, table, by=by)
    run = ImportRun.objects.create(
        kind=kind.name,
        state=State.READING,
        file_name=file_name[-200:],
        digest=table.digest,
        size_bytes=table.size_bytes,
        columns=list(table.head),
        mapping=columns.remembered(kind, table.head) or columns.guessed(kind, table.head),
        mends=mended,
        total=0,
        user_id=by.user_id,
        user_name=by.name[:80],
        made_at=at,
    )
    try:
        _keep_rows(run, table)
    except MainstayError:
        _drop_rows(run)
        run.delete()
        raise
    with transaction.atomic():
        run.state = State.DRAFT
        run.save(update_fields=["state"])
        told: dict[str, object] = {"file": run.file_name, "sha256": run.digest, "rows": run.total}
        told |= {"left_out": table.left_out} if table.left_out else {}
        told |= {"mends": mended.pk} if mended else {}
        tell(run, "import.take_in", told, at=at, by=by)
    return run


def _own_columns(kind: Kind, table: Table, *, by: Actor) -> tuple[Table, ImportRun | None]:
    """Return the table with the columns that may mean something, and the import whose bad rows it holds."""
    added = {name: number for name in table.head if (number := columns.added_by(name)) is not None}
    names = [name for name in table.head if name not in added]
    if len(names) > MOST_COLUMNS:
        known = columns.guessed(kind, names)
        columns.check(kind, names, known)
        names = list(known)
    mended = visible_to(by).filter(pk__in=added.values(), kind=kind.name).first()
    return (table if len(names) == len(table.head) else table.only(names)), mended


def _keep_rows(run: ImportRun, table: Table) -> None:
    rows = iter(table.rows)
    while part := list(islice(rows, KEPT_AT_ONCE)):
        run.total += len(part)
        with transaction.atomic():
            insert_many(ImportRow, ("run_id", "line", "cells"), [(run.pk, line, list(cells)) for line, cells in part])
            run.save(update_fields=["total"])


def _drop_rows(run: ImportRun) -> None:
    """Delete the rows of a draft by short transactions."""
    rows = ImportRow.objects.filter(run=run).order_by("line")
    while (first := rows.values_list("line", flat=True).first()) is not None:
        ImportRow.objects.filter(run=run, line__lt=first + KEPT_AT_ONCE).delete()


def choose_columns(run_id: int, mapping: Mapping[str, str], *, at: datetime, by: Actor) -> ImportRun:
    """Say which column of the file is which of the kind, and keep a preview of what the first rows would do.

    The rows are really written and rolled back: what the preview says is what would happen. Raises BadImport.
    """
    run = _draft(run_id, by=by)
    kind = kind_named(run.kind)
    wanted = {name: column for name, column in mapping.items() if column}
    columns.check(kind, run.columns, wanted)
    run.mapping = wanted
    rows = list(ImportRow.objects.filter(run=run).order_by("line")[:TRIED])
    with transaction.atomic():
        written = writing.written(kind, run, rows, at=at, by=by)
        transaction.set_rollback(True)
    run.preview = _previewed(list(zip(rows, written, strict=True)))
    with transaction.atomic():
        run.save(update_fields=["mapping", "preview"])
        tell(run, "import.columns", {"columns": wanted}, at=at, by=by)
    return run


def _previewed(tried: list[tuple[ImportRow, Written]]) -> dict[str, object]:
    """Keep the first rows of those tried, bad ones before good ones, in the order of the file; and how many of each."""
    counted = Counter(each.outcome for _row, each in tried)
    shown = sorted(tried, key=lambda pair: pair[1].error is None)[:PREVIEWED]
    rows = [
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
        for row, each in sorted(shown, key=lambda pair: pair[0].line)
    ]
    return {"tried": len(tried), **counted, "rows": rows}


@transaction.atomic
def ask_for_run(run_id: int, *, mode: str, at: datetime, by: Actor) -> ImportRun:
    """Let a draft be run by the next free worker. Raises BadImport when it is no draft or lacks its key columns."""
    run = _draft(run_id, by=by)
    kind = kind_named(run.kind)
    columns.check(kind, run.columns, run.mapping)
    if mode not in Mode.values:
        raise BadImport(msgid("“{mode}” is no way of importing; use one of {known}."), mode=mode,
                        known=", ".join(Mode.values))  # fmt: skip
    run.mode, run.state, run.started_at = mode, State.WAITING, at
    run.save(update_fields=["mode", "state", "started_at"])
    told = {"file": run.file_name, "sha256": run.digest, "rows": run.total, "mode": mode, "columns": run.mapping}
    tell(run, "import.start", told | ({"mends": run.mends_id} if run.mends_id else {}), at=at, by=by)
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


def discard(run_id: int, *, at: datetime, by: Actor) -> None:
    """Throw a draft away with its rows. Raises BadImport when it has been run: that stays in the list."""
    run = _draft(run_id, by=by, whole=False)
    ImportRun.objects.filter(pk=run.pk).update(state=State.READING)
    _drop_rows(run)
    with transaction.atomic():
        tell(run, "import.discard", {"file": run.file_name, "rows": run.total}, at=at, by=by)
        run.delete()


def tell(run: ImportRun, action: str, after: dict[str, object], *, at: datetime, by: Actor) -> None:
    """Write the audit entry of an import itself, in the caller's transaction."""
    journal.record(action, [Change("import", run.pk, f"{run.kind} {run.file_name}"[-160:], None, after)], at=at, by=by)


def _draft(run_id: int, *, by: Actor, whole: bool = True) -> ImportRun:
    run = visible_run(by, run_id)
    require(by, kind_named(run.kind).permission)
    if run.state == State.READING and whole:
        raise BadImport(
            msgid("The file of import {number} is still being read, or was not read to its end; wait, or discard it "
                  "and give it again."), number=run.pk,
        )  # fmt: skip
    if run.state not in (State.DRAFT, State.READING):
        raise BadImport(
            msgid("Import {number} has been started already; its columns stay as they were chosen."), number=run.pk
        )
    return run
