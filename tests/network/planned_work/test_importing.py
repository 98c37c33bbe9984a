"""Planned work from files: planned, moved, taken back; suppliers' circuits likewise (A7, I3)."""

from datetime import timedelta
from typing import Any

from mainstay.domain.actor import Actor
from mainstay.network.planned_work.actions import approve_work
from mainstay.network.planned_work.importing import SUPPLIER_CIRCUITS, WORKS
from mainstay.network.planned_work.models import PlannedWork, SupplierCircuit
from mainstay.platform.imports.registry import Given, Taken
from tests.cast import NOW, World

DAY = timedelta(days=1)
ROW = {
    "number": "GJ-9", "title": "光缆割接", "from_at": NOW + DAY, "to_at": NOW + 2 * DAY, "resources": ["link-BC"],
    "details": "换缆",
}  # fmt: skip


def write(by: Actor, *rows: dict[str, Any]) -> list[Any]:
    return WORKS.write([Given(n, row) for n, row in enumerate(rows, 2)], at=NOW, by=by)


def test_it_works(world: World, officer: Actor) -> None:
    done = write(officer, ROW, {**ROW, "number": "GJ-10", "resources": ["nowhere"]})
    assert [each.outcome for each in done] == ["created", "refused"]
    assert PlannedWork.objects.get().details == "换缆"
    assert [each.outcome for each in write(officer, ROW)] == ["unchanged"]
    moved = write(officer, {**ROW, "to_at": NOW + 3 * DAY})
    assert [each.outcome for each in moved] == ["updated"]
    assert PlannedWork.objects.get().to_at == NOW + 3 * DAY


def test_what_goes_out_comes_in_again(world: World, officer: Actor) -> None:
    write(officer, ROW)
    (given,) = WORKS.give(officer)
    assert given["number"] == "GJ-9"
    assert given["resources"] == "link-BC"
    assert list(WORKS.give(world.actor("huang.wei"))) == []


def test_taking_back_calls_off_what_nobody_approved(world: World, officer: Actor, leader: Actor) -> None:
    first, second = write(officer, ROW, {**ROW, "number": "GJ-10"})
    approve_work(second.object_id, at=NOW, by=leader)
    rows = [Taken("work", each.object_id, each.label, True, None, None) for each in (first, second)]
    assert [error is None for error in WORKS.take_back(rows, at=NOW, by=officer)] == [True, False]
    assert PlannedWork.objects.get(number="GJ-9").status == "cancelled"


def test_suppliers_circuits_come_and_go(world: World, officer: Actor) -> None:
    row = {"supplier": "carrier.example", "object_id": "C-1", "resource": "link-BC"}

    def run(given: dict[str, Any]) -> Any:
        return SUPPLIER_CIRCUITS.write([Given(2, given)], at=NOW, by=officer)[0]

    made = run(row)
    assert [made.outcome, run(row).outcome] == ["created", "unchanged"]
    changed = run({**row, "resource": "link-CD"})
    assert changed.outcome == "updated"
    assert run({**row, "resource": "link-EF"}).outcome == "refused"
    taken = Taken("supplier_circuit", changed.object_id, "C-1", False, changed.before, changed.after)
    assert SUPPLIER_CIRCUITS.take_back([taken], at=NOW, by=officer) == [None]
    assert SupplierCircuit.objects.get().resource.code == "link-BC"
    assert [each["object_id"] for each in SUPPLIER_CIRCUITS.give(officer)] == ["C-1"]
    taken = Taken("supplier_circuit", made.object_id, "C-1", True, None, made.after)
    assert SUPPLIER_CIRCUITS.take_back([taken], at=NOW, by=officer) == [None]
    assert not SupplierCircuit.objects.exists()
