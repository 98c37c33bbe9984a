"""What would another responsibility make of kept results? Judged from what they were made of, nothing else (PC 15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mainstay.service.service_levels import ledger
from mainstay.service.service_levels.actions.reckoning import circuits_of, figures_of, in_service
from mainstay.service.service_levels.facts import decision_of
from mainstay.service.service_levels.ledger import Decision
from mainstay.service.service_levels.models import CircuitMonth, Proposal
from mainstay.service.service_levels.months import bounds, whole_s

TOLD = ("down_s", "degraded_s", "unknown_s", "planned_s", "excluded_s", "outages", "longest_s")


@dataclass(frozen=True)
class Revision:
    """A kept result, and what it becomes: its new figures and stretches."""

    row: CircuitMonth
    figures: dict[str, int]
    stretches: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Say which figures of the contract's view change, as plain values."""
        return {
            "month": self.row.month.month.isoformat(),
            "circuit": self.row.circuit_id,
            "before": {name: getattr(self.row, name) for name in TOLD},
            "after": {name: self.figures[name] for name in TOLD},
        }

    @property
    def changes_figures(self) -> bool:
        """Say whether any figure is another, not only the reasons."""
        return any(getattr(self.row, name) != value for name, value in self.figures.items())


def revisions(proposal: Proposal) -> list[Revision]:
    """Return what a proposal changes in the results that stand, closed or not, by month and circuit."""
    circuits = {proposal.circuit_id} if proposal.circuit_id is not None else circuits_of([proposal.ticket_id])
    rows = CircuitMonth.objects.filter(circuit__in=circuits, until_version__isnull=True).exclude(stretches=[])
    found = (_revised(row, proposal) for row in rows.select_related("month").order_by("month__month", "circuit"))
    return [revision for revision in found if revision is not None]


def _revised(row: CircuitMonth, proposal: Proposal) -> Revision | None:
    begin, end = bounds(row.month.month)
    decision = decision_of(proposal, begin)
    pieces = ledger.pieces_of(ledger.kept(row.stretches))
    if not _concerned(pieces, decision, row.circuit_id):
        return None
    elapsed = whole_s(min(row.month.reckoned_to, end)) - whole_s(begin)
    whole = ledger.stretches(decision.applied(pieces, row.circuit_id), *in_service(row, elapsed))
    stretches = ledger.worth_keeping(whole)
    if stretches == row.stretches:
        return None
    return Revision(row, figures_of(*ledger.figures(whole)), stretches)


def _concerned(pieces: Iterable[ledger.Piece], decision: Decision, circuit_id: int) -> bool:
    return any(decision.concerns(piece, circuit_id) for piece in pieces)
