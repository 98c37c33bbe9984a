"""Give a circuit another grade; promises of running clocks stay frozen (PC 7)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.errors import BadInventory
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.network.inventory.standing import keep_former
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News


@transaction.atomic
def regrade_circuit(circuit_id: int, grade: str, *, at: datetime, by: Actor) -> Circuit:
    """Give a circuit in service another grade. Raises NoSuchCircuit, BadInventory (no such grade, the same already)."""
    require(by, Permission.WRITE_INVENTORY)
    circuit = visible_circuit(by, circuit_id)
    if grade not in CircuitGrade.values:
        raise BadInventory(
            msgid("Circuit {number}: “{value}” is no grade; use one of {known}."),
            number=circuit.number, value=grade, known=", ".join(CircuitGrade.values),
        )  # fmt: skip
    if circuit.status != CircuitStatus.ACTIVE:
        raise BadInventory(
            msgid("Circuit {number} is out of service; only a circuit in service gets another grade."),
            number=circuit.number,
        )
    if circuit.grade == grade:
        raise BadInventory(
            msgid("Circuit {number} has grade {grade} already; nothing was changed."),
            number=circuit.number, grade=grade,
        )  # fmt: skip
    before, circuit.grade = circuit.grade, grade
    keep_former([circuit], on=timezone.localdate(at))
    circuit.save(update_fields=["grade"])
    change = Change(
        "circuit", circuit.pk, circuit.number, {"grade": before}, {"grade": grade}, circuit.customer_id,
        circuit.region_code,
    )  # fmt: skip
    journal.record("circuit.grade", [change], at=at, by=by)
    news = News("circuit", "circuit", circuit.pk, circuit.customer_id, circuit.region_code, {"what": "circuit.grade"})
    journal.publish([news], at=at)
    return circuit
