"""Take exports in, run them, hold and release them (E3). A run goes on after a crash: it compares anew."""

import gc
import hashlib
import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import Q

from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import MainstayError, msgid
from mainstay.network.reconciliation.choices import ACTIVE_RUNS, LARGEST_EXPORT, RunState
from mainstay.network.reconciliation.comparing import Compared, compare_run
from mainstay.network.reconciliation.errors import BadRun
from mainstay.network.reconciliation.models import BadLine, FilePart, SyncRun, SyncSource
from mainstay.network.reconciliation.queries.sources import visible_run, visible_source
from mainstay.network.reconciliation.writing import Writer, parts
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports.reading import refuse_large
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, plain

log = logging.getLogger(__name__)

PIECE = 256 * 1024
LEASE = timedelta(seconds=120)
KEPT_FILES = 10
"""Files of so many runs are kept per source."""
MOST_BAD_KEPT = 10_000
SAMPLED = 200


def take_in(
    source_id: int, raw: bytes, *, file_name: str, file_at: datetime, dry_run: bool = False, at: datetime, by: Actor
) -> SyncRun:
    """Take an export in, to be run by the next free worker; `dry_run`: only to say what would happen.

    Raises NotAllowed, NoSuchSource, BadFile (too large), BadRun (the source is switched off).
    """
    require(by, Permission.WRITE_INVENTORY)
    source = visible_source(by, source_id)
    if not source.active:
        raise BadRun(msgid("Source {name} is switched off; switch it on in its settings first."), name=source.name)
    refuse_large(len(raw), most=LARGEST_EXPORT)
    with transaction.atomic():
        run = SyncRun.objects.create(
            source=source, dry_run=dry_run, file_name=file_name[-200:], digest=hashlib.sha256(raw).hexdigest(),
            size_bytes=len(raw), file_at=file_at, asked_by_id=by.user_id, asked_by=by.name[:80], made_at=at,
        )  # fmt: skip
        told = {"file": run.file_name, "sha256": run.digest, "bytes": run.size_bytes, "dry_run": dry_run}
        tell(run, "sync.take_in", told, at=at, by=by)
    for start in range(0, len(raw), PIECE):
        with transaction.atomic():
            FilePart.objects.create(run=run, position=start // PIECE, content=zlib.compress(raw[start : start + PIECE]))
    run.complete = True
    run.save(update_fields=["complete"])
    return run


def next_active(at: datetime) -> int | None:
    """Return the oldest run that can go on now: complete, and nobody at work on its source."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    busy = SyncRun.objects.filter(state=RunState.RUNNING, lease_until__gte=at).values("source")
    rows = SyncRun.objects.filter(free, state__in=ACTIVE_RUNS, complete=True).exclude(source__in=busy)
    return rows.order_by("id").values_list("pk", flat=True).first()


def advance(run_id: int, *, clock: Callable[[], datetime]) -> bool:
    """Run one export to its end, or to where it is held; return False when another worker is at it.

    What is wrong with the file, or fails unexpectedly, stops the run with the reason; what was written stays.
    """
    at = clock()
    if not _claim(run_id, at):
        return False
    run = SyncRun.objects.select_related("source").get(pk=run_id)
    try:
        _run(run, clock)
    except OperationalError:
        raise
    except MainstayError as error:
        _stop(run, error.template, plain(error.values), at=clock())
    except Exception as error:
        log.exception("Sync run %s stopped.", run_id)
        _stop(run, "{what}", {"what": f"{type(error).__name__}: {error}"[:300]}, at=clock())
    return True


def _claim(run_id: int, at: datetime) -> bool:
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    claimed = SyncRun.objects.filter(free, pk=run_id, state__in=ACTIVE_RUNS, complete=True)
    return bool(claimed.update(lease_until=at + LEASE, state=RunState.RUNNING, started_at=at))


def _run(run: SyncRun, clock: Callable[[], datetime]) -> None:
    with _without_pauses():
        _compare_and_write(run, clock)


@contextmanager
def _without_pauses() -> Iterator[None]:
    """Let the collector rest meanwhile: walking millions of values takes half a second, amid a write too."""
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()


def _compare_and_write(run: SyncRun, clock: Callable[[], datetime]) -> None:
    found = compare_run(run)
    _keep_reading(run, found, clock)
    if run.dry_run:
        _end(run, RunState.TRIED, found.counts, at=clock())
        return
    if found.held and not run.released:
        run.held_because = found.held
        _end(run, RunState.HELD, found.counts, at=clock())
        return
    at = clock()
    by = replace(system(f"sync {run.source.code}"), request_id=f"sync-{run.pk}", why=f"sync {run.pk}: {run.file_name}")

    def beat() -> None:
        SyncRun.objects.filter(pk=run.pk).update(lease_until=clock() + LEASE)

    tally = Writer(run, found, at, by, beat).write()
    _end(run, RunState.DONE, found.counts | tally, at=clock())


def _keep_reading(run: SyncRun, found: Compared, clock: Callable[[], datetime]) -> None:
    """Keep the bad rows, and what of the plan a page shows."""
    BadLine.objects.filter(run=run).delete()
    rows = [
        (run.pk, line, list(cells), error.template[:400], plain(error.values))
        for line, cells, error in found.export.bad[:MOST_BAD_KEPT]
    ]
    for part in parts(rows, 500):
        with transaction.atomic():
            insert_many(BadLine, ("run_id", "line", "cells", "error", "error_values"), part)
    run.total, run.bad, run.head = found.export.total, len(found.export.bad), list(found.export.head)
    run.lease_until = clock() + LEASE
    shown = [each for each in found.plan if each.todo != "quiet"][:SAMPLED]
    run.sample = [
        plain({"code": each.code or each.finding.key, "field": each.finding.field, "kind": each.finding.kind.value,
               "todo": each.todo, "verdict": each.verdict.value, "theirs": each.finding.theirs,
               "ours": each.finding.ours, "label": each.plain.label if each.plain else ""})
        for each in shown
    ]  # fmt: skip


@transaction.atomic
def _end(run: SyncRun, state: RunState, counts: dict[str, int], *, at: datetime) -> None:
    run.state, run.counts, run.ended_at, run.lease_until = state, counts, at, None
    run.save()
    by = system(f"sync {run.source.code}", request_id=f"sync-{run.pk}")
    tell(run, "sync.end", {"state": state.value, **counts}, at=at, by=by)
    if state == RunState.DONE:
        source = run.source
        newest = max(filter(None, (source.last_file_at, run.file_at)))
        SyncSource.objects.filter(pk=source.pk).update(last_file_at=newest, last_digest=run.digest)
        older = SyncRun.objects.filter(source=source, state=RunState.HELD, pk__lt=run.pk)
        older.update(state=RunState.REJECTED, decided_by=by.name, decided_why="a newer export took its place")
        kept = SyncRun.objects.filter(source=source).order_by("-id").values_list("pk", flat=True)[:KEPT_FILES]
        FilePart.objects.filter(run__source=source).exclude(run__in=list(kept)).delete()


@transaction.atomic
def _stop(run: SyncRun, template: str, values: dict[str, object], *, at: datetime) -> None:
    SyncRun.objects.filter(pk=run.pk).update(
        state=RunState.FAILED, problem=template[:400], problem_values=values, ended_at=at, lease_until=None
    )
    by = system(f"sync {run.source.code}", request_id=f"sync-{run.pk}")
    tell(run, "sync.stop", {"why": template.format(**values)[:400] if values else template}, at=at, by=by)


@transaction.atomic
def release(run_id: int, why: str, *, at: datetime, by: Actor) -> SyncRun:
    """Let a held run go on although much would vanish or change. Raises BadRun unless it is held, with a reason."""
    run = _held(run_id, why, by=by)
    run.state, run.released = RunState.WAITING, True
    return _decided(run, "sync.release", why, at=at, by=by)


@transaction.atomic
def reject(run_id: int, why: str, *, at: datetime, by: Actor) -> SyncRun:
    """Throw a held export away: nothing of it is written. Raises BadRun unless it is held, with a reason."""
    run = _held(run_id, why, by=by)
    run.state = RunState.REJECTED
    return _decided(run, "sync.reject", why, at=at, by=by)


@transaction.atomic
def run_for_real(run_id: int, *, at: datetime, by: Actor) -> SyncRun:
    """Let an export that was tried out be taken over. Raises BadRun when it was not tried out."""
    require(by, Permission.WRITE_INVENTORY)
    run = _locked(run_id, by)
    if run.state != RunState.TRIED or not FilePart.objects.filter(run=run).exists():
        raise BadRun(msgid("Run {number} is not one that was tried out; give the file again."), number=run.pk)
    run.state, run.dry_run = RunState.WAITING, False
    run.save(update_fields=["state", "dry_run"])
    tell(run, "sync.start", {"file": run.file_name, "sha256": run.digest}, at=at, by=by)
    return run


def _held(run_id: int, why: str, *, by: Actor) -> SyncRun:
    require(by, Permission.WRITE_INVENTORY)
    run = _locked(run_id, by)
    if run.state != RunState.HELD:
        raise BadRun(msgid("Run {number} is not held (any more)."), number=run.pk)
    if not why.strip():
        raise BadRun(msgid("Say why; the audit trail keeps it."))
    return run


def _locked(run_id: int, by: Actor) -> SyncRun:
    """Return a run that nobody else decides meanwhile."""
    SyncRun.objects.select_for_update().filter(pk=run_id).first()
    return visible_run(by, run_id)


def _decided(run: SyncRun, action: str, why: str, *, at: datetime, by: Actor) -> SyncRun:
    run.decided_by, run.decided_why = by.name[:80], why[:400]
    run.save(update_fields=["state", "released", "decided_by", "decided_why"])
    tell(run, action, {"held_because": run.held_because}, at=at, by=by.because(why))
    return run


def tell(run: SyncRun, action: str, after: dict[str, object], *, at: datetime, by: Actor) -> None:
    """Write the audit entry of a run, in the caller's transaction."""
    label = f"{run.source.name} {run.file_name}"[:160]
    journal.record(action, [Change("sync_run", run.pk, label, None, after, region_code=run.source.region_code)],
                   at=at, by=by)  # fmt: skip
