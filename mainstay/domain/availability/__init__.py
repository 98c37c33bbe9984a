"""How long was a circuit up, down, degraded, unknown, planned, excluded? An interval ledger, two views (PC 16-19, H7).

Whole seconds, half-open [from, to); overlapping outages are united, never added. `reference` is slow and obvious,
`spans` sweeps one circuit and says why, `bulk` reckons a million circuits in arrays; all three agree to the second.
"""

from mainstay.domain.availability.bounds import Outcome, fraction, judge
from mainstay.domain.availability.bulk import Sums, sums
from mainstay.domain.availability.kinds import CONTRACT, FELT, Fact, Kind, LedgerError, State, View
from mainstay.domain.availability.spans import Stretch, spans, views

__all__ = [
    "CONTRACT", "FELT", "Fact", "Kind", "LedgerError", "Outcome", "State", "Stretch", "Sums", "View", "fraction",
    "judge", "spans", "sums", "views",
]  # fmt: skip
