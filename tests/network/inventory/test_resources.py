"""Resources are added in bulk, checked before anything is written."""

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.actions.resources import NewResource, add_dependencies, add_resources
from mainstay.network.inventory.errors import BadInventory, NoSuchResource, UnknownCode
from mainstay.network.inventory.models import Dependency, Resource
from mainstay.network.inventory.queries import places, topology
from mainstay.platform.journal.models import Entry
from mainstay.platform.search.queries import find
from tests.cast import NOW, World


def station(name: str, region: str = "4201") -> list[NewResource]:
    return [
        NewResource(f"P-{name}", "port", f"{name} 口", parent=f"K-{name}"),
        NewResource(f"K-{name}", "card", f"{name} 板", parent=f"N-{name}"),
        NewResource(f"N-{name}", "device", f"{name} 设备", parent=f"S-{name}", role="access"),
        NewResource(f"S-{name}", "site", f"{name} 机房", region_code=region),
    ]


def fibre(code: str = "F-1") -> list[NewResource]:
    return [
        NewResource("D-1", "duct", "管道", region_code="4201"),
        NewResource("C-1", "cable", "光缆", parent="D-1"),
        NewResource(code, "fibre", "纤芯", parent="C-1"),
    ]


def link(code: str = "L-1", a: str = "P-X", z: str = "P-Y", **more: object) -> NewResource:
    return NewResource(code, "link", code, a_end=a, z_end=z, **more)  # type: ignore[arg-type]


def test_it_works(world: World, admin: Actor) -> None:
    before = topology.revision()
    added = add_resources([link(runs_in=("F-1",)), *station("X"), *station("Y", "4202"), *fibre()], at=NOW, by=admin)
    by_code = {row.code: Resource.objects.get(code=row.code) for row in added}
    assert by_code["P-X"].parent == by_code["K-X"]
    assert by_code["P-Y"].region_code == "4202"
    assert (by_code["L-1"].a_end, by_code["L-1"].region_code) == (by_code["P-X"], "4201")
    assert Dependency.objects.filter(resource=by_code["L-1"], on=by_code["F-1"]).exists()
    assert Entry.objects.filter(action="resource.add").count() == len(added)
    assert topology.revision() == before + 1
    assert [found.kind for found in find("X 设备", admin)] == ["resource"]


def test_who_may_not(world: World, officer: Actor, manager: Actor, customer: Actor) -> None:
    for actor in (officer, manager, customer):
        with pytest.raises(NotAllowed):
            add_resources(fibre(), at=NOW, by=actor)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ([*fibre(), *fibre()], "D-1 is given twice"),
        ([NewResource("device-A", "device", "又一个")], "device-A exists already"),
        ([NewResource("N-1", "rocket", "火箭")], "“rocket” is not a kind"),
        ([NewResource("", "device", "无名")], "lacks a code"),
        ([NewResource("N-1", "device", "设备", parent="nowhere")], "N-1 refers to nowhere"),
        ([NewResource("P-1", "port", "口", parent="site-A")], "port cannot be part of site-A"),
        ([NewResource("S-1", "site", "局", parent="site-A")], "site cannot be part of site-A"),
        ([NewResource("N-1", "device", "设备", a_end="device-A")], "only links have ends"),
        ([link(a="device-A", z="")], "L-1 needs two different ends"),
        ([link(a="device-A", z="device-A")], "L-1 needs two different ends"),
        ([link(a="device-A", z="duct-AB")], "a link ends at a port or a device"),
    ],
)
def test_what_is_refused(world: World, admin: Actor, new: list[NewResource], said: str) -> None:
    before = Resource.objects.count()
    with pytest.raises(BadInventory, match=said):
        add_resources(new, at=NOW, by=admin)
    assert Resource.objects.count() == before


def test_a_ring_of_dependencies_is_refused_by_name(world: World, admin: Actor) -> None:
    with pytest.raises(BadInventory, match="duct-AB") as error:
        add_dependencies([("duct-AB", "link-AB")], at=NOW, by=admin)
    assert "fibre-AB" in str(error.value)
    assert not Dependency.objects.filter(resource=world.resources["duct-AB"]).exists()


def test_a_dependency_said_twice_is_kept_once(world: World, admin: Actor) -> None:
    pairs = [("link-AB", "cable-BC"), ("link-AB", "cable-BC")]
    assert add_dependencies(pairs, at=NOW, by=admin) == 1
    assert add_dependencies(pairs, at=NOW, by=admin) == 0
    with pytest.raises(UnknownCode, match="nowhere"):
        add_dependencies([("link-AB", "nowhere")], at=NOW, by=admin)


def test_staff_see_resources_of_their_regions_and_customers_none(
    world: World, officer: Actor, customer: Actor, admin: Actor
) -> None:
    there, abroad = world.resources["device-A"].pk, world.resources["device-E"].pk
    assert places.resource(officer, there).code == "device-A"
    assert places.resource(admin, abroad).code == "device-E"
    for actor, pk in ((officer, abroad), (customer, there), (officer, 10**9)):
        with pytest.raises(NoSuchResource):
            places.resource(actor, pk)
    assert places.resource_list(officer, text="汉口", kind="site").object_list[0].code == "site-A"


def test_many_are_read_at_once(world: World) -> None:
    ids = places.ids_by_code(["device-A", "link-AB", "nowhere"])
    assert set(ids) == {"device-A", "link-AB"}
    assert places.names(ids.values())[ids["link-AB"]].kind == "link"


def test_what_fails_with_a_duct_is_found_with_its_circuits(world: World) -> None:
    duct = world.resources["duct-BC"].pk
    assert world.link("BC").pk in places.below([duct])
    assert {c.number for c in places.circuits_over([duct])} == {"WH-HS-E1-0001", "HS-WH-E1-0003"}
