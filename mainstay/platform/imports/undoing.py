"""Undo an import part by part, newest rows first; what somebody changed since is left alone and named (A7)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import update_many
from mainstay.platform.imports import origin
from mainstay.platform.imports.actions import END, tell
from mainstay.platform.imports.changing import by_halves
from mainstay.platform.imports.choices import Outcome, State
from mainstay.platform.imports.errors import BadImport
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.imports.registry import Kind, Taken
from mainstay.platform.journal.actions import plain
from mainstay.platform.journal.models import Entry

CHUNK = 500
TAKEN = (Outcome.CREATED, Outcome.UPDATED)
CHUNK_ALONE = 150
"""Rows of a part where one writer at a time may write (SQLite): the lock is held for some 50 ms."""


def part_size(most: int) -> int:
    """Return how many rows one transaction takes."""
    return min(most, CHUNK_ALONE) if connection.vendor == "sqlite" else most


def undo_part(run: ImportRun, kind: Kind, *, at: datetime, by: Actor) -> bool:
    """Undo the next rows of a run in state UNDOING; say whether there is more. In the caller's transaction."""
    rows = _next_rows(run)
    if not rows and not _another_round(run):
        run.state, run.undone_at = State.UNDONE, at
        run.save(update_fields=["state", "undone_at"])
        left = run.created + run.updated - run.undone
        tell(run, "import.undone", {"undone": run.undone, "left": left}, at=at, by=by)
        return False
    if not rows:
        run.round, run.cursor = run.round + 1, END
    else:
        errors = _taken_back(kind, rows, at=at, by=by)
        _keep(run, rows, errors)
        run.cursor = rows[-1].line
    run.save(update_fields=["round", "cursor", "undone"])
    return True


def _next_rows(run: ImportRun) -> list[ImportRow]:
    """Return the next rows, the last first, read by their lines alone: nearly all are due."""
    cursor = run.cursor
    while read := list(ImportRow.objects.filter(run=run, line__lt=cursor).order_by("-line")[: part_size(CHUNK)]):
        if due := [row for row in read if row.outcome in TAKEN and not row.undone and row.round < run.round]:
            return due
        cursor = read[-1].line
    return []


def _another_round(run: ImportRun) -> bool:
    """Say whether rows that were left may be undone now that others are: a parent after its parts."""
    judged = ImportRow.objects.filter(run=run, round=run.round)
    return judged.filter(undone=True).exists() and judged.filter(undone=False).exists()


def _taken_back(kind: Kind, rows: Sequence[ImportRow], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    later = _changed_since(rows, by.request_id)
    errors: dict[int, MainstayError | None] = {row.pk: later.get((row.object_kind, row.object_id)) for row in rows}
    free = [row for row in rows if errors[row.pk] is None]
    if free:
        given = [
            Taken(row.object_kind, row.object_id or 0, row.label, row.outcome == Outcome.CREATED, row.before, row.after)
            for row in free
        ]
        done = by_halves(given, lambda part: kind.take_back(part, at=at, by=by))
        if kind.origin:
            origin.forget(kind.origin, [t.object_id for t, e in zip(given, done, strict=True) if t.created and not e])
        for row, error in zip(free, done, strict=True):
            errors[row.pk] = error
    return [errors[row.pk] for row in rows]


def _changed_since(rows: Sequence[ImportRow], own: str) -> dict[tuple[str, int | None], MainstayError]:
    """Say of which objects the newest entry in the audit trail is not of this import, by whom and when (2 queries).

    What another import did and took back again does not count.
    """
    kinds = {row.object_kind for row in rows}
    ids = {row.object_id for row in rows if row.object_id is not None}
    entries = Entry.objects.filter(object_kind__in=kinds, object_id__in=[str(pk) for pk in ids]).order_by("id")
    columns = ("object_kind", "object_id", "request_id", "actor_name", "at", "object_label")
    told = [(kind, int(pk), *rest) for kind, pk, *rest in entries.values_list(*columns)]
    back = _taken_back_by({request for _kind, _pk, request, *_rest in told} - {own}, ids)
    newest = {(kind, pk): rest for kind, pk, *rest in told if (rest[0], kind, pk) not in back}
    return {
        what: BadImport(
            msgid("{label} was changed by {who} on {day} after the import; it is left as it is now."),
            label=label, who=who, day=at.date(),
        )
        for what, (request, who, at, label) in newest.items()
        if request != own
    }  # fmt: skip


def _taken_back_by(requests: Iterable[str], ids: Iterable[int]) -> set[tuple[str, str, int]]:
    """Return (request, kind, key) of what other imports did to these objects and took back."""
    numbers = [
        int(number) for each in requests if (number := each.removeprefix("import-")) != each and number.isdecimal()
    ]
    if not numbers:
        return set()
    rows = ImportRow.objects.filter(run__in=numbers, object_id__in=list(ids), outcome__in=TAKEN)
    done = rows.values_list("run_id", "object_kind", "object_id", "undone")
    left = {(f"import-{run}", kind, pk) for run, kind, pk, undone in done if not undone}
    return {(f"import-{run}", kind, pk) for run, kind, pk, _undone in done if pk is not None} - left


def _keep(run: ImportRun, rows: Sequence[ImportRow], errors: Sequence[MainstayError | None]) -> None:
    update_many(
        ImportRow,
        ("undone", "round", "error", "error_values"),
        [
            (error is None, run.round, error.template if error else "", plain(error.values) if error else None, row.pk)
            for row, error in zip(rows, errors, strict=True)
        ],
    )
    run.undone += errors.count(None)
