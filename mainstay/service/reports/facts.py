"""What a report tells, as values: figures, not words. Made in bulk by `gathering`, said by `saying` and `sheets`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from mainstay.service.service_levels.choices import LedgerState
from mainstay.service.service_levels.shapes import CustomerResult


@dataclass(frozen=True)
class Person:
    """Somebody to speak with; `role` in the reader's language."""

    name: str
    role: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class About:
    """Whom a report is about: a customer, and one of its contracts if it is about that alone."""

    customer_id: int
    customer_code: str
    customer_name: str
    region_code: str
    grade: str
    manager: str
    manager_phone: str = ""
    manager_email: str = ""
    contract_id: int | None = None
    contract_number: str = ""
    contract_name: str = ""

    @property
    def key(self) -> str:
        """Return what documents keep beside the customer."""
        return f"contract:{self.contract_id}" if self.contract_id else ""

    @property
    def number(self) -> str:
        """Return what a document's number ends with."""
        return self.contract_number or self.customer_code


@dataclass(frozen=True)
class Fault:
    """A case of the month: the circuits it put out, from when to when (None: not over), and its promise.

    `promised_s` and `used_s` of the restoration clock that went worst; `verdict`: met, missed, open, none.
    """

    ticket_id: int
    number: str
    circuits: tuple[str, ...]
    began_at: datetime
    restored_at: datetime | None
    cause_code: str
    responsibility: str
    verdict: str
    promised_s: int = 0
    used_s: int = 0


@dataclass(frozen=True)
class Tally:
    """How often a kind of promise fell due, and how that went."""

    kind: str
    met: int = 0
    missed: int = 0
    open: int = 0

    @property
    def due(self) -> int:
        """Return how many are decided or not."""
        return self.met + self.missed + self.open


@dataclass(frozen=True)
class Work:
    """Planned work whose window touched the month, and the circuits it ran over."""

    work_id: int
    number: str
    title: str
    from_at: datetime
    to_at: datetime
    announced_at: datetime | None
    status: str
    circuits: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """A compensation: `amount_fen`, and how it was come to, in the reader's language."""

    number: str
    circuit: str
    clause: str
    amount_fen: int
    status_label: str
    derivation: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """Part of a circuit's month that was not up: shares of the month, 0..1."""

    start: float
    end: float
    state: LedgerState


@dataclass(frozen=True)
class PastMonth:
    """A month of the trend: bounds of availability under the contract, and seconds out, all circuits together."""

    month: date
    lower: Decimal | None
    down_s: int | None


@dataclass(frozen=True)
class ReportFacts:
    """Everything a report tells. `claims` None: compensation is not kept here. `trend` ends with the month itself."""

    about: About
    month: date
    from_at: datetime
    to_at: datetime
    result: CustomerResult
    faults: tuple[Fault, ...] = ()
    tallies: tuple[Tally, ...] = ()
    works: tuple[Work, ...] = ()
    claims: tuple[Claim, ...] | None = None
    spans: tuple[tuple[str, tuple[Stretch, ...]], ...] = ()
    trend: tuple[PastMonth, ...] = ()
    contacts: tuple[Person, ...] = field(default_factory=tuple)

    @property
    def figures(self) -> str:
        """Return which figures the report was made of."""
        return f"{self.month:%Y-%m} v{self.result.version}"
