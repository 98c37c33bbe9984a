"""Which customers does planned work touch, by which circuits, and by when must they know (I3)?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mainstay.accounts.catalog.choices import GRADE_RANK
from mainstay.accounts.customers.models import Customer
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit
from mainstay.service.announcements.leads import due_times


@dataclass(frozen=True)
class Recipient:
    """A customer touched: the circuits' numbers (best grade first), the best grade, the worst state, and by when."""

    customer: Customer
    circuits: tuple[str, ...]
    circuit_ids: tuple[int, ...]
    grade: str
    state: LiveState
    due_at: datetime | None


def recipients(states: Iterable[tuple[int, int]], *, before_at: datetime, at: datetime) -> list[Recipient]:
    """Return the customers of these circuits (circuit id, expected state), best grade first (flat queries)."""
    expected = dict(states)
    rows = Circuit.objects.filter(pk__in=list(expected)).select_related("customer__account_manager")
    due = due_times(expected, before_at=before_at, at=at)
    by_customer: dict[int, list[Circuit]] = {}
    for row in sorted(rows, key=lambda row: (GRADE_RANK.get(row.grade, 9), row.number)):
        by_customer.setdefault(row.customer_id, []).append(row)
    return [
        Recipient(
            own[0].customer,
            tuple(row.number for row in own),
            tuple(row.pk for row in own),
            own[0].grade,
            LiveState(max(expected[row.pk] for row in own)),
            min((due[row.pk] for row in own if row.pk in due), default=None),
        )
        for own in by_customer.values()
    ]
