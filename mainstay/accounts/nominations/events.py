"""What this room announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CustomersNamed:
    """Nominations of these customers began or ended, in the transaction that announces."""

    customer_ids: tuple[int, ...]
