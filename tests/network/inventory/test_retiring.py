"""Resources go out of service and come back; not while circuits run over them."""

import pytest

from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.actions import retiring
from mainstay.network.inventory.actions.circuits import cease_circuit
from mainstay.network.inventory.errors import BadInventory, NoSuchResource
from mainstay.network.inventory.models import Resource
from mainstay.network.inventory.queries.topology import revision
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World


def test_it_works(world: World) -> None:
    admin, before = world.actor("admin"), revision()
    resource = world.resources["router-GZ-GZ-E1-0004-A"]
    assert retiring.retire_resources([resource.pk], at=NOW, by=admin) == [resource]
    assert Resource.objects.get(pk=resource.pk).retired_at == NOW
    assert retiring.retire_resources([resource.pk], at=NOW, by=admin) == []
    retiring.restore_resources([resource.pk], at=NOW, by=admin)
    assert Resource.objects.get(pk=resource.pk).retired_at is None
    assert revision() > before
    assert set(Entry.objects.values_list("action", flat=True)) == {"resource.retire", "resource.restore"}


def test_what_carries_circuits_stays(world: World) -> None:
    with pytest.raises(BadInventory, match="GZ-GZ-E1-0004"):
        retiring.retire_resources([world.resources["card-E"].pk], at=NOW, by=world.actor("admin"))
    cease_circuit(world.trade_circuit.pk, at=NOW, by=world.actor("admin"))
    assert retiring.retire_resources([world.resources["card-E"].pk], at=NOW, by=world.actor("admin"))
    with pytest.raises(BadInventory):
        retiring.reopen_circuit(world.circuit.pk, at=NOW, by=world.actor("admin"))
    assert retiring.reopen_circuit(world.trade_circuit.pk, at=NOW, by=world.actor("admin")).status == "active"


def test_who_may_not_does_not(world: World) -> None:
    with pytest.raises(NotAllowed):
        retiring.retire_resources([world.resources["card-E"].pk], at=NOW, by=world.actor("li.qiang"))
    with pytest.raises(NoSuchResource):
        retiring.retire_resources([999_999], at=NOW, by=world.actor("admin"))
