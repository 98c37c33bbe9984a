"""Whose is each circuit, and in which region? Kept for a million circuits in a few megabytes."""

from collections.abc import Collection, Iterable

import numpy as np

from mainstay.network.inventory.models import Circuit

AT_ONCE = 50_000


class Stamps:
    """Mutable: customer and region of each circuit, by its id."""

    def __init__(self) -> None:
        """Read all circuits, those out of service too (1 query)."""
        regions: dict[str, int] = {}
        rows = Circuit.objects.order_by("pk").values_list("pk", "customer_id", "region_code")
        numbered = (
            number
            for pk, customer, region in rows.iterator(chunk_size=AT_ONCE)
            for number in (pk, customer, regions.setdefault(region, len(regions)))
        )
        read = np.fromiter(numbered, np.int64).reshape(-1, 3)
        self._ids, self._customers, self._regions = read[:, 0].copy(), read[:, 1].copy(), read[:, 2].astype(np.int32)
        self._names = list(regions)
        self._late: dict[int, tuple[int, str]] = {}

    def __getitem__(self, circuit: int) -> tuple[int, str]:
        """Give customer and region of a circuit; raises KeyError."""
        late = self._late.get(circuit)
        if late is not None:
            return late
        at = int(np.searchsorted(self._ids, circuit))
        if at == len(self._ids) or self._ids[at] != circuit:
            raise KeyError(circuit)
        return int(self._customers[at]), self._names[self._regions[at]]

    def of(self, circuits: Collection[int]) -> dict[int, tuple[int, str]]:
        """Give customer and region of many circuits, by id; raises KeyError."""
        asked = np.fromiter(circuits, np.int64, len(circuits))
        places = np.minimum(np.searchsorted(self._ids, asked), len(self._ids) - 1)
        known = self._ids[places] == asked if len(self._ids) else np.zeros(len(asked), np.bool_)
        if not known.all() or self._late:
            return {circuit: self[circuit] for circuit in asked.tolist()}
        names = self._names
        regions = (names[number] for number in self._regions[places].tolist())
        return dict(zip(asked.tolist(), zip(self._customers[places].tolist(), regions, strict=True), strict=True))

    def learn(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Know (circuit, customer, region) as they are now."""
        self._late.update({circuit: (customer, region) for circuit, customer, region in rows})
