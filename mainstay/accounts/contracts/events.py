"""What contracts announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ContractsChanged:
    """Contracts of these customers were registered, ended, or hold other lines."""

    customer_ids: tuple[int, ...]
