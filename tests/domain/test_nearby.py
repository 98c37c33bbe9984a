"""A circuit's causes looked up from below are those the engine explains."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.impact import NEVER, ImpactEngine, ImpactGraph, Nearby

RESOURCES = 12


@st.composite
def networks(draw: st.DrawFn) -> ImpactGraph:
    """Draw a network without circles: a resource hangs on lower ones only."""
    depends = draw(
        st.sets(
            st.tuples(st.integers(1, RESOURCES - 1), st.integers(0, RESOURCES - 2)).filter(
                lambda pair: pair[0] > pair[1]
            ),
            max_size=14,
        )
    )
    path = st.lists(st.integers(0, RESOURCES - 1), min_size=1, max_size=4)
    circuits = draw(st.lists(st.lists(path, min_size=1, max_size=3), min_size=1, max_size=5))
    return ImpactGraph.from_paths(RESOURCES, sorted(depends), circuits)


faults = st.lists(
    st.tuples(st.integers(0, RESOURCES - 1), st.integers(0, 2), st.booleans(), st.integers(0, 50)), max_size=12
)


@settings(max_examples=300, deadline=None)
@given(networks(), faults)
def test_the_causes_are_those_of_the_engine(graph: ImpactGraph, given_faults: list[tuple[int, int, bool, int]]) -> None:
    engine, nearby = ImpactEngine(graph), Nearby(graph)
    standing: dict[int, dict[bool, tuple[int, int]]] = {}
    for resource, level, planned, at in given_faults:
        engine.set_levels([resource], [level], [planned], [at])
        standing.setdefault(resource, {})[planned] = (level, at)
        both = standing[resource].values()
        nearby.put(
            resource,
            (
                min((at for level, at in both if level), default=NEVER),
                min((at for level, at in both if level == 2), default=NEVER),
            ),
        )
        for circuit in range(graph.n_circuits):
            assert nearby.causes(circuit) == engine.explain(circuit).causes


def test_a_changed_way_is_looked_up_anew() -> None:
    graph = ImpactGraph.from_paths(3, [(1, 0)], [[[1]]])
    nearby = Nearby(graph)
    nearby.put(0, (5, 5))
    assert nearby.causes(0) == (0,)
    graph.apply(graph.plan(parents={1: [2]}))
    nearby.forget_ways()
    assert nearby.causes(0) == ()


@settings(max_examples=300, deadline=None)
@given(networks(), faults)
def test_what_was_up_is_out_because_of_the_one_fault_that_changed_and_since_it_began(
    graph: ImpactGraph, given_faults: list[tuple[int, int, bool, int]]
) -> None:
    engine = ImpactEngine(graph)
    for resource, level, planned, at in given_faults:
        changes = engine.set_levels([resource], [level], [planned], [at])
        for circuit, old in zip(changes.circuits.tolist(), changes.old.tolist(), strict=True):
            if old == 0:
                assert engine.explain(circuit).causes == (resource,)
                assert engine.since(circuit) == at
