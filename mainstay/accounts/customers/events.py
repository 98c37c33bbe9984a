"""What the archive announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CustomerRenamed:
    """A customer's name or short name changed: what is found by it must be found by the new one."""

    customer_id: int
