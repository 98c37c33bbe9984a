"""Put circuits under a line of a contract, so that what it promises holds for them (D1, D2)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.contracts.choices import OVER
from mainstay.accounts.contracts.models import ContractLine
from mainstay.accounts.contracts.queries import visible_contract
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.errors import BadInventory, UnknownCode
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import visible_to
from mainstay.network.inventory.standing import keep_former
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def put_under_line(
    contract_id: int, position: int, numbers: Sequence[str], *, at: datetime, by: Actor
) -> list[Circuit]:
    """Put circuits, by number, under a contract's line, all or none; return those that changed.

    Each leaves the line it was under. Raises NoSuchContract, BadInventory (an ended contract, no such line, a circuit
    of another customer) and UnknownCode.
    """
    require(by, Permission.WRITE_CONTRACTS)
    line = _line(contract_id, position, by=by)
    known = {row.number: row for row in visible_to(by).filter(number__in=numbers).select_related(*_NEEDED)}
    changes, moved = [], []
    for number in dict.fromkeys(numbers):
        circuit = known.get(number)
        if circuit is None:
            raise UnknownCode(msgid("There is no circuit {number} that you may see; correct it."), number=number)
        _check_owner(circuit, line)
        if circuit.contract_line_id != line.pk:
            changes.append(_change(circuit, line))
            circuit.contract_line = line
            moved.append(circuit)
    keep_former(moved, on=timezone.localdate(at))
    Circuit.objects.bulk_update(moved, ["contract_line"], batch_size=500)
    journal.record("circuit.agreement", changes, at=at, by=by)
    return moved


_NEEDED = ("customer", "contract_line__contract")


def _line(contract_id: int, position: int, *, by: Actor) -> ContractLine:
    contract = visible_contract(by, contract_id)
    line = contract.lines.select_related("contract").filter(position=position, dropped_on=None).first()
    if line is None or contract.status in OVER:
        raise BadInventory(
            msgid("Contract {contract} has no running line {line}; choose one of its lines, or another contract."),
            contract=contract.number,
            line=position,
        )
    return line


def _check_owner(circuit: Circuit, line: ContractLine) -> None:
    owner = circuit.customer
    if line.contract.customer_id not in (owner.pk, owner.parent_id):
        raise BadInventory(
            msgid(
                "Circuit {number}: contract {contract} is not one of customer {code} or of its group; choose another."
            ),
            number=circuit.number,
            contract=line.contract.number,
            code=owner.code,
        )


def _change(circuit: Circuit, line: ContractLine) -> Change:
    old = circuit.contract_line
    before = {"contract": old.contract.number if old else "", "line": old.position if old else None}
    after = {"contract": line.contract.number, "line": line.position}
    return Change(
        "circuit", circuit.pk, circuit.number, before, after, circuit.customer_id, region_code=circuit.region_code
    )
