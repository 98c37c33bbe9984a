"""What can be done to many compensations at once: each by the room's own verb, one by one (R: 10,000 of a month)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind
from mainstay.service.compensation.actions import deciding
from mainstay.service.compensation.queries.claims import visible_to


def labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers of those compensations the actor may see (1 query)."""
    return {claim.pk: claim.number for claim in visible_to(actor).filter(pk__in=list(ids)).only("pk")}


def _approve(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return deciding.approve(object_id, at=at, by=by)


def _reject(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return deciding.reject(object_id, arguments["why"], at=at, by=by)


KINDS = (
    Kind("compensation.approve", _("Approve compensations"), "compensation", Permission.APPROVE, labels, _approve,
         danger=True),
    Kind("compensation.reject", _("Reject compensations"), "compensation", Permission.APPROVE, labels, _reject,
         danger=True),
)  # fmt: skip
