"""Try a version over everybody: nothing changes; how many would rise, fall, come, lapse (B1)."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.tiers.actions.assessing import advance, begin
from mainstay.accounts.tiers.choices import RunState
from mainstay.accounts.tiers.grades import label_of
from mainstay.accounts.tiers.many import TRIAL
from mainstay.accounts.tiers.models import Run
from mainstay.accounts.tiers.queries.rules import version
from mainstay.domain.actor import Actor
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs import actions as jobs

WAITED_FOR = 3
"""A run of so many parts is done while the asker waits; a longer one as a job."""


@transaction.atomic
def try_over_all(version_id: int, *, language: str = "", at: datetime, by: Actor) -> Run:
    """Begin a trial of a version over everybody; earlier trials of it are thrown away."""
    require(by, Permission.WRITE_TIERS)
    found = version(by, version_id)
    Run.objects.filter(version=found, trial=True, state__in=(RunState.DONE, RunState.FAILED)).delete()
    run = begin(found, trial=True, at=at, by=by)
    if run.chunks > WAITED_FOR:
        title = f"{_('Who would change')}: {label_of(found.rule_set)} {found.number}"
        job = jobs.ask(TRIAL, range(1, run.chunks + 1), {"run": run.pk}, at=at, by=by, title=title, language=language)
        run.job_id = job.pk
        run.save(update_fields=["job_id"])
    return run


def run_to_its_end(run_id: int, *, now: Callable[[], datetime], by: Actor, parts: int = WAITED_FOR) -> None:
    """Do a short run while somebody waits; a long one is left to the worker or the sweeper."""
    run = Run.objects.get(pk=run_id)
    if run.chunks <= parts:
        while advance(run_id, at=now(), by=by):
            pass
