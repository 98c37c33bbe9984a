"""What can be done to many circuits at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.accounts.contracts import queries as contracts
from mainstay.accounts.contracts.errors import NoSuchContract
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.actions import agreements, grading
from mainstay.network.inventory.queries.circuits import visible_circuit, visible_to
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind


def labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers of those circuits the actor may see (1 query)."""
    return dict(visible_to(actor).filter(pk__in=list(ids)).values_list("pk", "number"))


def _regrade(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return grading.regrade_circuit(object_id, arguments["grade"], at=at, by=by.because(arguments["why"]))


def _put_under(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    number, position = arguments["contract"], int(arguments["position"])
    contract = contracts.visible_to(by).filter(number=number).first()
    if contract is None:
        raise NoSuchContract(msgid("There is no contract {number} that you may see; check its number."), number=number)
    circuit = visible_circuit(by, object_id)
    return agreements.put_under_line(contract.pk, position, [circuit.number], at=at, by=by)


_WRITE = Permission.WRITE_INVENTORY
_AGREE = Permission.WRITE_CONTRACTS
KINDS = (
    Kind("circuit.regrade", _("Give circuits another grade"), "circuit", _WRITE, labels, _regrade, danger=True),
    Kind("circuit.contract", _("Put circuits under a contract"), "circuit", _AGREE, labels, _put_under),
)
