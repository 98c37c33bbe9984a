"""What the compensation room announces."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ClaimGranted:
    """A second person approved a claim; `amount_fen` is negative for a reversal."""

    claim_id: int
    customer_id: int
    month: date
    amount_fen: int
