"""The network as the judgement sees it: dense indexes for the engine, identifiers for everyone else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.impact import GraphChange, ImpactGraph


@dataclass(frozen=True)
class NetworkChange:
    """What changes: the graph's part by index, ids of new resources and circuits in the order of their indexes.

    `kinds` and `roles` of new resources; `refs`: what alarms may call them; `gone`: ids that nothing may name any more.
    """

    graph: GraphChange
    resource_ids: tuple[int, ...] = ()
    circuit_ids: tuple[int, ...] = ()
    kinds: Mapping[int, str] = field(default_factory=dict)
    roles: tuple[int, ...] = ()
    refs: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()


@dataclass
class Network:
    """The graph with its maps; `kinds` by resource id, `roles` by index; `refs` from what alarms name to ids.

    Changed by `follow` alone. Ids are ascending as far as they were read together; later ones are found in `_late`.
    """

    graph: ImpactGraph
    resource_ids: NDArray[np.int64]
    circuit_ids: NDArray[np.int64]
    index_of_resource: dict[int, int]
    refs: dict[str, int]
    aliases: Mapping[tuple[int, str], int]
    kinds: dict[int, str]
    roles: NDArray[np.int8]
    _late: dict[int, int] = field(default_factory=dict)

    def place(self, source: int, ref: str) -> int | None:
        """Give the id of the resource a source means, None when the inventory does not know it."""
        return self.refs.get(ref) or self.aliases.get((source, ref))

    def index_of_circuit(self, circuit: int) -> int | None:
        """Give the index of a circuit by its id, None when it has none."""
        late = self._late.get(circuit)
        if late is not None:
            return late
        known = self.circuit_ids[: len(self.circuit_ids) - len(self._late)]
        found = int(np.searchsorted(known, circuit))
        return found if found < len(known) and known[found] == circuit else None

    def follow(self, change: NetworkChange) -> None:
        """Take up a change, the graph's part included."""
        self.graph.apply(change.graph)
        for index, resource in enumerate(change.resource_ids, len(self.resource_ids)):
            self.index_of_resource[resource] = index
        for index, circuit in enumerate(change.circuit_ids, len(self.circuit_ids)):
            self._late[circuit] = index
        if change.resource_ids:
            self.resource_ids = np.append(self.resource_ids, change.resource_ids)
            self.roles = np.append(self.roles, np.array(change.roles, np.int8))
        if change.circuit_ids:
            self.circuit_ids = np.append(self.circuit_ids, change.circuit_ids)
        self.kinds.update(change.kinds)
        if change.gone:
            self.refs = {ref: pk for ref, pk in self.refs.items() if pk not in change.gone}
            self.aliases = {key: pk for key, pk in self.aliases.items() if pk not in change.gone}
        self.refs.update(change.refs)
