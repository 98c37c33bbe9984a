"""What would happen to whom if these failed, or these together (G2, I3)?

A page builds the little network that matters: the circuits over what fails, their paths, and all that these rest on;
then the same engine answers that judges alarms. A flat number of queries for each level of the network.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import QuerySet

from mainstay.accounts.catalog.choices import GRADE_RANK, SERVICE_GRADE_RANK
from mainstay.domain.actor import Actor
from mainstay.domain.impact import ImpactEngine, ImpactGraph, Level
from mainstay.network.inventory.choices import LiveState, PathRole
from mainstay.network.inventory.models import Circuit, Dependency, Hop, Path, Resource
from mainstay.network.inventory.queries import circuits, places

CHUNK = 5_000

Standing = Callable[[list[int]], Mapping[int, int]]
"""Gives the level (1 degraded, 2 down) of what fails already among some resources; the room above knows."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A circuit that would change: from which state to which.

    `shared_id`: the one resource among those asked about whose failure alone breaks all paths of this circuit.
    """

    circuit_id: int
    number: str
    grade: str
    customer_id: int
    customer_grade: str
    region_code: str
    before: LiveState
    after: LiveState
    shared_id: int | None = None


@dataclass(frozen=True)
class WhatIf:
    """The answer: hits, the worst state and best grade first; `passing`: circuits over it, changed or not."""

    resource_ids: tuple[int, ...]
    hits: tuple[Hit, ...]
    passing: int

    @cached_property
    def by_state(self) -> dict[LiveState, int]:
        """Count the circuits by the state they would be in."""
        return dict(Counter(hit.after for hit in self.hits))

    @cached_property
    def customers(self) -> dict[int, str]:
        """Return the customers hit, with their service grade."""
        return {hit.customer_id: hit.customer_grade for hit in self.hits}

    @property
    def customers_by_grade(self) -> dict[str, int]:
        """Count the customers hit by service grade, best first."""
        counted = Counter(self.customers.values())
        return dict(sorted(counted.items(), key=lambda pair: SERVICE_GRADE_RANK.get(pair[0], 9)))

    @property
    def circuits_by_grade(self) -> dict[str, int]:
        """Count the circuits hit by grade, best first."""
        counted = Counter(hit.grade for hit in self.hits)
        return dict(sorted(counted.items(), key=lambda pair: GRADE_RANK.get(pair[0], 9)))

    @property
    def shared(self) -> tuple[Hit, ...]:
        """Return the circuits whose paths all rest on one of the resources: their protection does not help here."""
        return tuple(hit for hit in self.hits if hit.shared_id is not None)


def what_if(
    actor: Actor, resource_ids: Collection[int], level: Level = Level.DOWN, *, standing: Standing | None = None
) -> WhatIf:
    """Judge what would change for the circuits the actor sees if all these were at `level` (G2, I3).

    With `standing` on top of what fails already; without, in a network where all else is well.
    """
    asked = tuple(sorted(set(resource_ids)))
    network = SmallNetwork.over(circuits.visible_to(actor), asked)
    return WhatIf(asked, tuple(network.hits(asked, level, standing=standing)), len(network.rows))


class SmallNetwork:
    """The circuits over some resources, their paths, and all these rest on: as the engine's arrays."""

    def __init__(
        self,
        rows: list[tuple[int, str, str, int, str, str]],
        paths: Mapping[int, list[list[int]]],
        above: Mapping[int, set[int]],
    ) -> None:
        self.rows = rows
        known = sorted(above.keys() | {on for parents in above.values() for on in parents})
        self.known = known
        self.index_of = {resource: index for index, resource in enumerate(known)}
        depends = [(self.index_of[child], self.index_of[on]) for child, parents in above.items() for on in parents]
        ways = [[[self.index_of[hop] for hop in path] for path in paths.get(row[0], [])] for row in rows]
        self.graph = ImpactGraph.from_paths(len(known), depends, ways)

    @classmethod
    def over(cls, seen: QuerySet[Circuit], resource_ids: Iterable[int]) -> "SmallNetwork":
        """Read what matters for circuits of `seen` over these resources."""
        columns = ("pk", "number", "grade", "customer_id", "customer__service_grade", "region_code")
        wanted = seen.filter(pk__in=places.circuits_over(resource_ids).values("pk"))
        rows = list(wanted.order_by("pk").values_list(*columns))
        paths = _paths([row[0] for row in rows])
        return cls(rows, paths, _above({hop for ways in paths.values() for path in ways for hop in path}))

    def hits(
        self, resource_ids: Iterable[int], level: Level = Level.DOWN, *, standing: Standing | None = None
    ) -> list[Hit]:
        """Return the circuits that change when these are at `level`, the worst first."""
        asked = [self.index_of[pk] for pk in resource_ids if pk in self.index_of]
        engine = ImpactEngine(self.graph)
        self._set(engine, standing(self.known) if standing else {})
        changes = engine.what_if(asked, level)
        shared = self._shared(asked, level)
        found = [
            _hit(self.rows[circuit], old, new, shared.get(circuit))
            for circuit, old, new in zip(
                changes.circuits.tolist(), changes.old.tolist(), changes.new.tolist(), strict=True
            )
        ]
        return sorted(found, key=lambda hit: (-hit.after, GRADE_RANK.get(hit.grade, 9), hit.number))

    def states(self, resource_ids: Iterable[int]) -> dict[int, LiveState]:
        """Return the state of each circuit, by id, when these are down and all else is well."""
        engine = ImpactEngine(self.graph)
        asked = [self.index_of[pk] for pk in resource_ids if pk in self.index_of]
        engine.set_levels(asked, Level.DOWN, True, 0)
        return {row[0]: LiveState(state) for row, state in zip(self.rows, engine.states().tolist(), strict=True)}

    def _set(self, engine: ImpactEngine, levels: Mapping[int, int]) -> None:
        faults = {self.index_of[pk]: level for pk, level in levels.items() if level and pk in self.index_of}
        if faults:
            engine.set_levels(list(faults), list(faults.values()), False, 0)

    def _shared(self, asked: list[int], level: Level) -> dict[int, int]:
        """Give for circuits with several paths the first resource that takes all of them down by itself."""
        found: dict[int, int] = {}
        protected = np.asarray(self.graph.path_count[: self.graph.n_circuits]) > 1
        if level != Level.DOWN or not protected.any():
            return found
        engine = ImpactEngine(self.graph)
        for index in asked:
            changes = engine.what_if([index])
            down = changes.circuits[(changes.new == LiveState.DOWN) & protected[changes.circuits]]
            for circuit in down.tolist():
                found.setdefault(circuit, self.known[index])
        return found


def _hit(row: tuple[int, str, str, int, str, str], before: int, after: int, shared_id: int | None) -> Hit:
    pk, number, grade, customer_id, customer_grade, region_code = row
    states = LiveState(before), LiveState(after)
    return Hit(pk, number, grade, customer_id, customer_grade, region_code, *states, shared_id)


def _paths(circuit_ids: list[int]) -> dict[int, list[list[int]]]:
    """Read the paths of circuits, working first, each as its resources from A to Z."""
    found: dict[int, list[list[int]]] = {}
    for part in _parts(circuit_ids):
        ways: dict[int, list[int]] = {}
        paths = Path.objects.filter(circuit__in=part).values_list("pk", "circuit_id", "role")
        for pk, circuit, _role in sorted(paths, key=lambda path: (path[2] != PathRole.WORKING, path[0])):
            ways[pk] = []
            found.setdefault(circuit, []).append(ways[pk])
        hops = Hop.objects.filter(path__circuit__in=part).order_by("path_id", "position")
        for path, resource in hops.values_list("path_id", "resource_id").iterator(chunk_size=10_000):
            ways[path].append(resource)
    return {circuit: [path for path in paths if path] for circuit, paths in found.items()}


def _above(resource_ids: set[int]) -> dict[int, set[int]]:
    """Read what each of these, and each of what they rest on, directly depends on."""
    found: dict[int, set[int]] = {}
    level = resource_ids
    while level:
        for part in _parts(sorted(level)):
            rows = Resource.objects.filter(pk__in=part).values_list("pk", "parent_id", "a_end_id", "z_end_id")
            for pk, *over in rows:
                found[pk] = {each for each in over if each}
            for child, on in Dependency.objects.filter(resource__in=part).values_list("resource_id", "on_id"):
                found[child].add(on)
        level = {on for child in level for on in found.get(child, ())} - found.keys()
    return found


def _parts(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
