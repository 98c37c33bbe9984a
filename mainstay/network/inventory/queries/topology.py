"""Read the whole network as flat arrays, for the impact worker (E2, G2)."""
# ruff: noqa: S608 (only names of tables and words of our own are put into SQL)

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.errors import msgid
from mainstay.network.inventory.choices import CircuitStatus, PathRole
from mainstay.network.inventory.errors import BadInventory
from mainstay.network.inventory.models import Circuit, Dependency, Hop, Path, Resource, TopologyRevision
from mainstay.platform.bulk.reading import chunks, table

Integers = NDArray[np.int64]

TRIES = 5


@dataclass(frozen=True)
class Topology:
    """The network at a revision. `*_ids` are database ids in ascending order; everything else is indexes into them.

    `depends`: shape (m, 2), (child, parent): parts on what holds them, links on both their ends, and dependencies.
    `path_circuits`, `path_lengths`: one per path, a circuit's paths together and working first. `path_resources`: the
    hops of all paths, one path after the other, A to Z. `path_ids`: database ids in the same order. Only circuits in
    service; one without a route has no path.
    """

    revision: int
    resource_ids: Integers
    circuit_ids: Integers
    depends: Integers
    path_ids: Integers
    path_circuits: Integers
    path_lengths: Integers
    path_resources: NDArray[np.int32]


def revision() -> int:
    """Return the count of topology changes: it moves with every change of resource, dependency, route or service."""
    return TopologyRevision.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def read_topology() -> Topology:
    """Read everything (7 queries, no transaction held); read again when the inventory moved meanwhile.

    Raises BadInventory when it never stood still for `TRIES` readings.
    """
    for _attempt in range(TRIES):
        before = revision()
        try:
            found = _read(before)
        except IndexError:
            continue
        if revision() == before:
            return found
    raise BadInventory(
        msgid("The inventory kept changing while it was read; load in fewer, larger batches and try again.")
    )


def _read(at_revision: int) -> Topology:
    resource = Resource._meta.db_table
    resource_ids = np.sort(table(f"SELECT id FROM {resource}", (8,))[0])
    circuits, owners, roles = Circuit._meta.db_table, Path._meta.db_table, PathRole.WORKING.value
    in_service = f"SELECT id FROM {circuits} WHERE status = '{CircuitStatus.ACTIVE.value}'"
    circuit_ids = np.sort(table(in_service, (8,))[0])
    depends = _dependencies(resource, resource_ids)
    way = table(f"SELECT id, circuit_id, CASE WHEN role = '{roles}' THEN 0 ELSE 1 END FROM {owners}", (8, 8, 4))
    order = np.lexsort((way[0], way[2], way[1]))
    path_ids, owner = way[0][order], way[1][order]
    place = _places(path_ids, owner, circuit_ids)
    paths, resources = _hops(path_ids, place, resource_ids)
    lengths = np.bincount(paths, minlength=len(path_ids))[: len(path_ids)]
    kept = np.flatnonzero(lengths)
    return Topology(
        revision=at_revision,
        resource_ids=resource_ids,
        circuit_ids=circuit_ids,
        depends=depends,
        path_ids=path_ids[kept],
        path_circuits=_indexes(owner[kept], circuit_ids),
        path_lengths=lengths[kept],
        path_resources=resources,
    )


def _dependencies(resource: str, resource_ids: Integers) -> Integers:
    pairs = table(
        f"SELECT id, parent_id FROM {resource} WHERE parent_id IS NOT NULL"
        f" UNION ALL SELECT id, a_end_id FROM {resource} WHERE a_end_id IS NOT NULL"
        f" UNION ALL SELECT id, z_end_id FROM {resource} WHERE z_end_id IS NOT NULL"
        f" UNION ALL SELECT resource_id, on_id FROM {Dependency._meta.db_table}",
        (8, 8),
    )
    return np.stack([_indexes(each, resource_ids) for each in pairs], axis=1)


def _places(path_ids: Integers, owner: Integers, circuit_ids: Integers) -> NDArray[np.int32]:
    """Give by path, in the order of ids, where it stands among all; -1 when its circuit is out of service."""
    found = np.searchsorted(circuit_ids, owner)
    active = found < len(circuit_ids)
    active[active] = circuit_ids[found[active]] == owner[active]
    place = np.where(active, np.arange(len(path_ids)), -1).astype(np.int32)
    return place[np.argsort(path_ids)]


def _hops(
    path_ids: Integers, place: NDArray[np.int32], resource_ids: Integers
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give path (where it stands) and resource (index) of every hop, path by path, A to Z.

    The table is read as it lies: sorting millions of rows is quicker here, and mostly they lie in order.
    """
    ids, parts = np.sort(path_ids), [(np.empty(0, np.int32),) * 2 + (np.empty(0, np.int16),)]
    for path, position, resource in chunks(
        f"SELECT path_id, position, resource_id FROM {Hop._meta.db_table}", (8, 2, 8)
    ):
        where = place[_indexes(path, ids)]
        kept = where >= 0
        hop = _indexes(resource[kept], resource_ids).astype(np.int32)
        parts.append((where[kept], hop, position[kept].astype(np.int16)))
    paths, resources, positions = (np.concatenate(column) for column in zip(*parts, strict=True))
    del parts
    keys = paths.astype(np.int64)
    keys <<= 16
    keys |= positions
    if np.any(keys[1:] < keys[:-1]):
        order = np.argsort(keys)
        paths, resources = paths[order], resources[order]
    return paths, resources


def _indexes(ids: Integers, known: Integers) -> Integers:
    """Return where ids stand in `known`. Raises IndexError for one that is not there: it came between two queries."""
    found = np.searchsorted(known, ids)
    if ids.size and (found.max() >= len(known) or not np.array_equal(known[found], ids)):
        raise IndexError
    return found.astype(np.int64, copy=False)
