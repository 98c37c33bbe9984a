"""What queries hand out: views, results, spans, months, versions, proposals (H7)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from mainstay.service.service_levels.choices import LedgerState, Verdict


@dataclass(frozen=True)
class View:
    """Seconds by state, bounds of availability (unknown counted down, up), outages and the longest of them."""

    total_s: int
    up_s: int
    down_s: int
    degraded_s: int
    unknown_s: int
    planned_s: int
    excluded_s: int
    lower: Decimal
    upper: Decimal
    outages: int
    longest_s: int

    @property
    def base_s(self) -> int:
        """Return the seconds that are judged."""
        return self.total_s - self.planned_s - self.excluded_s


@dataclass(frozen=True)
class CircuitResult:
    """A circuit's month as of a version (0: the month still runs). `target`: the promised share, 0..1."""

    circuit_id: int
    number: str
    name: str
    customer_id: int
    customer_name: str
    contract_id: int | None
    contract_number: str
    region_code: str
    grade: str
    month: date
    version: int
    closed: bool
    contract: View
    felt: View
    target: Decimal | None
    target_source: str
    verdict: Verdict


@dataclass(frozen=True)
class CustomerResult:
    """A customer's or a contract's month: its circuits by number, and their sum."""

    customer_id: int
    name: str
    month: date
    version: int
    closed: bool
    contract: View
    felt: View
    circuits: tuple[CircuitResult, ...]
    contract_id: int | None = None

    def count(self, verdict: Verdict) -> int:
        """Return how many of the circuits have a verdict."""
        return sum(circuit.verdict == verdict for circuit in self.circuits)


@dataclass(frozen=True)
class Span:
    """A stretch of a circuit's month: its state under the contract and as felt, and why, in the reader's language."""

    from_at: datetime
    to_at: datetime
    state: LedgerState
    felt: LedgerState
    why: str
    responsibility: str
    ticket_id: int | None
    ticket_number: str
    work_id: int | None
    impact_ids: tuple[int, ...]
    work_number: str = ""
    proposal_id: int | None = None
    responsibility_label: str = ""
    incident_ids: tuple[int, ...] = ()

    @property
    def seconds(self) -> int:
        """Return how long it lasts."""
        return int((self.to_at - self.from_at).total_seconds())


@dataclass(frozen=True)
class MonthState:
    """A month: version 0 while it runs; `circuits` and `missed` are those the actor may see."""

    month: date
    version: int
    closed_at: datetime | None
    circuits: int
    missed: int
    reckoned_to: datetime | None = None


@dataclass(frozen=True)
class Change:
    """What a proposal makes of a circuit's month: counted and excused seconds and outages, before and after."""

    month: date
    circuit_id: int
    circuit_number: str
    down_before_s: int
    down_after_s: int
    excused_before_s: int
    excused_after_s: int
    outages_before: int
    outages_after: int


@dataclass(frozen=True)
class ProposalRow:
    """A proposal as people read it; `may_approve`, `may_refuse`: what this reader may do with it now."""

    id: int
    ticket_id: int
    ticket_number: str
    customer_id: int
    customer_name: str
    circuit_number: str
    from_at: datetime | None
    to_at: datetime | None
    responsibility: str
    responsibility_label: str
    was_label: str
    why: str
    state: str
    state_label: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    decided_why: str
    changes: tuple[Change, ...]
    may_approve: bool
    may_refuse: bool
    is_own: bool


@dataclass(frozen=True)
class VersionRow:
    """A version of a circuit's month: who made it, why, and what it came to; `changed`: another than the one before."""

    version: int
    at: datetime
    by_name: str
    why: str
    proposal_id: int | None
    changed: bool
    contract: View
    verdict: Verdict


@dataclass(frozen=True)
class MonthPage:
    """Everything about one circuit's month."""

    result: CircuitResult
    spans: tuple[Span, ...]
    versions: tuple[VersionRow, ...]
    proposals: tuple[ProposalRow, ...]
    months: tuple[date, ...]
    reckoned_to: datetime
    closed_at: datetime | None
    closed_by: str
    from_at: datetime
    to_at: datetime
