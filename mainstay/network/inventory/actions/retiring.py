"""Take resources out of service and back, and bring ceased circuits back (E1, E3). What is out stays readable."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.actions.feed import bump_revision
from mainstay.network.inventory.actions.resources import CHUNK
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.errors import BadInventory, NoSuchResource
from mainstay.network.inventory.models import Circuit, Resource
from mainstay.network.inventory.queries import places
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News


@transaction.atomic
def retire_resources(resource_ids: Sequence[int], *, at: datetime, by: Actor) -> list[Resource]:
    """Take resources out of service, all or none; return those that were in service until now.

    Raises NoSuchResource, and BadInventory while circuits in service run over one of them or over its parts.
    """
    require(by, Permission.WRITE_INVENTORY)
    rows = [row for row in _visible(resource_ids, by=by) if row.retired_at is None]
    over = places.circuits_over(row.pk for row in rows)
    numbers = list(over.order_by("number").values_list("number", flat=True)[:4])
    if numbers:
        raise BadInventory(
            msgid("{code} cannot go out of service: {count} circuits in service run over it ({numbers}); reroute or "
                  "cease them first."),
            code=", ".join(row.code for row in rows[:3]), count=over.count(), numbers=", ".join(numbers),
        )  # fmt: skip
    _set(rows, at, "resource.retire", at=at, by=by)
    return rows


@transaction.atomic
def restore_resources(resource_ids: Sequence[int], *, at: datetime, by: Actor) -> list[Resource]:
    """Take resources back into service; return those that were out. Raises NoSuchResource."""
    require(by, Permission.WRITE_INVENTORY)
    rows = [row for row in _visible(resource_ids, by=by) if row.retired_at is not None]
    _set(rows, None, "resource.restore", at=at, by=by)
    return rows


@transaction.atomic
def reopen_circuit(circuit_id: int, *, at: datetime, by: Actor) -> Circuit:
    """Take a ceased circuit back into service over its former route. Raises NoSuchCircuit, BadInventory."""
    require(by, Permission.WRITE_INVENTORY)
    circuit = visible_circuit(by, circuit_id)
    if circuit.status == CircuitStatus.ACTIVE:
        raise BadInventory(msgid("Circuit {number} is in service already."), number=circuit.number)
    circuit.status = CircuitStatus.ACTIVE
    circuit.save(update_fields=["status"])
    before, after = {"status": CircuitStatus.CEASED}, {"status": CircuitStatus.ACTIVE}
    change = Change("circuit", circuit.pk, circuit.number, before, after, circuit.customer_id, circuit.region_code)
    journal.record("circuit.reopen", [change], at=at, by=by)
    news = News("circuit", "circuit", circuit.pk, circuit.customer_id, circuit.region_code, {"what": "circuit.reopen"})
    journal.publish([news], at=at)
    bump_revision(circuits=[circuit.pk])
    return circuit


def _visible(resource_ids: Sequence[int], *, by: Actor) -> list[Resource]:
    wanted = sorted(set(resource_ids))
    rows = [row for start in range(0, len(wanted), CHUNK)
            for row in places.visible_to(by).filter(pk__in=wanted[start : start + CHUNK])]  # fmt: skip
    if len(rows) != len(wanted):
        missing = next(iter(set(wanted) - {row.pk for row in rows}))
        raise NoSuchResource(msgid("There is no resource {id} that you may see; check the address."), id=missing)
    return rows


def _set(rows: Sequence[Resource], since: datetime | None, action: str, *, at: datetime, by: Actor) -> None:
    changes = [
        Change("resource", row.pk, row.code, {"retired_at": row.retired_at}, {"retired_at": since},
               region_code=row.region_code)
        for row in rows
    ]  # fmt: skip
    for row in rows:
        row.retired_at = since
    Resource.objects.bulk_update(rows, ["retired_at"], batch_size=CHUNK)
    journal.record(action, changes, at=at, by=by)
    if rows:
        bump_revision(resources=[row.pk for row in rows])
