"""What can a clause of compensation say? (H8, D3, promise-clocks 21)"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class ClauseKind(StrEnum):
    """What a clause pays for."""

    AVAILABILITY = "availability"
    STARTED_HOUR = "started_hour"
    EVENT = "event"
    REPEAT = "repeat"
    LATE_REPAIR = "late_repair"


class AmountUnit(StrEnum):
    """A sum of money, or a share of the month's rent."""

    FEN = "fen"
    PERCENT = "percent"


class Combining(StrEnum):
    """What several clauses give together."""

    HIGHEST = "highest"
    ADD = "add"


class Per(StrEnum):
    """What a cap is for."""

    EVENT = "event"
    MONTH = "month"
    YEAR = "year"


class Rounding(StrEnum):
    """How an exact amount becomes whole fen: half up, or always up or down."""

    HALF_UP = "half_up"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Amount:
    """So many fen, or so many per cent of the month's rent."""

    value: Fraction
    unit: AmountUnit

    def of(self, rent_fen: Fraction) -> Fraction:
        """Return the exact amount in fen for a month's rent."""
        return self.value if self.unit == AmountUnit.FEN else rent_fen * self.value / 100


@dataclass(frozen=True)
class Step:
    """Below this availability (per cent) this is paid; the deepest step reached counts."""

    below: Fraction
    amount: Amount


@dataclass(frozen=True)
class Cap:
    """Never more than this for one event, a month, or a calendar year."""

    per: Per
    amount: Amount


@dataclass(frozen=True)
class Clause:
    """One clause.

    AVAILABILITY pays the deepest of `steps`; STARTED_HOUR `amount` for each started hour of a repair over its promise;
    EVENT `amount` for each outage from the `free_events` + 1st on; REPEAT `amount` for each outage that began within
    `repeat_days` after another one's end; LATE_REPAIR `amount` once, when any repair was late. `excluded_causes`:
    outages and repairs of these causes do not count. `caps` per event and month. `at_least_fen`: once anything is
    due under the clause, at least this much (its caps still hold).
    """

    code: str
    kind: ClauseKind
    name: str = ""
    amount: Amount = Amount(Fraction(0), AmountUnit.FEN)
    steps: tuple[Step, ...] = ()
    free_events: int = 0
    repeat_days: int = 0
    excluded_causes: frozenset[str] = frozenset()
    caps: tuple[Cap, ...] = ()
    at_least_fen: int = 0


@dataclass(frozen=True)
class ClauseSet:
    """Clauses that hold together.

    `undecided_counts`: where nobody decided yet whose fault it was, it counts as the operator's. `unknown_counts`:
    time of unknown state counts as down. Amounts below `ignored_below_fen` are not paid.
    """

    clauses: tuple[Clause, ...] = ()
    combining: Combining = Combining.HIGHEST
    rounding: Rounding = Rounding.HALF_UP
    caps: tuple[Cap, ...] = ()
    ignored_below_fen: int = 0
    undecided_counts: bool = True
    unknown_counts: bool = False
