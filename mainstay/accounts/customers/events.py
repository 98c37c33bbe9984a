"""What the archive announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CustomersRenamed:
    """Customers' names or short names changed: what is found by them must be found by the new ones."""

    customer_ids: tuple[int, ...]


@dataclass(frozen=True)
class CustomersChanged:
    """Customers were made, or what rules go by changed: kind, group, trade, ownership, region, archive."""

    customer_ids: tuple[int, ...]
