"""Read jobs: one's own, or all of them for those who may change settings everywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.translation import gettext

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.choices import ACTIVE, State
from mainstay.platform.jobs.errors import NoSuchJob
from mainstay.platform.jobs.models import Job, JobRefusal


def visible_to(actor: Actor) -> QuerySet[Job]:
    """Return the jobs the actor may see, newest first: their own; administrators see all."""
    jobs = Job.objects.order_by("-id")
    if actor.sees_everything and actor.may(Permission.SETTINGS):
        return jobs
    return jobs.filter(user_id=actor.user_id) if actor.is_staff and actor.user_id is not None else jobs.none()


def visible_job(actor: Actor, job_id: int, *, lock: bool = False) -> Job:
    """Return one job. Raises NoSuchJob, also when it may not be seen."""
    rows = visible_to(actor).select_for_update() if lock else visible_to(actor)
    found = rows.filter(pk=job_id).first()
    if found is None:
        raise NoSuchJob(msgid("There is no job {id} that you may see; look in the list of jobs."), id=job_id)
    return found


def refusals(job: Job) -> QuerySet[JobRefusal]:
    """Return the objects to which it could not be done, in order."""
    return JobRefusal.objects.filter(job=job).order_by("id")


def refusal_rows(job: Job) -> Iterator[tuple[str, int, str]]:
    """Give (object, its id, why) in the reader's language, without holding them all."""
    for row in refusals(job).iterator(chunk_size=1_000):
        yield row.label, row.object_id, sentence(row.error, row.error_values)


def sentence(template: str, values: Mapping[str, Any] | None) -> str:
    """Say a kept error in the reader's language; words among its values are translated where they can be."""
    if not template:
        return ""
    told = {name: gettext(v) if isinstance(v, str) and v else v for name, v in (values or {}).items()}
    said = gettext(template)
    return said.format(**told) if told else said


def seconds_left(job: Job, *, at: datetime) -> int | None:
    """Estimate how long a running job still takes, in seconds, from its rate so far; None before there is one."""
    judged = job.done + job.failed
    if job.state != State.RUNNING or not judged or job.began_at is None:
        return None
    return round((at - job.began_at).total_seconds() / judged * (job.total - judged))


def rate(job: Job, *, at: datetime) -> float | None:
    """Return how many objects a second a job did, or does; None before it began."""
    until = job.ended_at or at
    if job.began_at is None or until <= job.began_at:
        return None
    return (job.done + job.failed) / (until - job.began_at).total_seconds()


@dataclass(frozen=True)
class Queue:
    """How many jobs wait and run, and for how many seconds the oldest of them has been there."""

    waiting: int
    running: int
    oldest_s: int


def queue(*, at: datetime) -> Queue:
    """Return the state of the queue (2 queries)."""
    states = list(Job.objects.filter(state__in=ACTIVE).values_list("state", flat=True))
    oldest = Job.objects.filter(state__in=ACTIVE).aggregate(asked=Min("asked_at"))["asked"]
    age = int((at - oldest).total_seconds()) if oldest else 0
    return Queue(states.count(State.WAITING), states.count(State.RUNNING), max(0, age))
