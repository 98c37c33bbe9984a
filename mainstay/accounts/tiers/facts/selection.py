"""Whose facts are wanted: everybody of a range of ids, or some; only the active archive is graded."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from mainstay.accounts.tiers.facts.register import Column
from mainstay.platform.bulk.reading import table


@dataclass(frozen=True)
class Selection:
    """Customers by id, ascending; `first` and `last` bound them, `some` names them where they are few."""

    ids: Column
    first: int
    last: int
    some: tuple[int, ...] | None = None

    def where(self, column: str) -> str:
        """Return the condition in SQL that a column names one of them (or, of a range, one between)."""
        if self.some is None:
            return f"{column} BETWEEN {self.first} AND {self.last}"
        return f"{column} IN ({', '.join(map(str, self.some)) or 'NULL'})"

    def spread(self, keys: Column, values: Column, otherwise: int) -> Column:
        """Lay values by customer id out along `ids`; `otherwise` where there is none."""
        laid = np.full(len(self.ids), otherwise, np.int64)
        if len(keys) and len(self.ids):
            place = np.minimum(np.searchsorted(self.ids, keys), len(self.ids) - 1)
            hit = self.ids[place] == keys
            laid[place[hit]] = values[hit]
        return laid


_ACTIVE = "SELECT id FROM customers_customer WHERE archive = 'active' AND {where} ORDER BY id"


def between(first: int, last: int) -> Selection:
    """Select the customers with ids of [first, last]."""
    (ids,) = table(_ACTIVE.format(where=f"id BETWEEN {int(first)} AND {int(last)}"), (8,))
    return Selection(ids, int(first), int(last))


def some(customer_ids: Collection[int]) -> Selection:
    """Select customers by id, at most some thousands."""
    wanted = tuple(sorted({int(pk) for pk in customer_ids}))
    bounds = Selection(np.empty(0, np.int64), min(wanted, default=0), max(wanted, default=0), wanted)
    (ids,) = table(_ACTIVE.format(where=bounds.where("id")), (8,))
    return Selection(ids, bounds.first, bounds.last, wanted)
