"""What is done to many customers at once: the moves of a hand-over."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.actions import handing
from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind


def names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of customers of a hand-over one signed (1 query)."""
    return dict(Customer.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def _move(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> None:
    handing.move(object_id, int(arguments["handover"]), at=at, by=by)


KINDS = (Kind(handing.KIND, _("Hand a portfolio over"), "portfolio", Permission.READ_CONSOLE, names, _move),)
