"""Ask for a job, cancel it, try again what was refused; throw away what is old. `running` does the work."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.jobs.choices import ACTIVE
from mainstay.platform.jobs.errors import BadJob
from mainstay.platform.jobs.models import Job, JobRefusal, JobSlice
from mainstay.platform.jobs.queries import visible_job
from mainstay.platform.jobs.registry import kind_named
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

SLICE = 500
MOST = 1_000_000
"""Objects in one job."""
KEPT = timedelta(days=30)
"""For so long an ended job can be read."""
FILE_KEPT = timedelta(days=1)
"""For so long the file that a job made can be fetched."""


@transaction.atomic
def ask(
    kind_name: str, ids: Iterable[int], arguments: Mapping[str, Any], *, at: datetime, by: Actor,
    at_once: bool = False, title: str = "", language: str = "", of: Job | None = None,
) -> Job:  # fmt: skip
    """Freeze what is to be done to which objects; the next free worker does it, as far as the asker may then.

    Each object counts once. Raises NoSuchJob, NotAllowed, and BadJob for no objects or more than MOST.
    """
    kind = kind_named(kind_name)
    require(by, kind.permission)
    wanted = list(dict.fromkeys(ids))
    if not 0 < len(wanted) <= MOST:
        raise BadJob(
            msgid("{count} objects cannot be worked on; choose at least one and at most {most}."),
            count=len(wanted), most=MOST,
        )  # fmt: skip
    job = Job.objects.create(
        kind=kind.name, title=title[:200], arguments=dict(arguments), user_id=by.user_id, user_name=by.name[:80],
        language=language, at_once=at_once, of=of, total=len(wanted), asked_at=at,
    )  # fmt: skip
    slices = [wanted[start : start + SLICE] for start in range(0, len(wanted), SLICE)]
    insert_many(JobSlice, ("job_id", "number", "ids"), [(job.pk, n, ids) for n, ids in enumerate(slices)])
    tell(job, "job.ask", {"what": kind.name, "objects": job.total, **job.arguments}, at=at, by=by)
    return job


@transaction.atomic
def cancel(job_id: int, *, at: datetime, by: Actor) -> Job:
    """Ask a job to end after the part it is doing; what is done stays. Raises BadJob when it is over."""
    job = visible_job(by, job_id, lock=True)
    if job.state not in ACTIVE:
        raise BadJob(msgid("Job {number} is over already; there is nothing to cancel."), number=job.pk)
    if not job.cancel_asked:
        job.cancel_asked, job.cancelled_by = True, by.name[:80]
        job.save(update_fields=["cancel_asked", "cancelled_by"])
        tell(job, "job.cancel", {"done": job.done + job.failed, "objects": job.total}, at=at, by=by)
    return job


@transaction.atomic
def retry(job_id: int, *, at: datetime, by: Actor) -> Job:
    """Ask for the same again, for the objects to which it could not be done. Raises BadJob when there are none.

    Only who asked may: it is done in their name.
    """
    job = visible_job(by, job_id, lock=True)
    if job.user_id != by.user_id:
        raise BadJob(msgid("Job {number} is not yours; only {name} can try it again."), number=job.pk,
                     name=job.user_name)  # fmt: skip
    refused = list(JobRefusal.objects.filter(job=job).order_by("id").values_list("object_id", flat=True))
    if job.state in ACTIVE or not refused:
        raise BadJob(msgid("Nothing of job {number} can be tried again: it still runs, or nothing was refused."),
                     number=job.pk)  # fmt: skip
    return ask(job.kind, refused, job.arguments, at=at, by=by, title=job.title, language=job.language, of=job)


@transaction.atomic
def prune(*, at: datetime) -> int:
    """Delete jobs that ended long ago, and files older than a day, unfinished ones too; return how many jobs went."""
    Job.objects.exclude(file="").filter(ended_at__lt=at - FILE_KEPT).update(file="")
    for path in folder().iterdir():
        if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - FILE_KEPT:
            path.unlink(missing_ok=True)
    old = Job.objects.filter(ended_at__lt=at - KEPT).order_by("id")[:20]
    return Job.objects.filter(pk__in=[job.pk for job in old]).delete()[1].get("jobs.Job", 0)


def folder() -> Path:
    """Return where jobs keep the files they make."""
    path = Path(settings.HOME) / "jobs"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def file_path(name: str) -> Path:
    """Return where a job's file lies."""
    return folder() / Path(name).name


def tell(job: Job, action: str, after: dict[str, object], *, at: datetime, by: Actor) -> None:
    """Write the audit entry of a job itself, in the caller's transaction."""
    journal.record(action, [Change("job", job.pk, (job.title or job.kind)[:160], None, after)], at=at, by=by)
