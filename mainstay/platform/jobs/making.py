"""Parts of jobs that take long: made outside of any transaction, kept in short ones; a crash in between costs a part.

Two workers may make the same part; the second finds the place moved on and throws its own away.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from mainstay.domain.actor import Actor
from mainstay.platform.identity.actions import require
from mainstay.platform.jobs.choices import ACTIVE, State
from mainstay.platform.jobs.models import Job
from mainstay.platform.jobs.registry import Kind

KeepOne = Callable[[Kind, Job, int, Any], bool]
"""Keeps what was made of one object; says whether that was refused (and notes it)."""


def make_part(
    job: Job, kind: Kind, ids: list[int], keep: KeepOne, *, at: datetime, by: Actor, stopwatch: Callable[[], float],
    budget_s: float,
) -> bool:  # fmt: skip
    """Make and keep the next objects of a job that was read without a lock; say whether any were kept."""
    assert kind.make is not None, kind.name
    require(by, kind.permission)
    with translation.override(job.language or None):
        made = kind.make(ids, job.arguments, job_id=job.pk, at=at, by=by)
        left, place = list(ids), (job.slice, job.place)
        while left:
            kept = _keep_some(job.pk, kind, left, place, made, keep, at=at, stopwatch=stopwatch, budget_s=budget_s)
            if not kept:
                return len(left) < len(ids)
            left, place = left[kept:], (place[0], place[1] + kept)
    return True


@transaction.atomic
def _keep_some(
    job_id: int, kind: Kind, ids: list[int], place: tuple[int, int], made: Mapping[int, Any], keep: KeepOne, *,
    at: datetime, stopwatch: Callable[[], float], budget_s: float,
) -> int:  # fmt: skip
    """Keep until the time of a transaction is up; return of how many. 0: the job ended, or another was faster."""
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state__in=ACTIVE).first()
    if job is None or job.cancel_asked or not _stands_at(job, place):
        return 0
    until, count = stopwatch() + budget_s, 0
    for object_id in ids:
        refused = keep(kind, job, object_id, made.get(object_id))
        job.done, job.failed = job.done + (not refused), job.failed + refused
        count += 1
        if stopwatch() > until:
            break
    job.slice, job.place = place[0], place[1] + count
    job.began_at, job.alive_at, job.state = job.began_at or at, at, State.RUNNING
    job.save(update_fields=["slice", "place", "began_at", "alive_at", "state", "done", "failed"])
    return count


def _stands_at(job: Job, place: tuple[int, int]) -> bool:
    """Say whether the job has not gone on; the beginning of a slice is the end of the one before."""
    return (job.slice, job.place) == place or (place[1] == 0 and job.slice == place[0] - 1)
