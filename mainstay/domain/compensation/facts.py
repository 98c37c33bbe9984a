"""What of a circuit's month decides on compensation? Instants aware, half-open; seconds and fen whole."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction


@dataclass(frozen=True)
class Event:
    """One outage by the contract's view: its share within the month.

    `responsibility`: operator, customer, other_operator, force_majeure, or "" while nobody decided. `cause`: the root
    cause's code, "" unknown. `ticket`: its number. `after`: when the outage before it ended, in whichever month.
    `continues`: it began in the month before and was counted there; its time still counts here.
    """

    from_at: datetime
    to_at: datetime
    responsibility: str = ""
    cause: str = ""
    ticket: str = ""
    after: datetime | None = None
    continues: bool = False


@dataclass(frozen=True)
class LateRepair:
    """A repair that took longer than promised, by its ticket's clock: `used_s` of `promised_s` seconds."""

    ticket: str
    promised_s: int
    used_s: int
    responsibility: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Rent:
    """The price of a contract line a month, shared by `circuits` of them, for `days` of the `month_days`.

    `parts`: (price_fen, days) of each stretch where the price changed within the month; `price_fen` is then the last.
    """

    price_fen: int
    circuits: int = 1
    days: int = 1
    month_days: int = 1
    contract: str = ""
    position: int = 0
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def fen(self) -> Fraction:
        """Return the month's rent of one circuit, exact."""
        if self.parts:
            return Fraction(sum(price * days for price, days in self.parts), self.circuits * self.month_days)
        return Fraction(self.price_fen * self.days, self.circuits * self.month_days)


@dataclass(frozen=True)
class MonthFacts:
    """A circuit's month.

    `base_s`: the seconds availability is measured in (the month without what is excluded). `events` in order of time.
    `rent` None: no contract says one. `paid_in_year_fen`: what other months of the same calendar year were awarded.
    While the month is not `closed`, only repairs are judged.
    """

    month: date
    base_s: int
    rent: Rent | None = None
    events: tuple[Event, ...] = ()
    late: tuple[LateRepair, ...] = ()
    unknown_s: int = 0
    paid_in_year_fen: int = 0
    closed: bool = True

    @property
    def rent_fen(self) -> Fraction:
        """Return the month's rent, exact; 0 when none is known."""
        return self.rent.fen if self.rent is not None else Fraction(0)
