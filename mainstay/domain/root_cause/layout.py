"""What lies above a resource, which links end at it, what runs in it: the network as the search for causes sees it."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from mainstay.domain.errors import Refused, msgid
from mainstay.domain.impact.graph import ImpactGraph
from mainstay.domain.root_cause.groups import Role


class Layout:
    """Short lists around one resource, found once and kept; `roles[r]` is the Role of resource r."""

    def __init__(self, graph: ImpactGraph, roles: ArrayLike) -> None:
        """Raises Refused unless there is one role per resource."""
        self.roles: list[int] = np.asarray(roles, np.int64).tolist()
        self.graph = graph
        if len(self.roles) != graph.n_resources:
            raise Refused(
                msgid("There are {roles} roles for {count} resources; give one for each."),
                roles=len(self.roles),
                count=graph.n_resources,
            )
        self._above: dict[int, frozenset[int]] = {}
        self._ends: dict[int, frozenset[int]] = {}
        self._links: dict[int, tuple[int, ...]] = {}

    def follow(self, roles: ArrayLike, stirred: Iterable[int]) -> None:
        """Take up a change that the graph has just applied; see GraphChange. Raises Refused as the constructor."""
        known = np.asarray(roles, np.int64)
        if len(known) != self.graph.n_resources:
            raise Refused(
                msgid("There are {roles} roles for {count} resources; give one for each."),
                roles=len(known),
                count=self.graph.n_resources,
            )
        self.roles += known[len(self.roles) :].tolist()
        for resource in stirred:
            for kept in (self._above, self._ends, self._links):
                kept.pop(resource, None)

    def above(self, resource: int) -> frozenset[int]:
        """Give everything whose failure fails `resource`, without itself."""
        known = self._above.get(resource)
        if known is None:
            parents: list[int] = self.graph.up.row(resource).tolist()
            if len(parents) == 1:
                known = self.above(parents[0]).union(parents)
            else:
                known = frozenset(parents).union(*map(self.above, parents))
            self._above[resource] = known
        return known

    def ends(self, link: int) -> frozenset[int]:
        """Give the equipment a link directly joins."""
        known = self._ends.get(link)
        if known is None:
            parents: list[int] = self.graph.up.row(link).tolist()
            known = frozenset(parent for parent in parents if self.roles[parent] == Role.EQUIPMENT)
            self._ends[link] = known
        return known

    def links(self, equipment: int) -> tuple[int, ...]:
        """Give the links that end at a piece of equipment."""
        known = self._links.get(equipment)
        if known is None:
            if not self.graph.down.lengths.item(equipment):
                return ()
            children: list[int] = self.graph.down.row(equipment).tolist()
            known = tuple(child for child in children if self.roles[child] == Role.LINK)
            self._links[equipment] = known
        return known

    def media(self, resource: int) -> list[int]:
        """Give the media a link or medium directly runs in."""
        parents: list[int] = self.graph.up.row(resource).tolist()
        return [parent for parent in parents if self.roles[parent] == Role.MEDIUM]

    def dependants(self, medium: int) -> int:
        """Count what directly runs in a medium."""
        return len(self.graph.down.row(medium))

    def rank(self, resource: int) -> int:
        """Give the longest way from a root; a parent's is lower than its child's."""
        return int(self.graph.rank[resource])
