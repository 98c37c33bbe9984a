"""Circuits are opened with ends and routes; a route that does not join up is refused by position."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.domain.actor import NOBODY, Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.actions.circuits import (
    NewCircuit,
    NewEnd,
    cease_circuit,
    change_route,
    open_circuits,
)
from mainstay.network.inventory.actions.resources import NewResource, add_resources
from mainstay.network.inventory.errors import BadInventory, BadRoute, NoSuchCircuit, UnknownCode
from mainstay.network.inventory.models import Circuit, Hop, LiveCircuit
from mainstay.network.inventory.queries import circuits, customers, topology
from mainstay.network.inventory.queries.circuits import CircuitFilters
from mainstay.network.inventory.queries.route import route
from mainstay.platform.journal.models import Entry, OutboxEvent
from mainstay.platform.search.queries import find
from tests.cast import NOW, World

WORKING = ("device-A", "port-A-east", "link-AB", "port-B-west", "device-B", "link-BC", "device-C")
PROTECTION = ("device-A", "link-DA", "device-D", "link-CD", "device-C")


def wanted(number: str = "WH-HS-ETH-0009", **more: Any) -> NewCircuit:
    new = NewCircuit(
        number,
        customer="C0002",
        product="leased-line",
        grade="AA",
        technology="mstp",
        reach="province",
        bandwidth_kbps=10_000,
        a=NewEnd("汉口营业部", "江汉路 7 号", region_code="4201", converter="device-A"),
        z=NewEnd("港区营业部", "沿江大道 2 号", ip_address="10.1.2.3"),
        working=WORKING,
        protection=PROTECTION,
    )
    return replace(new, **more)


def test_it_works(world: World, admin: Actor, customer: Actor) -> None:
    before = topology.revision()
    (made,) = open_circuits([wanted(contract="HT-2026-0001", line=1)], at=NOW, by=admin)
    found = circuits.circuit(customer, made.pk)
    assert (found.region_code, found.contract_line) == ("4201", world.line)
    assert [end.site_name for end in circuits.ends(made.pk)] == ["汉口营业部", "港区营业部"]
    working = Hop.objects.filter(path__circuit=made, path__role="working").order_by("position")
    assert tuple(working.values_list("resource__code", flat=True)) == WORKING
    assert topology.revision() == before + 1
    entry = Entry.objects.get(action="circuit.open")
    assert (entry.customer_id, entry.after["working"]) == (world.branch.pk, list(WORKING))
    assert OutboxEvent.objects.filter(kind="circuit", customer_id=world.branch.pk).count() == 1


@pytest.mark.parametrize("text", ["WHHSETH0009", "WH-HS-ETH-0009", "hanjiangyinhang", "江汉路"])
def test_a_circuit_is_found_by_number_customer_and_address(world: World, admin: Actor, text: str) -> None:
    (made,) = open_circuits([wanted()], at=NOW, by=admin)
    assert ("circuit", str(made.pk)) in [(found.kind, found.id) for found in find(text, admin)]


def test_who_may_not(world: World, officer: Actor, manager: Actor, customer: Actor) -> None:
    for actor in (officer, manager, customer, NOBODY):
        with pytest.raises(NotAllowed):
            open_circuits([wanted()], at=NOW, by=actor)


def test_an_inventory_clerk_of_a_region_stays_within_it(world: World, admin: Actor) -> None:
    clerk = replace(admin, regions=("44",))
    with pytest.raises(UnknownCode, match="no customer C0002"):
        open_circuits([wanted()], at=NOW, by=clerk)
    with pytest.raises(NotAllowed, match="4201"):
        open_circuits([wanted(customer="C0004")], at=NOW, by=clerk)
    with pytest.raises(NoSuchCircuit):
        cease_circuit(world.circuit.pk, at=NOW, by=clerk)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "WH-HS-E1-0001"}, "exists already"),
        ({"number": " "}, "has no number"),
        ({"customer": "C9999"}, "no customer C9999"),
        ({"product": "smoke-signal"}, "no product smoke-signal"),
        ({"grade": "Z"}, "“Z” is not a grade"),
        ({"reach": ""}, "is not a reach"),
        ({"bandwidth_kbps": 0}, "carries nothing"),
        ({"contract": "HT-2026-0001", "line": 2}, "has no line 2"),
        ({"contract": "HT-2026-0002", "line": 1}, "not one of customer C0002"),
        ({"a": NewEnd("汉口", router="nowhere")}, "no device nowhere for its A end"),
    ],
)
def test_what_is_refused(world: World, admin: Actor, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInventory, match=said):
        open_circuits([wanted(**change)], at=NOW, by=admin)
    assert Circuit.objects.count() == 4


def test_the_same_number_twice_is_refused(world: World, admin: Actor) -> None:
    with pytest.raises(BadInventory, match="given twice"):
        open_circuits([wanted(), wanted()], at=NOW, by=admin)


@pytest.mark.parametrize(
    ("hops", "said"),
    [
        (("device-A", "device-B"), "position 1, device-A, does not join position 2, device-B; add the link"),
        (("device-A", "link-BC", "device-C"), "position 1, device-A, does not join position 2, link-BC"),
        (("device-A", "link-AB", "device-B", "link-CD"), "position 3, device-B, does not join position 4, link-CD"),
        (("link-AB", "link-CD"), "position 1, link-AB, does not join position 2, link-CD"),
        (("port-A-east", "link-AB", "port-A-east"), "port-A-east stands at positions 1 and 3"),
        (("port-A-east", "link-AB", "device-A"), "link link-AB, is entered from port-A-east and left to device-A"),
        (("device-A", "duct-AB", "device-B"), "position 2, duct-AB, is a duct"),
        (("device-A", "nowhere"), "position 2, nowhere, is not in the inventory"),
        (("port-A-west", "link-AB", "device-B"), "position 1, port-A-west, does not join position 2, link-AB"),
    ],
)
def test_a_route_that_does_not_join_up_is_refused_by_name(
    world: World, admin: Actor, hops: tuple[str, ...], said: str
) -> None:
    changes: list[dict[str, Any]] = [{"working": hops, "protection": ()}, {"protection": hops}]
    for change in changes:
        with pytest.raises(BadInventory, match=said) as error:
            open_circuits([wanted(**change)], at=NOW, by=admin)
        assert "WH-HS-ETH-0009" in str(error.value)


@pytest.mark.parametrize(
    "hops",
    [
        ("link-AB", "link-BC"),
        ("port-A-client", "device-A", "card-A", "port-A-east", "link-AB", "card-B"),
        ("port-A-client", "port-A-east", "link-AB", "port-B-west", "port-B-east", "link-BC", "port-C-west"),
        ("device-B", "link-AB", "device-A", "link-DA"),
        ("device-A",),
    ],
)
def test_routes_that_join_are_accepted(world: World, admin: Actor, hops: tuple[str, ...]) -> None:
    open_circuits([wanted(working=hops, protection=())], at=NOW, by=admin)


def test_a_protection_path_alone_is_refused(world: World, admin: Actor) -> None:
    with pytest.raises(BadRoute, match="no working path"):
        open_circuits([wanted(working=())], at=NOW, by=admin)


def test_a_route_changes_and_says_from_what_to_what(world: World, admin: Actor) -> None:
    (made,) = open_circuits([wanted()], at=NOW, by=admin)
    change_route(made.pk, working=PROTECTION, at=NOW, by=admin)
    entry = Entry.objects.get(action="circuit.route")
    assert (entry.before["working"], entry.after["working"]) == (list(WORKING), list(PROTECTION))
    assert [path.role for path in route(made.pk).paths] == ["working"]
    with pytest.raises(BadRoute):
        change_route(made.pk, working=("device-A", "device-C"), at=NOW, by=admin)


def test_a_circuit_ceases_once(world: World, admin: Actor, customer: Actor) -> None:
    cease_circuit(world.circuit.pk, at=NOW, by=admin)
    assert circuits.circuit(customer, world.circuit.pk).status == "ceased"
    assert world.circuit not in circuits.circuit_list(customer).object_list
    with pytest.raises(BadInventory, match="out of service already"):
        cease_circuit(world.circuit.pk, at=NOW, by=admin)


def test_lists_show_only_what_one_may_see(
    world: World, officer: Actor, manager: Actor, customer: Actor, outsider: Actor
) -> None:
    def numbers(actor: Actor, **filters: Any) -> list[str]:
        return [c.number for c in circuits.circuit_list(actor, CircuitFilters(**filters), sort="number").object_list]

    assert numbers(officer) == ["HS-HS-E1-0002", "HS-WH-E1-0003", "WH-HS-E1-0001"]
    assert numbers(manager) == numbers(customer) == ["HS-HS-E1-0002", "WH-HS-E1-0001"]
    assert numbers(outsider) == ["HS-WH-E1-0003"]
    assert numbers(outsider, text="汉江") == numbers(NOBODY) == []
    assert numbers(officer, grade="AAA", text="0001") == ["WH-HS-E1-0001"]
    for actor, other in (
        (outsider, world.circuit),
        (customer, world.logistics_circuit),
        (officer, world.trade_circuit),
    ):
        with pytest.raises(NoSuchCircuit):
            circuits.circuit(actor, other.pk)


def test_states_are_counted_and_filtered(world: World, officer: Actor) -> None:
    LiveCircuit.objects.create(circuit=world.circuit, state=3)
    LiveCircuit.objects.create(circuit=world.logistics_circuit, state=0, since=NOW)
    assert circuits.state_counts(officer) == {"up": 2, "unprotected": 0, "degraded": 0, "down": 1}
    assert list(circuits.circuit_list(officer, CircuitFilters(state="impaired"))) == [world.circuit]
    assert list(circuits.circuit_list(officer, CircuitFilters(state="down"))) == [world.circuit]
    assert world.circuit not in circuits.circuit_list(officer, CircuitFilters(state="up")).object_list
    assert circuits.circuit_list(officer, CircuitFilters(state="up")).paginator.count == 2
    assert next(iter(circuits.circuit_list(officer, sort="-state"))) == world.circuit


def test_customers_are_listed_with_their_circuits(world: World, officer: Actor, outsider: Actor) -> None:
    LiveCircuit.objects.create(circuit=world.circuit, state=1)
    rows = customers.customer_list(officer, sort="-impaired").object_list
    assert (rows[0].customer.pk, rows[0].circuits, rows[0].impaired) == (world.bank.pk, 1, 1)
    assert len(rows) == 3
    assert [r.customer for r in customers.customer_list(officer, impaired=True).object_list] == [world.bank]
    assert [r.customer for r in customers.customer_list(outsider).object_list] == [world.logistics]


def test_queries_do_not_grow_with_rows(world: World, admin: Actor) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            for row in circuits.circuit_list(admin).object_list:
                assert row.customer.name
                assert row.product.name
            for line in customers.customer_list(admin).object_list:
                assert line.customer.region.name
            route(world.circuit.pk)
            circuits.ends(world.circuit.pk)
        return len(seen)

    few = asked()
    open_circuits([wanted(f"N-{n}") for n in range(20)], at=NOW, by=admin)
    assert asked() == few


def test_opening_ten_asks_as_much_as_opening_two(world: World, admin: Actor) -> None:
    open_circuits([wanted()], at=NOW, by=admin)
    counts = []
    for count in (2, 10):
        with CaptureQueriesContext(connection) as seen:
            open_circuits([wanted(f"N-{count}-{n}") for n in range(count)], at=NOW, by=admin)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_route_shows_devices_ducts_and_what_both_paths_share(world: World, admin: Actor) -> None:
    view = route(world.circuit.pk)
    assert [path.role for path in view.paths] == ["working", "protection"]
    hop = next(hop for hop in view.paths[0].hops if hop.resource.code == "link-AB")
    assert (hop.ducts, hop.device) == (["AB 管道"], None)
    port = next(hop for hop in view.paths[0].hops if hop.resource.code == "port-A-client")
    assert (port.device.code, port.site.code) == ("device-A", "site-A")
    assert view.risks == []
    assert "converter-WH-HS-E1-0001-A" in [risk.resource.code for risk in view.shared]


def test_a_shared_duct_is_a_risk(world: World, admin: Actor) -> None:
    fibres = [
        NewResource("cable-CD-2", "cable", "第二条光缆", parent="duct-BC"),
        NewResource("fibre-CD-2", "fibre", "纤芯", parent="cable-CD-2"),
        NewResource("link-CD-2", "link", "备用", a_end="port-D-client", z_end="port-C-client", runs_in=("fibre-CD-2",)),
    ]
    add_resources(fibres, at=NOW, by=admin)
    way = ("device-A", "link-DA", "device-D", "link-CD-2", "device-C")
    (made,) = open_circuits([wanted(protection=way)], at=NOW, by=admin)
    assert [risk.resource.code for risk in route(made.pk).risks] == ["duct-BC"]
