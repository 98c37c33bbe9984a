"""What can be done to many customers at once: each by the room's own verb, one by one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers.actions import customers
from mainstay.accounts.customers.choices import ArchiveReason
from mainstay.accounts.customers.queries import visible_to
from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind


def labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those customers the actor may see (1 query)."""
    return dict(visible_to(actor).filter(pk__in=list(ids)).values_list("pk", "name"))


def _hand_over(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return customers.hand_over([object_id], arguments["to"], at=at, by=by.because(arguments["why"]))


def _archive(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    reason = arguments.get("reason") or ArchiveReason.LEFT
    return customers.move_to_archive(
        object_id, arguments["archive"], at=at, by=by.because(arguments["why"]), reason=reason
    )


_WRITE = Permission.WRITE_CUSTOMERS
KINDS = (
    Kind("customer.hand_over", _("Hand customers over"), "customer", _WRITE, labels, _hand_over, danger=True),
    Kind("customer.archive", _("Move customers to an archive"), "customer", _WRITE, labels, _archive, danger=True),
)
