"""What the tiers announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GradesChanged:
    """Customers hold other grades than before, in a rule set."""

    rule_set: str
    customer_ids: tuple[int, ...]
