"""The network as the judgement sees it: dense indexes for the engine, identifiers for everyone else."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.impact import ImpactGraph


@dataclass(frozen=True)
class Network:
    """The graph with its maps; `kinds` by resource id, `roles` by index; `refs` from what alarms name to ids."""

    graph: ImpactGraph
    resource_ids: NDArray[np.int64]
    circuit_ids: NDArray[np.int64]
    index_of_resource: Mapping[int, int]
    refs: Mapping[str, int]
    aliases: Mapping[tuple[int, str], int]
    kinds: Mapping[int, str]
    roles: NDArray[np.int8]

    def place(self, source: int, ref: str) -> int | None:
        """Give the id of the resource a source means, None when the inventory does not know it."""
        return self.refs.get(ref) or self.aliases.get((source, ref))
