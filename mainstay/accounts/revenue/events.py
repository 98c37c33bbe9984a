"""What the room announces."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class RevenueChanged:
    """Bills, payments or usage of customers changed; `months` (first days): which months' figures may be others."""

    customer_ids: tuple[int, ...]
    months: tuple[date, ...]
