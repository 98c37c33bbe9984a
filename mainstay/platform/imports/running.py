"""Run and undo imports part by part. What was done is in the rows: after a crash the next worker goes on (A7).

With good rows only, each part of CHUNK rows is one short transaction. All or nothing is one long transaction: on
SQLite nobody else writes meanwhile.
"""

import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db import OperationalError, transaction

from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import MainstayError
from mainstay.platform.bulk.rows import update_many
from mainstay.platform.identity.queries import actor_of, user_by_id
from mainstay.platform.imports import undoing, writing
from mainstay.platform.imports.actions import ask_for_run, tell
from mainstay.platform.imports.choices import Mode, Outcome, State
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.imports.registry import Kind, Written, kind_named
from mainstay.platform.imports.undoing import part_size

log = logging.getLogger(__name__)

CHUNK = 500
MOST_ROUNDS = 20
ACTIVE = (State.WAITING, State.RUNNING, State.UNDOING)


def next_active() -> int | None:
    """Return the oldest import that is to be run or undone."""
    return ImportRun.objects.filter(state__in=ACTIVE).order_by("id").values_list("pk", flat=True).first()


def advance(run_id: int, *, at: datetime) -> bool:
    """Do the next part of an import, as the person who asked for it; say whether there may be more to do.

    What fails unexpectedly stops the import with the reason; the parts before it stay, and can be undone.
    """
    try:
        _refuse_doubles(run_id)
        return _advance(run_id, at=at)
    except OperationalError:
        raise
    except MainstayError as error:
        _stop(run_id, str(error), at=at)
    except Exception as error:
        log.exception("Import %s stopped.", run_id)
        _stop(run_id, f"{type(error).__name__}: {error}", at=at)
    return False


def asker(run: ImportRun) -> Actor:
    """Return the actor an import runs as: who asked for it, with what they may do today."""
    user_id = run.undone_by_id if run.state == State.UNDOING else run.user_id
    user = user_by_id(user_id) if user_id is not None else None
    name = run.undone_by if run.state == State.UNDOING else run.user_name
    actor = actor_of(user) if user is not None else system(name)
    return replace(actor, request_id=f"import-{run.pk}", why=f"import {run.pk}: {run.file_name}")


@transaction.atomic
def _advance(run_id: int, *, at: datetime) -> bool:
    run = ImportRun.objects.select_for_update(skip_locked=True).filter(pk=run_id, state__in=ACTIVE).first()
    if run is None:
        return False
    job = _Job(run, kind_named(run.kind), asker(run), at)
    if run.state == State.UNDOING:
        return undoing.undo_part(run, job.kind, at=at, by=job.by)
    if run.mode == Mode.ALL_OR_NOTHING:
        _at_once(job)
        return False
    return _part(job)


def try_out(run_id: int, *, at: datetime, by: Actor) -> None:
    """Write a draft's rows, keep what would become of them, and take everything back: one long transaction."""
    ask_for_run(run_id, mode=Mode.GOOD_ROWS, at=at, by=by)
    _refuse_doubles(run_id)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        job = _Job(run, kind_named(run.kind), asker(run), at)
        while _part(job):
            pass
        columns = ("outcome", "round", "error", "error_values", "label")
        judged = ImportRow.objects.filter(run=run).only("pk", *columns)
        told = [(*(getattr(row, name) for name in columns), row.pk) for row in judged]
        transaction.set_rollback(True)
    with transaction.atomic():
        update_many(ImportRow, columns, told)
        run.state, run.ended_at, run.started_at = State.DRAFT, None, None
        run.save()


def _refuse_doubles(run_id: int) -> None:
    """Before an import begins, refuse each row that means the same object as an earlier one: nobody could say which."""
    run = ImportRun.objects.filter(pk=run_id, state=State.WAITING).first()
    if run is None:
        return
    refused = 0
    found = writing.doubles(run, kind_named(run.kind))
    while part := list(islice(found, part_size(CHUNK))):
        with transaction.atomic():
            writing.keep_refusals(part)
        refused += len(part)
    ImportRun.objects.filter(pk=run_id, state=State.WAITING).update(refused=refused)


class _Job(NamedTuple):
    """An import at work."""

    run: ImportRun
    kind: Kind
    by: Actor
    at: datetime


def _part(job: _Job) -> bool:
    """Write the next rows of this round; begin another round, or end, when there are none."""
    run = job.run
    rows = _next_rows(run)
    if not rows:
        if not _another_round(run):
            _end(job, State.DONE)
            return False
        run.round, run.cursor = run.round + 1, 0
    else:
        outcomes = writing.written(job.kind, run, rows, at=job.at, by=job.by)
        writing.keep(rows, outcomes, round_number=run.round)
        _count(run, rows, outcomes)
        run.cursor = rows[-1].line
    run.state = State.RUNNING
    run.save(update_fields=["state", "round", "cursor", *_COUNTED])
    return True


def _at_once(job: _Job) -> None:
    """Write all rows, or none and keep why."""
    kept = transaction.savepoint()
    run = job.run
    while _part(job):
        pass
    if not run.refused:
        transaction.savepoint_commit(kept)
        return
    refusals = list(ImportRow.objects.filter(run=run, outcome=Outcome.REFUSED))
    transaction.savepoint_rollback(kept)
    columns = ("outcome", "round", "error", "error_values")
    update_many(ImportRow, columns, [(*(getattr(row, n) for n in columns), row.pk) for row in refusals])
    run.created = run.updated = run.unchanged = 0
    _end(job, State.REFUSED)


def _next_rows(run: ImportRun) -> list[ImportRow]:
    """Return the next rows of this round. In the first nearly all are due: they are read by their lines alone.

    A database that looked for waiting rows would sort all that are left, part after part.
    """
    if run.round > 1:
        rows = ImportRow.objects.filter(run=run, line__gt=run.cursor, round__lt=run.round)
        return list(rows.filter(outcome__in=(Outcome.WAITING, Outcome.REFUSED)).order_by("line")[: part_size(CHUNK)])
    cursor = run.cursor
    while read := list(ImportRow.objects.filter(run=run, line__gt=cursor).order_by("line")[: part_size(CHUNK)]):
        if due := [row for row in read if row.round < run.round]:
            return due
        cursor = read[-1].line
    return []


def _another_round(run: ImportRun) -> bool:
    """Say whether refused rows may succeed now: what they refer to may have come later in the file."""
    judged = ImportRow.objects.filter(run=run, round=run.round)
    return (
        run.round < MOST_ROUNDS
        and judged.filter(outcome=Outcome.REFUSED).exists()
        and judged.exclude(outcome=Outcome.REFUSED).exists()
    )


_COUNTED = ("created", "updated", "unchanged", "refused")


def _count(run: ImportRun, rows: list[ImportRow], outcomes: list[Written]) -> None:
    counted = Counter(each.outcome for each in outcomes)
    counted.subtract(row.outcome for row in rows)
    for name in _COUNTED:
        setattr(run, name, getattr(run, name) + counted[Outcome(name)])


def _end(job: _Job, state: State) -> None:
    run = job.run
    run.state, run.ended_at = state, job.at
    run.save()
    tell(run, "import.end", {"state": state, **{name: getattr(run, name) for name in _COUNTED}}, at=job.at, by=job.by)


@transaction.atomic
def _stop(run_id: int, why: str, *, at: datetime) -> None:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    run.state, run.ended_at, run.problem = State.FAILED, at, why[:400]
    run.save(update_fields=["state", "ended_at", "problem"])
    tell(run, "import.stop", {"why": run.problem}, at=at, by=asker(run))
