"""What would happen if these failed together: by the engine, and as a slow and obvious reckoning has it (G2, I3)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.domain.actor import Actor, system
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit, Dependency, Hop, Path, Resource
from mainstay.network.inventory.queries import places
from mainstay.network.planned_work.queries.what_if import WhatIf, what_if
from tests.cast import World

HOUSE = system("test")


def ids(world: World, *codes: str) -> list[int]:
    return [world.resources[code].pk for code in codes]


def states(found: WhatIf) -> dict[str, LiveState]:
    return {hit.number: hit.after for hit in found.hits}


def brute(resource_ids: list[int]) -> dict[int, LiveState]:
    """Judge every circuit one by one, walking upwards from each hop: what is above fails it."""
    asked, found = set(resource_ids), dict[int, LiveState]()

    def fails(pk: int) -> bool:
        row = Resource.objects.get(pk=pk)
        over = {row.parent_id, row.a_end_id, row.z_end_id, *row.dependencies.values_list("on_id", flat=True)} - {None}
        return pk in asked or any(fails(each) for each in over if each is not None)

    for circuit in Circuit.objects.filter(status="active"):
        down = {
            path.role: any(fails(hop) for hop in path.hops.values_list("resource_id", flat=True))
            for path in circuit.paths.all()
        }
        working = down.pop("working", False)
        if working:
            state = LiveState.UNPROTECTED if down and not all(down.values()) else LiveState.DOWN
        else:
            state = LiveState.UNPROTECTED if any(down.values()) else LiveState.UP
        if state != LiveState.UP:
            found[circuit.pk] = state
    return found


def test_it_works(world: World, officer: Actor) -> None:
    found = what_if(officer, ids(world, "duct-BC"))
    assert states(found) == {
        world.circuit.number: LiveState.UNPROTECTED,
        world.logistics_circuit.number: LiveState.DOWN,
    }
    assert found.by_state == {LiveState.DOWN: 1, LiveState.UNPROTECTED: 1}
    assert found.passing == 2
    assert set(found.customers) == {world.bank.pk, world.logistics.pk}
    assert found.circuits_by_grade == {"AAA": 1, "A": 1}


def test_both_paths_at_once_take_the_circuit_down(world: World, officer: Actor) -> None:
    assert states(what_if(officer, ids(world, "duct-BC", "link-DA")))[world.circuit.number] == LiveState.DOWN


def test_one_resource_under_both_paths_is_a_shared_risk(world: World, officer: Actor) -> None:
    found = what_if(officer, ids(world, "site-A", "link-CD"))
    bank = next(hit for hit in found.hits if hit.circuit_id == world.circuit.pk)
    assert bank.after == LiveState.DOWN
    assert bank.shared_id == world.resources["site-A"].pk
    assert [hit.circuit_id for hit in found.shared] == [world.circuit.pk]


def test_it_stands_on_what_fails_already(world: World, officer: Actor) -> None:
    standing = {world.link("DA").pk: 2}
    found = what_if(officer, ids(world, "link-BC"), standing=lambda _ids: standing)
    bank = next(hit for hit in found.hits if hit.circuit_id == world.circuit.pk)
    assert (bank.before, bank.after) == (LiveState.UNPROTECTED, LiveState.DOWN)


def test_it_is_seen_by_scope(world: World, customer: Actor) -> None:
    everything = ids(world, *world.resources)
    assert states(what_if(world.actor("huang.wei"), everything)) == {world.trade_circuit.number: LiveState.DOWN}
    family = {world.circuit.number, world.branch_circuit.number}
    assert set(states(what_if(customer, everything))) <= family


def test_nothing_over_it_is_nothing(world: World, officer: Actor) -> None:
    assert what_if(officer, ids(world, "port-E-client")).hits == ()
    assert what_if(officer, []).hits == ()


@pytest.mark.parametrize("code", ["site-A", "device-B", "card-C", "duct-BC", "cable-CD", "fibre-DA", "link-AB"])
def test_it_touches_what_affected_circuits_names(world: World, code: str) -> None:
    found = what_if(HOUSE, ids(world, code))
    over = set(places.circuits_over(ids(world, code)).values_list("pk", flat=True))
    assert {hit.circuit_id for hit in found.hits} == over
    assert found.passing == len(over)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_is_what_a_slow_reckoning_says(world: World, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(sorted(world.resources)), min_size=1, max_size=4, unique=True))
    asked = ids(world, *chosen)
    assert {hit.circuit_id: hit.after for hit in what_if(HOUSE, asked).hits} == brute(asked)


def test_queries_do_not_grow_with_circuits(world: World, django_assert_num_queries: Any, officer: Actor) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        what_if(officer, ids(world, "duct-BC"))
    copies = Circuit.objects.bulk_create(
        Circuit(
            number=f"WH-HS-E1-9{n:03}", customer=world.bank, product=world.product, grade="AA", technology="mstp",
            reach="province", bandwidth_kbps=2_048, region_code="4201",
        )
        for n in range(20)
    )  # fmt: skip
    ways = Path.objects.bulk_create(Path(circuit=circuit, role="working") for circuit in copies)
    Hop.objects.bulk_create(Hop(path=way, position=1, resource=world.link("BC")) for way in ways)
    with django_assert_num_queries(len(few)):
        assert len(what_if(officer, ids(world, "duct-BC")).hits) == 22


def test_a_dependency_beyond_containment_counts(world: World, officer: Actor) -> None:
    Dependency.objects.create(resource=world.resources["device-F"], on=world.resources["site-A"])
    found = what_if(HOUSE, ids(world, "site-A"))
    assert states(found)[world.trade_circuit.number] == LiveState.DOWN
