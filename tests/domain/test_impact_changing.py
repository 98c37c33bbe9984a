"""A network changed row by row, faults standing, is judged like one built from scratch."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.impact import BadTopology, Changes, ImpactEngine, ImpactGraph, Level
from mainstay.domain.impact.rows import Rows
from tests.domain.test_impact import Batch, Network, assert_agrees, columns, networks, retell


def changed(
    network: Network, resources: int, parents: Mapping[int, Sequence[int]], routes: Mapping[int, list[list[int]]]
) -> Network:
    depends = [pair for pair in network.depends if pair[0] not in parents]
    depends += [(child, parent) for child, above in parents.items() for parent in above]
    last = max([len(network.circuits), *(circuit + 1 for circuit in routes)])
    circuits = [*network.circuits, *([] for _ in range(last - len(network.circuits)))]
    return Network(resources, depends, [routes.get(c, paths) for c, paths in enumerate(circuits)])


def assert_same(engine: ImpactEngine, network: Network) -> None:
    """Compare with an engine built on the network from scratch that heard the same faults."""
    graph, fresh = network.graph(), ImpactEngine(network.graph())
    faults = [(r, s) for s in (0, 1) for r in range(network.resources) if engine._level[s, r]]
    for resource, slot in faults:
        fresh.set_levels(resource, engine._level[slot, resource], 1 - slot, engine._began[slot, resource])
    assert engine.states().tolist() == fresh.states().tolist()
    assert engine.unplanned_states().tolist() == fresh.unplanned_states().tolist()
    assert engine.effective_levels().tolist() == fresh.effective_levels().tolist()
    assert engine.graph.rank[: network.resources].tolist() == graph.rank.tolist()
    assert engine.graph.depends().tolist() == graph.depends().tolist()
    everyone = range(len(network.circuits))
    for circuit in everyone:
        assert engine.explain(circuit) == fresh.explain(circuit)
        assert engine.graph.shared_risk(circuit).tolist() == graph.shared_risk(circuit).tolist()
        assert [p.tolist() for p in engine.graph.paths_of(circuit)] == network.circuits[circuit]
    for unplanned in (False, True):
        begins = engine.since_many(everyone, unplanned=unplanned).tolist()
        assert begins == fresh.since_many(everyone, unplanned=unplanned).tolist()
    for resource in range(network.resources):
        assert engine.graph.circuits_of([resource]).tolist() == graph.circuits_of([resource]).tolist()


def told(before: list[tuple[int, int]], engine: ImpactEngine, changes: Changes) -> None:
    """Compare what was said to have changed with what did; `before`: state and begin of each circuit."""
    states, everyone = engine.states().tolist(), range(engine.graph.n_circuits)
    before = [*before, *[(0, before[0][1])] * (len(states) - len(before))] if before else [(0, 0)] * len(states)
    now = dict(zip(changes.circuits.tolist(), changes.new.tolist(), strict=True))
    assert all(now.get(c) == states[c] for c in everyone if before[c][0] != states[c])
    begins = engine.since_many(everyone).tolist()
    moved = {c for c in everyone if before[c][0] == states[c] != 0 and before[c][1] != begins[c]}
    assert moved <= set(changes.retimed.tolist()) | set(now)


@settings(max_examples=400, deadline=None)
@given(networks(), st.data())
def test_after_any_changes_and_faults_it_equals_one_built_from_scratch(network: Network, data: st.DataObject) -> None:
    engine, faults = ImpactEngine(network.graph()), dict[tuple[int, bool], tuple[int, int]]()
    for _ in range(data.draw(st.integers(1, 5))):
        batch = data.draw(faults_on(network))
        engine.set_levels(*columns(batch))
        retell(faults, batch)
        size = network.resources + data.draw(st.integers(0, 2))
        path = st.lists(st.integers(0, size - 1), min_size=1, max_size=4)
        last = len(network.circuits) + 2
        routes = data.draw(st.dictionaries(st.integers(0, last), st.lists(path, max_size=3), max_size=3))
        parents = data.draw(
            st.dictionaries(st.integers(0, size - 1), st.lists(st.integers(0, size - 1), max_size=3), max_size=3)
        )
        wanted = changed(network, size, parents, routes)
        before = list(zip(engine.states().tolist(), engine.since_many(range(len(network.circuits))), strict=True))
        try:
            change = engine.graph.plan(resources=size, parents=parents, routes=routes)
        except BadTopology:
            with pytest.raises(BadTopology):
                wanted.graph()
            continue
        engine.graph.apply(change)
        told(before, engine, engine.adopt(change))
        network = wanted
        assert_same(engine, network)
    assert_agrees(network, engine, faults)


def faults_on(network: Network) -> st.SearchStrategy[Batch]:
    instants = st.integers(1, 12).map(lambda t: 100 * t)
    fault = st.tuples(st.integers(0, network.resources - 1), st.integers(0, 2), st.booleans(), instants)
    return st.lists(fault, max_size=5)


def test_what_is_no_news_changes_nothing() -> None:
    graph = ImpactGraph.from_paths(3, [(1, 0)], [[[1], [2]]])
    change = graph.plan(parents={1: [0]}, routes={0: [[1], [2]]})
    assert (change.parents, change.routes, change.stirred.tolist()) == ({}, {}, [])


def test_a_ring_is_refused_and_nothing_changes() -> None:
    graph = ImpactGraph.from_paths(3, [(1, 0), (2, 1)], [])
    with pytest.raises(BadTopology, match="0 → 2 → 1 → 0"):
        graph.plan(parents={0: [2]})
    assert graph.depends().tolist() == [[1, 0], [2, 1]]


def test_the_level_of_what_stands_below_follows_a_resource_to_its_new_place() -> None:
    engine = ImpactEngine(ImpactGraph.from_paths(4, [(2, 0), (3, 2)], [[[3]]]))
    engine.set_levels([1], Level.DOWN, False, 500)
    change = engine.graph.plan(parents={2: [1]})
    engine.graph.apply(change)
    changes = engine.adopt(change)
    assert (changes.circuits.tolist(), changes.new.tolist(), engine.since(0)) == ([0], [3], 500)


def test_rows_that_moved_often_are_laid_close_again() -> None:
    rows = Rows.from_lengths(np.array([2, 1]), np.array([7, 8, 9], np.int32))
    for length in range(1, 40):
        rows.put(0, np.arange(length))
    assert rows.compact(least=1)
    assert (rows.wasted, rows.used, rows.row(0).tolist(), rows.row(1).tolist()) == (0, 40, list(range(39)), [9])
