"""Which share of the time was a circuit available, between which bounds, and is the promise kept? Exact (PC 17).

Unknown time counts as down for the lower bound and as up for the upper one. Planned and excluded time is neither: it
leaves the base. Degraded time is available. Fractions are rounded down: never shown better than they are.
"""

from decimal import Decimal
from enum import StrEnum

from mainstay.domain.availability.kinds import View

MILLION = 1_000_000


class Outcome(StrEnum):
    """Whether a promised share is kept; UNDECIDED where it hangs on unknown time, or on the rest of the month."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"
    NO_PROMISE = "no_promise"


def base_s(view: View) -> int:
    """Return the seconds that are judged."""
    return view.total_s - view.planned_s - view.excluded_s


def fraction(view: View) -> tuple[Decimal, Decimal]:
    """Return the lower and the upper bound of availability, 0..1 in millionths; 1 where nothing is judged."""
    base = base_s(view)
    return _millionths(base - view.down_s - view.unknown_s, base), _millionths(base - view.down_s, base)


def _millionths(part: int, base: int) -> Decimal:
    found = part * MILLION // base if base > 0 else MILLION
    return Decimal(found).scaleb(-6)


def judge(view: View, target_millionths: int | None, *, still_to_come_s: int = 0) -> Outcome:
    """Judge against a target. While a month runs, `still_to_come_s` of it may yet be up.

    Missed: not to be mended even if all unknown time was up and nothing else happens. Met: kept so far.
    """
    if target_millionths is None:
        return Outcome.NO_PROMISE
    allowed, base = MILLION - target_millionths, base_s(view)
    if view.down_s * MILLION > allowed * (base + still_to_come_s):
        return Outcome.MISSED
    kept = (view.down_s + view.unknown_s) * MILLION <= allowed * base
    return Outcome.MET if kept else Outcome.UNDECIDED
