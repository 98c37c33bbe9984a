"""What of the tiers is done as a job: a trial over everybody, part by part; deciding on many proposals."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.accounts.tiers.actions import approving, assessing
from mainstay.accounts.tiers.models import Proposal, Run
from mainstay.accounts.tiers.queries.proposals import visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind

TRIAL = "tiers.trial"


def _part_labels(_actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    return {number: str(number) for number in ids}


def _judge(
    ids: Sequence[int], arguments: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> dict[int, object]:  # fmt: skip
    run = Run.objects.select_related("version__rule_set").get(pk=arguments["run"])
    try:
        return {number: assessing.judge_part(run, number - 1) for number in ids}
    except MainstayError as error:
        assessing.fail(run.pk, str(error), at=at)
        raise


def _keep(
    object_id: int, made: Any, arguments: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> object:  # fmt: skip
    return assessing.keep(made, at=at, by=by)


def _labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    rows: Iterable[Proposal] = visible_to(actor).filter(pk__in=list(ids)).select_related("customer")
    return {row.pk: row.customer.name for row in rows}


def _approve(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return approving.decide(object_id, True, why=arguments.get("why", ""), at=at, by=by)


def _reject(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return approving.decide(object_id, False, why=arguments["why"], at=at, by=by)


_APPROVE = Permission.APPROVE_TIERS
KINDS = (
    Kind(TRIAL, _("Try tier rules over everybody"), "tier_part", Permission.WRITE_TIERS, _part_labels, make=_judge,
         keep=_keep, most=1),
    Kind("tiers.approve", _("Approve changes of grade"), "tier_proposal", _APPROVE, _labels, _approve),
    Kind("tiers.reject", _("Reject changes of grade"), "tier_proposal", _APPROVE, _labels, _reject, danger=True),
)  # fmt: skip
