"""Read the whole network as flat arrays, for the impact worker (E2, G2)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from mainstay.domain.errors import msgid
from mainstay.network.inventory.choices import CircuitStatus, PathRole
from mainstay.network.inventory.errors import BadInventory
from mainstay.network.inventory.models import Circuit, Dependency, Hop, Path, Resource, TopologyRevision

Integers = NDArray[np.int64]

TRIES = 5
AT_ONCE = 50_000
"""Rows turned into an array at a time: millions of them as Python's numbers would fill a gigabyte."""


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
    path_resources: Integers


def revision() -> int:
    """Return the count of topology changes: it moves with every change of resource, dependency, route or service."""
    return TopologyRevision.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def read_topology() -> Topology:
    """Read everything (6 queries, no transaction held); read again when the inventory moved meanwhile.

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
    resource_ids = _ids(Resource.objects.order_by("pk").values_list("pk", flat=True))
    in_service = Circuit.objects.filter(status=CircuitStatus.ACTIVE).order_by("pk")
    circuit_ids = _ids(in_service.values_list("pk", flat=True))
    depends = _rows(
        f"SELECT id, parent_id FROM {resource} WHERE parent_id IS NOT NULL"  # noqa: S608
        f" UNION ALL SELECT id, a_end_id FROM {resource} WHERE a_end_id IS NOT NULL"
        f" UNION ALL SELECT id, z_end_id FROM {resource} WHERE z_end_id IS NOT NULL"
        f" UNION ALL SELECT resource_id, on_id FROM {Dependency._meta.db_table}",
        2,
    )
    hops = _rows(
        f"SELECT p.id, p.circuit_id, h.resource_id FROM {Path._meta.db_table} p"  # noqa: S608
        f" JOIN {Hop._meta.db_table} h ON h.path_id = p.id JOIN {Circuit._meta.db_table} c ON c.id = p.circuit_id"
        " WHERE c.status = %s ORDER BY p.circuit_id, CASE WHEN p.role = %s THEN 0 ELSE 1 END, p.id, h.position",
        3,
        [CircuitStatus.ACTIVE.value, PathRole.WORKING.value],
    )
    starts = np.flatnonzero(np.diff(hops[:, 0], prepend=-1))
    return Topology(
        revision=at_revision,
        resource_ids=resource_ids,
        circuit_ids=circuit_ids,
        depends=_indexes(depends, resource_ids),
        path_ids=hops[starts, 0],
        path_circuits=_indexes(hops[starts, 1], circuit_ids),
        path_lengths=np.diff(starts, append=len(hops)),
        path_resources=_indexes(hops[:, 2], resource_ids),
    )


def _ids(found: Iterable[int]) -> Integers:
    return np.fromiter(found, dtype=np.int64)


def _rows(sql: str, columns: int, values: list[str] | None = None) -> Integers:
    parts = [np.empty((0, columns), np.int64)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values or [])
        while part := cursor.fetchmany(AT_ONCE):
            parts.append(np.array(part, dtype=np.int64))
    return np.concatenate(parts)


def _indexes(ids: Integers, known: Integers) -> Integers:
    """Return where ids stand in `known`. Raises IndexError for one that is not there: it came between two queries."""
    found = np.searchsorted(known, ids)
    if ids.size and (found.max() >= len(known) or not np.array_equal(known[found], ids)):
        raise IndexError
    return found.astype(np.int64)
