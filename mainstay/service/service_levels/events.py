"""What the service levels room announces."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class MonthClosed:
    """A month is closed: its figures are frozen as this version."""

    month: date
    version: int


@dataclass(frozen=True)
class ResultsRevised:
    """Circuits of a closed month were judged anew; what they were stays as the versions before."""

    month: date
    version: int
    circuit_ids: tuple[int, ...]
    why: str
