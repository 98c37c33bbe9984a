"""Do jobs part by part: what a part did and how far the job is commit together, so a killed worker loses nothing.

A part is at most `Kind.most` objects and ends early once it has taken BUDGET_S, so that nobody waits long for a lock.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.db.models import Max, Min
from django.utils import translation

from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.queries import actor_of, user_by_id
from mainstay.platform.jobs.actions import tell
from mainstay.platform.jobs.choices import ACTIVE, State
from mainstay.platform.jobs.errors import BadJob
from mainstay.platform.jobs.events import JobEnded
from mainstay.platform.jobs.making import make_part
from mainstay.platform.jobs.models import Job, JobRefusal, JobSlice
from mainstay.platform.jobs.registry import Kind, kind_named
from mainstay.platform.journal import actions as journal

log = logging.getLogger(__name__)

BUDGET_S = 0.04
LEFT_ALONE = timedelta(seconds=60)
"""For so long a job that is done while its asker waits is left to the asker's request."""
Stopwatch = Callable[[], float]


class Refusal(NamedTuple):
    """An object to which it could not be done, and why."""

    object_id: int
    template: str
    values: object


def next_active(*, at: datetime) -> int | None:
    """Return the job whose turn it is: the first of the person who waited longest for a turn (2 queries).

    So a few objects of one are not stuck behind the hundred thousand of another.
    """
    active = Job.objects.filter(state__in=ACTIVE).exclude(at_once=True, asked_at__gt=at - LEFT_ALONE)
    oldest = dict(active.values_list("user_id").annotate(first=Min("pk")).order_by())
    if not oldest:
        return None
    users = [user for user in oldest if user is not None]
    turns = Job.objects.filter(user_id__in=users, alive_at__isnull=False).values_list("user_id")
    last: dict[int | None, datetime] = dict(turns.annotate(turn=Max("alive_at")).order_by())
    turn: int = min(oldest.items(), key=lambda item: (item[0] in last, last.get(item[0], at), item[1]))[1]
    return turn


def advance(job_id: int, *, at: datetime, stopwatch: Stopwatch = time.monotonic) -> bool:
    """Do the next part of a job, as the person who asked for it, with what they may do today; say whether to go on.

    What fails unexpectedly for one object is a refusal of that object; for all, it stops the job with the reason.
    """
    try:
        if _make(job_id, at=at, stopwatch=stopwatch) or _advance(job_id, at=at, stopwatch=stopwatch):
            return True
        return _finish(job_id, at=at)
    except OperationalError:
        raise
    except MainstayError as error:
        _stop(job_id, error, at=at)
    except Exception as error:
        log.exception("Job %s stopped.", job_id)
        _stop(job_id, _unexpected(error), at=at)
    return False


def run_at_once(job: Job, *, now: Callable[[], datetime]) -> Job:
    """Do a job to its end while its asker waits."""
    while advance(job.pk, at=now()):
        pass
    job.refresh_from_db()
    return job


def asker(job: Job) -> Actor:
    """Return the actor a job runs as. Raises BadJob when that person may no longer sign in."""
    user = user_by_id(job.user_id) if job.user_id is not None else None
    if user is None or not user.is_active:
        raise BadJob(msgid("{name}, who asked for it, may no longer sign in."), name=job.user_name)
    return replace(actor_of(user), request_id=f"job-{job.pk}", why=f"job {job.pk}")


def _make(job_id: int, *, at: datetime, stopwatch: Stopwatch) -> bool:
    """Do the next part of a job whose objects take long; False where there is none, or it is no such job."""
    job = Job.objects.filter(pk=job_id, state__in=ACTIVE, cancel_asked=False).first()
    kind = kind_named(job.kind) if job else None
    ids = _next_ids(job, kind.most) if job and kind and kind.make else []
    if job is None or kind is None or not ids:
        return False
    by = asker(job)

    def keep(kind: Kind, job: Job, object_id: int, made: object) -> bool:
        refusal = _refusal(object_id, made) if isinstance(made, MainstayError) else None
        if refusal is None:
            refusal = _act(kind, object_id, job, made, at=at, by=by)
        _keep(job, kind, [refusal] if refusal else [], by=by)
        return refusal is not None

    return make_part(job, kind, ids, keep, at=at, by=by, stopwatch=stopwatch, budget_s=BUDGET_S)


@transaction.atomic
def _advance(job_id: int, *, at: datetime, stopwatch: Stopwatch) -> bool:
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state__in=ACTIVE).first()
    if job is None:
        return False
    if job.cancel_asked:
        _end(job, State.CANCELLED, at=at)
        return False
    kind, by = kind_named(job.kind), asker(job)
    require(by, kind.permission)
    ids = _next_ids(job, kind.most)
    with translation.override(job.language or None):
        if not ids or kind.make is not None:
            if kind.finish is None and not ids:
                _end(job, State.DONE, at=at)
            return False
        judged = _do(job, kind, ids, at=at, by=by, stopwatch=stopwatch)
    job.place += judged
    job.began_at, job.alive_at, job.state = job.began_at or at, at, State.RUNNING
    job.save(update_fields=["slice", "place", "began_at", "alive_at", "state", "done", "failed", "kept"])
    return True


def _finish(job_id: int, *, at: datetime) -> bool:
    """End a job that has done its objects; the file is made outside of any transaction: that may take a minute."""
    job = Job.objects.filter(pk=job_id, state__in=ACTIVE, cancel_asked=False).first()
    kind = kind_named(job.kind) if job else None
    if job is None or kind is None or kind.finish is None or _next_ids(job, 1):
        return False
    with translation.override(job.language or None):
        made = kind.finish(job.arguments, job.kept, job_id=job.pk)
        _keep_file(job.pk, made, at=at)
    return False


@transaction.atomic
def _keep_file(job_id: int, made: str, *, at: datetime) -> None:
    """Note the file of a job, unless another worker did, or the job was ended meanwhile."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state in ACTIVE:
        job.file = made
        _end(job, State.CANCELLED if job.cancel_asked else State.DONE, at=at)


def _next_ids(job: Job, most: int) -> list[int]:
    """Return the next objects, at most so many; at the end of a slice go on to the next."""
    while True:
        ids = JobSlice.objects.filter(job=job, number=job.slice).values_list("ids", flat=True).first()
        if ids is None:
            return []
        if job.place < len(ids):
            return list(ids[job.place : job.place + most])
        job.slice, job.place = job.slice + 1, 0


def _do(job: Job, kind: Kind, ids: list[int], *, at: datetime, by: Actor, stopwatch: Stopwatch) -> int:
    """Do it to objects until the time of a part is up; return to how many."""
    if kind.act_on_many is not None:
        job.kept = kind.act_on_many(ids, job.arguments, job.kept, job_id=job.pk, at=at, by=by)
        job.done += len(ids)
        return len(ids)
    until, judged = stopwatch() + BUDGET_S, 0
    refused: list[Refusal] = []
    for object_id in ids:
        refusal = _act(kind, object_id, job, None, at=at, by=by)
        if refusal is not None:
            refused.append(refusal)
        judged += 1
        if stopwatch() > until:
            break
    _keep(job, kind, refused, by=by)
    job.done, job.failed = job.done + judged - len(refused), job.failed + len(refused)
    return judged


def _act(kind: Kind, object_id: int, job: Job, made: object, *, at: datetime, by: Actor) -> Refusal | None:
    try:
        with transaction.atomic():
            if kind.keep is not None:
                kind.keep(object_id, made, job.arguments, job_id=job.pk, at=at, by=by)
            elif kind.act is not None:
                kind.act(object_id, job.arguments, at=at, by=by)
    except OperationalError:
        raise
    except MainstayError as error:
        return _refusal(object_id, error)
    except Exception as error:
        log.exception("Job %s: %s %s was refused.", job.pk, kind.object_kind, object_id)
        return _refusal(object_id, _unexpected(error))
    return None


def _refusal(object_id: int, error: MainstayError) -> Refusal:
    return Refusal(object_id, error.template, journal.plain(error.values))


def _unexpected(error: Exception) -> BadJob:
    why = (str(error).splitlines() or [""])[0]
    return BadJob(
        msgid("This failed unexpectedly ({why}); tell an administrator."), why=f"{type(error).__name__}: {why}"
    )


def _keep(job: Job, kind: Kind, refused: list[Refusal], *, by: Actor) -> None:
    if not refused:
        return
    labels = kind.labels(by, [each.object_id for each in refused])
    insert_many(
        JobRefusal,
        ("job_id", "object_id", "label", "error", "error_values"),
        [(job.pk, r.object_id, labels.get(r.object_id, "")[:160], r.template[:400], r.values) for r in refused],
    )


def _end(job: Job, state: State, *, at: datetime) -> None:
    job.state, job.ended_at = state, at
    job.began_at = job.began_at or at
    job.save()
    if job.at_once and state == State.DONE:
        return
    journal.announce(
        JobEnded(job.pk, job.user_id, job.user_name, job.language, job.title or job.kind, state, job.total, job.done,
                 job.failed, at),
        by=system(job.user_name),
    )  # fmt: skip


@transaction.atomic
def _stop(job_id: int, why: MainstayError, *, at: datetime) -> None:
    job = Job.objects.select_for_update().get(pk=job_id)
    job.problem, job.problem_values = why.template[:400], journal.plain(why.values)
    _end(job, State.FAILED, at=at)
    tell(job, "job.stop", {"why": str(why)}, at=at, by=system(job.user_name))
