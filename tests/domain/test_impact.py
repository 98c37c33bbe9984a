"""The impact engine against a slow, obvious judgement from scratch, on random networks and fault stories."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.errors import Refused
from mainstay.domain.impact import NEVER, BadTopology, Changes, ImpactEngine, ImpactGraph, Level

Fault = tuple[int, bool]
Standing = dict[Fault, tuple[int, int]]
# (resource, planned) -> (level, began)


@dataclass
class Network:
    resources: int
    depends: list[tuple[int, int]]
    circuits: list[list[list[int]]]

    def graph(self) -> ImpactGraph:
        return ImpactGraph.from_paths(self.resources, self.depends, self.circuits)


# The slow, obvious reference.


def above(network: Network, resource: int) -> set[int]:
    found: set[int] = set()
    for child, parent in network.depends:
        if child == resource:
            found |= {parent} | above(network, parent)
    return found


def level_of(network: Network, faults: Standing, resource: int) -> int:
    reach = above(network, resource) | {resource}
    return max((level for (faulty, _), (level, _) in faults.items() if faulty in reach), default=0)


def judge(network: Network, faults: Standing, circuit: int) -> int:
    levels = [max(level_of(network, faults, hop) for hop in path) for path in network.circuits[circuit]]
    if not levels:
        return 0
    working, others = levels[0], levels[1:]
    if not others:
        return [0, 2, 3][working]
    if working == 2:
        return [1, 2, 3][min(others)]
    if working == 1:
        return 2
    return 1 if any(others) else 0


def unplanned(faults: Standing) -> Standing:
    return {fault: value for fault, value in faults.items() if not fault[1]}


def since(network: Network, faults: Standing, circuit: int) -> int | None:
    """Walk back through the begins while the state was at least as bad as it is now."""
    now = judge(network, faults, circuit)
    if now == 0:
        return None
    answer = None
    for instant in sorted({began for _, began in faults.values()}, reverse=True):
        begun = {fault: value for fault, value in faults.items() if value[1] <= instant}
        if judge(network, begun, circuit) < now:
            break
        answer = instant
    return answer


def path_levels(network: Network, faults: Standing, circuit: int) -> list[int]:
    return [max(level_of(network, faults, hop) for hop in path) for path in network.circuits[circuit]]


def smallest_explanation(network: Network, faults: Standing, circuit: int) -> int:
    now = path_levels(network, faults, circuit)
    faulty = sorted({resource for resource, _ in faults})
    for size in range(len(faulty) + 1):
        for chosen in combinations(faulty, size):
            if path_levels(network, {f: v for f, v in faults.items() if f[0] in chosen}, circuit) == now:
                return size
    raise AssertionError


# Random networks.


@st.composite
def networks(draw: st.DrawFn) -> Network:
    size = draw(st.integers(1, 9))
    # Indexes are shuffled so that a parent's may be higher than its child's.
    names = draw(st.permutations(range(size)))
    pairs = [(names[low], names[high]) for low in range(size) for high in range(low)]
    depends = draw(st.lists(st.sampled_from(pairs), max_size=12)) if pairs else []
    path = st.lists(st.integers(0, size - 1), min_size=1, max_size=5)
    circuits = draw(st.lists(st.lists(path, max_size=4), max_size=6))
    return Network(size, depends, circuits)


Batch = list[tuple[int, int, bool, int]]


@st.composite
def stories(draw: st.DrawFn) -> tuple[Network, list[Batch]]:
    network = draw(networks())
    step = st.tuples(
        st.integers(0, network.resources - 1),
        st.integers(0, 2),
        st.booleans(),
        st.integers(1, 12).map(lambda t: 100 * t),
    )
    return network, draw(st.lists(st.lists(step, max_size=6), min_size=1, max_size=6))


def columns(batch: Batch) -> tuple[list[int], list[int], list[bool], list[int]]:
    return [b[0] for b in batch], [b[1] for b in batch], [b[2] for b in batch], [b[3] for b in batch]


def retell(faults: Standing, batch: Batch) -> None:
    for resource, level, planned, at in batch:
        if level:
            faults[resource, planned] = (level, at)
        else:
            faults.pop((resource, planned), None)


def assert_agrees(network: Network, engine: ImpactEngine, faults: Standing) -> None:
    everyone = range(len(network.circuits))
    calm = unplanned(faults)
    assert engine.states().tolist() == [judge(network, faults, c) for c in everyone]
    assert engine.unplanned_states().tolist() == [judge(network, calm, c) for c in everyone]
    assert [engine.since(c) for c in everyone] == [since(network, faults, c) for c in everyone]
    assert engine.since_many(everyone).tolist() == [NEVER if at is None else at for at in map(engine.since, everyone)]
    assert [engine.since(c, unplanned=True) for c in everyone] == [since(network, calm, c) for c in everyone]
    assert engine.effective_levels().tolist() == [level_of(network, faults, r) for r in range(network.resources)]


def test_it_works() -> None:
    engine = ImpactEngine(ImpactGraph.from_paths(3, [(1, 0)], [[[1]], [[2]]]))
    changes = engine.set_levels([0], [2], [False], [1_000])
    assert changes.circuits.tolist() == [0]
    assert (changes.old.tolist(), changes.new.tolist()) == ([0], [3])
    assert engine.since(0) == 1_000
    assert engine.since(1) is None


@settings(max_examples=400, deadline=None)
@given(stories())
def test_states_and_begins_equal_a_judgement_from_scratch_after_every_batch(story: tuple[Network, list[Batch]]) -> None:
    network, batches = story
    engine, faults = ImpactEngine(network.graph()), {}
    for batch in batches:
        before = engine.states(), engine.unplanned_states()
        begins = [(engine.since(c), engine.since(c, unplanned=True)) for c in range(len(network.circuits))]
        changes = engine.set_levels(*columns(batch))
        retell(faults, batch)
        assert_agrees(network, engine, faults)
        after = engine.states(), engine.unplanned_states()
        changed = np.flatnonzero((before[0] != after[0]) | (before[1] != after[1]))
        assert changes.circuits.tolist() == changed.tolist()
        assert changes.old.tolist() == before[0][changed].tolist()
        assert changes.new.tolist() == after[0][changed].tolist()
        assert changes.old_unplanned.tolist() == before[1][changed].tolist()
        assert changes.new_unplanned.tolist() == after[1][changed].tolist()
        moved = {c for c, old in enumerate(begins) if (engine.since(c), engine.since(c, unplanned=True)) != old}
        assert moved - set(changed.tolist()) <= set(changes.retimed.tolist())
        assert not set(changes.retimed.tolist()) & set(changed.tolist())


@settings(max_examples=300, deadline=None)
@given(stories())
def test_faults_set_one_by_one_give_the_same_as_together(story: tuple[Network, list[Batch]]) -> None:
    network, batches = story
    engine, other, faults = ImpactEngine(network.graph()), ImpactEngine(network.graph()), {}
    for batch in batches:
        for fault in batch:
            one, same = engine.set_level(*fault), other.set_levels(*columns([fault]))
            assert (list(one.circuits), list(one.retimed)) == same.one_by_one()
            assert list(zip(*columns_of(same)[:-1], strict=True)) == list(one.circuits)
        retell(faults, batch)
        assert_agrees(network, engine, faults)


def columns_of(changes: Changes) -> list[Any]:
    return [
        changes.circuits, changes.old, changes.new, changes.old_unplanned, changes.new_unplanned, changes.retimed,
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(stories(), st.data())
def test_restoring_every_fault_in_any_order_leaves_every_circuit_up(
    story: tuple[Network, list[Batch]], data: st.DataObject
) -> None:
    network, batches = story
    engine, faults = ImpactEngine(network.graph()), {}
    for batch in batches:
        engine.set_levels(*columns(batch))
        retell(faults, batch)
    for resource, planned in data.draw(st.permutations(sorted(faults))):
        engine.set_levels(resource, 0, planned, 0)
        del faults[resource, planned]
        assert_agrees(network, engine, faults)
    assert not engine.states().any()


@settings(max_examples=150, deadline=None)
@given(stories(), st.data())
def test_what_if_tells_what_would_change_and_changes_nothing(
    story: tuple[Network, list[Batch]], data: st.DataObject
) -> None:
    network, batches = story
    engine, faults = ImpactEngine(network.graph()), {}
    for batch in batches:
        engine.set_levels(*columns(batch))
        retell(faults, batch)
    asked = data.draw(st.lists(st.integers(0, network.resources - 1), max_size=4))
    level, planned = data.draw(st.integers(0, 2)), data.draw(st.booleans())
    changes = engine.what_if(asked, Level(level), planned=planned)
    assert_agrees(network, engine, faults)
    supposed = dict(faults)
    for resource in asked:
        if level > supposed.get((resource, planned), (0, 0))[0]:
            supposed[resource, planned] = (level, 9_999)
    expected = [
        (c, judge(network, faults, c), judge(network, supposed, c))
        for c in range(len(network.circuits))
        if judge(network, faults, c) != judge(network, supposed, c)
        or judge(network, unplanned(faults), c) != judge(network, unplanned(supposed), c)
    ]
    assert list(zip(changes.circuits.tolist(), changes.old.tolist(), changes.new.tolist(), strict=True)) == expected


@settings(max_examples=150, deadline=None)
@given(stories())
def test_an_explanation_is_sufficient_and_the_smallest(story: tuple[Network, list[Batch]]) -> None:
    network, batches = story
    engine, faults = ImpactEngine(network.graph()), {}
    for batch in batches:
        engine.set_levels(*columns(batch))
        retell(faults, batch)
    for circuit in range(len(network.circuits)):
        explanation = engine.explain(circuit)
        chosen = {fault: value for fault, value in faults.items() if fault[0] in explanation.causes}
        now = path_levels(network, faults, circuit)
        assert path_levels(network, chosen, circuit) == now
        assert len(explanation.causes) == smallest_explanation(network, faults, circuit)
        assert [path.level for path in explanation.paths] == now
        assert explanation.state == judge(network, faults, circuit)
        for path, hops in zip(explanation.paths, network.circuits[circuit], strict=True):
            reach = set(hops).union(*(above(network, hop) for hop in hops))
            assert path.faults == tuple(sorted({resource for resource, _ in faults} & reach))
            assert path.broken == tuple(sorted({hop for hop in hops if level_of(network, faults, hop)}))


@settings(max_examples=150, deadline=None)
@given(networks(), st.data())
def test_reach_and_shared_risk_equal_walking_the_network(network: Network, data: st.DataObject) -> None:
    graph = network.graph()
    asked = data.draw(st.lists(st.integers(0, network.resources - 1), max_size=3))
    up = set().union(*(above(network, resource) for resource in asked))
    down = {r for r in range(network.resources) if above(network, r) & set(asked)}
    assert graph.ancestors(asked).tolist() == sorted(up)
    assert graph.descendants(asked).tolist() == sorted(down)
    hit = {c for c, paths in enumerate(network.circuits) if any(set(path) & (down | set(asked)) for path in paths)}
    assert graph.circuits_of(asked).tolist() == sorted(hit)
    for circuit, paths in enumerate(network.circuits):
        assert [path.tolist() for path in graph.paths_of(circuit)] == paths
        under = [set(path).union(*(above(network, hop) for hop in path)) for path in paths]
        shared = {r for r in range(network.resources) if sum(r in reach for reach in under) > 1}
        assert graph.shared_risk(circuit).tolist() == sorted(shared)


def test_a_cycle_is_refused_and_named() -> None:
    with pytest.raises(BadTopology, match="1 → 2 → 3 → 1"):
        ImpactGraph.from_paths(5, [(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)], [])


@pytest.mark.parametrize(
    ("depends", "circuits", "message"),
    [
        ([(0, 7)], [], "Dependency names resource 7; there are 2"),
        ([(-1, 0)], [], "Dependency names resource -1"),
        ([], [[[0, 2]]], "A path runs over resource 2; there are 2"),
        ([], [[[0]], [[]]], "A path of circuit 1 has 0 resources"),
        ([(1, 1)], [], "1 → 1"),
    ],
)
def test_a_network_that_cannot_be_is_refused(
    depends: list[tuple[int, int]], circuits: list[list[list[int]]], message: str
) -> None:
    with pytest.raises(BadTopology, match=message):
        ImpactGraph.from_paths(2, depends, circuits)


@pytest.mark.parametrize(("resource", "level"), [(2, 1), (-1, 1), (0, 3), (0, -1)])
def test_an_unknown_resource_or_level_is_refused_and_nothing_changes(resource: int, level: int) -> None:
    engine = ImpactEngine(ImpactGraph.from_paths(2, [], [[[0, 1]]]))
    with pytest.raises(Refused):
        engine.set_levels([1, resource], [2, level], [False, False], [5, 5])
    assert engine.states().tolist() == [0]


def test_a_network_without_anything_in_it_is_fine() -> None:
    engine = ImpactEngine(ImpactGraph.from_paths(0, [], []))
    assert len(engine.set_levels([], [], [], [])) == 0
    assert engine.states().tolist() == []
