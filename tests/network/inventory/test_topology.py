"""The whole network is read as flat arrays that agree with the rows."""

from mainstay.domain.actor import Actor
from mainstay.domain.impact import ImpactGraph
from mainstay.network.inventory.actions.circuits import cease_circuit
from mainstay.network.inventory.models import Hop
from mainstay.network.inventory.queries.topology import read_topology
from tests.cast import NOW, World


def graph_of_now() -> tuple[ImpactGraph, dict[int, int], dict[int, int]]:
    found = read_topology()
    graph = ImpactGraph.build(
        resources=len(found.resource_ids),
        depends=found.depends,
        circuits=len(found.circuit_ids),
        path_circuits=found.path_circuits,
        path_lengths=found.path_lengths,
        path_resources=found.path_resources,
    )
    return (
        graph,
        {int(pk): index for index, pk in enumerate(found.resource_ids)},
        {int(pk): index for index, pk in enumerate(found.circuit_ids)},
    )


def test_it_works(world: World) -> None:
    graph, resource, circuit = graph_of_now()
    assert (graph.n_resources, graph.n_circuits, graph.n_paths) == (len(world.resources), 4, 5)
    found = read_topology()
    pairs = {(int(child), int(on)) for child, on in found.depends}
    for name, above in (("link-AB", ("port-A-east", "port-B-west", "fibre-AB")), ("port-A-east", ("card-A",))):
        for code in above:
            assert (resource[world.resources[name].pk], resource[world.resources[code].pk]) in pairs
    first = found.path_circuits.tolist().index(circuit[world.circuit.pk])
    begin = int(found.path_lengths[:first].sum())
    hops = found.path_resources[begin : begin + int(found.path_lengths[first])]
    rows = Hop.objects.filter(path__circuit=world.circuit, path__role="working").order_by("position")
    assert [int(found.resource_ids[hop]) for hop in hops] == list(rows.values_list("resource", flat=True))


def test_ceased_circuits_are_left_out(world: World, admin: Actor) -> None:
    cease_circuit(world.circuit.pk, at=NOW, by=admin)
    graph, _, circuit = graph_of_now()
    assert (graph.n_circuits, graph.n_paths) == (3, 3)
    assert world.circuit.pk not in circuit


def test_an_empty_network_is_empty(db: None) -> None:
    found = read_topology()
    assert (found.resource_ids.size, found.path_lengths.size, found.depends.shape) == (0, 0, (0, 2))
