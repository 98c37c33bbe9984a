"""What can be done to many contracts at once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.accounts.contracts import actions
from mainstay.accounts.contracts.queries import visible_to
from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind


def labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers of those contracts the actor may see (1 query)."""
    return dict(visible_to(actor).filter(pk__in=list(ids)).values_list("pk", "number"))


def _end(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    on = date.fromisoformat(arguments["on"])
    return actions.end_contract(object_id, on=on, at=at, by=by.because(arguments["why"]))


KINDS = (Kind("contract.end", _("End contracts"), "contract", Permission.WRITE_CONTRACTS, labels, _end, danger=True),)
