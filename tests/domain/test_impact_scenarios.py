"""What the duty desk sees when real things break: a protected ring, a site without power, a port, a cut duct."""

from itertools import permutations

import pytest

from mainstay.domain.impact import CircuitState, ImpactEngine, ImpactGraph, Level

UP, UNPROTECTED, DEGRADED, DOWN = CircuitState

# A ring of four sites A B C D. Per site a device and three ports: to the left, to the right, to the customer.
SITES = [0, 1, 2, 3]
DEVICES = [4, 5, 6, 7]
PORTS = {(site, place): 8 + 3 * site + place for site in SITES for place in range(3)}
LEFT, RIGHT, CUSTOMER = range(3)
LINKS = [20, 21, 22, 23]
"""Link n joins site n to site n + 1."""
CABLES = [24, 25, 26, 27]
DUCT = 28
"""Holds the cables of links 0, 1 and 2."""
DEPENDS = [
    *zip(DEVICES, SITES, strict=True),
    *((port, DEVICES[site]) for (site, _), port in PORTS.items()),
    *((LINKS[n], PORTS[n, RIGHT]) for n in SITES),
    *((LINKS[n], PORTS[(n + 1) % 4, LEFT]) for n in SITES),
    *zip(LINKS, CABLES, strict=True),
    *((cable, DUCT) for cable in CABLES[:3]),
]
TAIL_A, TAIL_B, TAIL_C = PORTS[0, CUSTOMER], PORTS[1, CUSTOMER], PORTS[2, CUSTOMER]
ROUND = [[TAIL_A, LINKS[0], LINKS[1], TAIL_C], [TAIL_A, LINKS[3], LINKS[2], TAIL_C]]
SINGLE = [[TAIL_A, LINKS[0], TAIL_B]]
PROTECTED_AB = [[TAIL_A, LINKS[0], TAIL_B], [TAIL_A, LINKS[3], LINKS[2], LINKS[1], TAIL_B]]


@pytest.fixture
def engine() -> ImpactEngine:
    return ImpactEngine(ImpactGraph.from_paths(29, DEPENDS, [ROUND, SINGLE, PROTECTED_AB]))


def state(engine: ImpactEngine, circuit: int = 0) -> CircuitState:
    return CircuitState(int(engine.states()[circuit]))


def test_it_works(engine: ImpactEngine) -> None:
    assert engine.states().tolist() == [UP, UP, UP]


def test_two_links_of_a_protected_ring_cut_one_after_the_other_are_unprotected_then_down(engine: ImpactEngine) -> None:
    engine.set_levels(LINKS[1], Level.DOWN, False, 1_000)
    assert (state(engine), engine.since(0)) == (UNPROTECTED, 1_000)
    changes = engine.set_levels(LINKS[3], Level.DOWN, False, 9_000)
    assert dict(zip(changes.circuits.tolist(), changes.new.tolist(), strict=True)) == {0: DOWN}
    assert engine.since(0) == 9_000
    assert engine.explain(0).causes == (LINKS[1], LINKS[3])


@pytest.mark.parametrize("order", list(permutations([(LINKS[1], 1_000), (LINKS[3], 9_000), (CABLES[2], 12_000)])))
def test_cuts_told_and_restored_in_any_order_give_the_right_state_and_begin(
    engine: ImpactEngine, order: tuple[tuple[int, int], ...]
) -> None:
    for resource, began in order:
        engine.set_levels(resource, Level.DOWN, False, began)
    assert (state(engine), engine.since(0)) == (DOWN, 9_000)
    standing = dict(order)
    for resource, _ in order:
        engine.set_levels(resource, Level.CLEAR, False, 20_000)
        del standing[resource]
        protection = [began for other, began in standing.items() if other != LINKS[1]]
        if LINKS[1] in standing and protection:
            assert (state(engine), engine.since(0)) == (DOWN, max(1_000, min(protection)))
        elif standing:
            assert (state(engine), engine.since(0)) == (UNPROTECTED, min(standing.values()))
    assert state(engine) == UP
    assert engine.since(0) is None


def test_a_late_earlier_alarm_moves_the_begin_and_says_so(engine: ImpactEngine) -> None:
    engine.set_levels(LINKS[0], Level.DOWN, False, 9_000)
    changes = engine.set_levels(CABLES[0], Level.DOWN, False, 8_000)
    assert 1 not in changes.circuits
    assert 1 in changes.retimed
    assert engine.since(1) == 8_000


def test_site_power_loss_downs_everything_within_and_every_link_to_it(engine: ImpactEngine) -> None:
    engine.set_levels(SITES[1], Level.DOWN, False, 1_000)
    levels = engine.effective_levels()
    within = [DEVICES[1], *(PORTS[1, place] for place in range(3)), LINKS[0], LINKS[1]]
    assert [levels[resource] for resource in within] == [Level.DOWN] * 6
    assert levels.sum() == 7 * Level.DOWN
    assert engine.states().tolist() == [UNPROTECTED, DOWN, DOWN]
    assert engine.explain(1).causes == (SITES[1],)


def test_a_port_alarm_does_not_down_its_device(engine: ImpactEngine) -> None:
    engine.set_levels(PORTS[1, CUSTOMER], Level.DOWN, False, 1_000)
    assert engine.effective_levels()[DEVICES[1]] == Level.CLEAR
    assert engine.states().tolist() == [UP, DOWN, DOWN]


def test_a_cut_duct_downs_a_circuit_whose_two_paths_share_it(engine: ImpactEngine) -> None:
    assert DUCT in engine.graph.shared_risk(0)
    assert LINKS[1] not in engine.graph.shared_risk(0)
    assert engine.graph.shared_risk(1).tolist() == []
    assert engine.what_if([DUCT]).new.tolist() == [DOWN, DOWN, DOWN]
    assert engine.states().tolist() == [UP, UP, UP]
    engine.set_levels(DUCT, Level.DOWN, False, 1_000)
    assert engine.states().tolist() == [DOWN, DOWN, DOWN]
    assert engine.explain(0).causes == (DUCT,)


def test_planned_work_on_one_leg_and_a_cut_on_the_other_are_told_apart(engine: ImpactEngine) -> None:
    engine.set_levels(CABLES[3], Level.DOWN, True, 1_000)
    assert (engine.states()[0], engine.unplanned_states()[0]) == (UNPROTECTED, UP)
    engine.set_levels(LINKS[1], Level.DOWN, False, 2_000)
    assert (engine.states()[0], engine.unplanned_states()[0]) == (DOWN, UNPROTECTED)
    assert (engine.since(0), engine.since(0, unplanned=True)) == (2_000, 2_000)
    changes = engine.set_levels(CABLES[3], Level.CLEAR, True, 3_000)
    assert (changes.old_unplanned[0], changes.new_unplanned[0]) == (UNPROTECTED, UNPROTECTED)


def test_a_planned_and_an_unplanned_fault_stand_on_one_resource_each_by_itself(engine: ImpactEngine) -> None:
    engine.set_levels([LINKS[0]] * 2, [Level.DOWN, Level.DEGRADED], [True, False], [1_000, 500])
    assert (engine.states()[1], engine.unplanned_states()[1]) == (DOWN, DEGRADED)
    assert (engine.since(1), engine.since(1, unplanned=True)) == (1_000, 500)
    engine.set_levels(LINKS[0], Level.CLEAR, True, 2_000)
    assert engine.states()[1] == DEGRADED


def test_degraded_working_and_clear_protection_is_degraded(engine: ImpactEngine) -> None:
    engine.set_levels(LINKS[1], Level.DEGRADED, False, 1_000)
    assert (state(engine), engine.since(0)) == (DEGRADED, 1_000)
    engine.set_levels(LINKS[1], Level.DOWN, False, 2_000)
    assert (state(engine), engine.since(0)) == (UNPROTECTED, 2_000)
    engine.set_levels(LINKS[2], Level.DEGRADED, False, 3_000)
    assert (state(engine), engine.since(0)) == (DEGRADED, 3_000)


def test_a_new_route_is_judged_under_the_faults_that_stand(engine: ImpactEngine) -> None:
    engine.set_levels(LINKS[0], Level.DOWN, False, 1_000)
    change = engine.graph.plan(routes={1: [[TAIL_A, LINKS[3], LINKS[2], LINKS[1], TAIL_B]]})
    engine.graph.apply(change)
    changes = engine.adopt(change)
    assert (changes.circuits.tolist(), changes.old.tolist(), changes.new.tolist()) == ([1], [DOWN], [UP])
