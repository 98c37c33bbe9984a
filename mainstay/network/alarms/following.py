"""Turns what changed in the inventory into a change of the network the judge keeps (G2)."""

from collections.abc import Sequence

from mainstay.domain.root_cause import Role
from mainstay.network.alarms.judging.network import Network, NetworkChange
from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.inventory.queries.feed import KnownResource, Touched

_ROLES: dict[str, Role] = {
    ResourceKind.DUCT: Role.MEDIUM,
    ResourceKind.CABLE: Role.MEDIUM,
    ResourceKind.FIBRE: Role.MEDIUM,
    ResourceKind.LINK: Role.LINK,
}


def role_of(kind: str) -> Role:
    """Return what a kind of resource is to the search for causes."""
    return _ROLES.get(kind, Role.EQUIPMENT)


def change_of(network: Network, touched: Touched) -> NetworkChange:
    """Return what is to change, checked. Raises BadTopology; KeyError for a resource nobody has told of."""
    index_of = network.index_of_resource
    fresh = [each for each in touched.resources if each.id not in index_of]
    late = {each.id: index for index, each in enumerate(fresh, network.graph.n_resources)}

    def index(resource: int) -> int:
        return late[resource] if resource in late else index_of[resource]

    parents = {index(each.id): [index(on) for on in each.above] for each in touched.resources}
    parents |= {index_of[gone]: [] for gone in touched.resources_gone if gone in index_of}
    routes: dict[int, Sequence[Sequence[int]]] = {}
    opened: list[int] = []
    for circuit in touched.circuits:
        known = network.index_of_circuit(circuit.id)
        if known is None and circuit.in_service:
            known = network.graph.n_circuits + len(opened)
            opened.append(circuit.id)
        if known is not None:
            routes[known] = [[index(hop) for hop in path] for path in circuit.paths]
    for gone in touched.circuits_gone:
        known = network.index_of_circuit(gone)
        if known is not None:
            routes[known] = []
    graph = network.graph.plan(resources=network.graph.n_resources + len(fresh), parents=parents, routes=routes)
    return NetworkChange(
        graph=graph,
        resource_ids=tuple(late),
        circuit_ids=tuple(opened),
        kinds={each.id: each.kind for each in fresh},
        roles=tuple(int(role_of(each.kind)) for each in fresh),
        refs=_names(touched.resources),
        gone=touched.resources_gone,
    )


def _names(resources: Sequence[KnownResource]) -> dict[str, int]:
    return {each.code: each.id for each in resources}
