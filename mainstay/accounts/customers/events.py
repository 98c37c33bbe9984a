"""What the archive announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CustomersRenamed:
    """Customers' names or short names changed: what is found by them must be found by the new ones."""

    customer_ids: tuple[int, ...]


@dataclass(frozen=True)
class CustomersChanged:
    """Customers were made, or what rules go by changed: kind, group, trade, ownership, region, archive."""

    customer_ids: tuple[int, ...]


@dataclass(frozen=True)
class CustomersMade:
    """Customers were taken on."""

    customer_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class OwnersChanged:
    """Customers have another account manager: `before` and `after` are users' ids, None for nobody, as `customer_ids`.

    Why stands in the actor's reason.
    """

    customer_ids: tuple[int, ...]
    before: tuple[int | None, ...]
    after: tuple[int | None, ...]
    at: datetime


@dataclass(frozen=True)
class CustomersMerged:
    """What belonged to one customer belongs to another now (or again).

    `moved` are ids by column, as "inventory.Circuit.customer_id".
    """

    from_id: int
    into_id: int
    moved: dict[str, list[int]]
    at: datetime
