"""What customers read of their own circuits: closed months, as they stand (L1)."""

from datetime import date

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth
from mainstay.service.service_levels.queries.reading import month_row, result_of, rows_at
from mainstay.service.service_levels.shapes import CircuitResult


def months(actor: Actor) -> list[date]:
    """Return the closed months in which the actor has circuits, the latest first (1 query)."""
    mine = CircuitMonth.objects.filter(scope(actor)).values("month")
    closed = LedgerMonth.objects.filter(closed_at__isnull=False, pk__in=mine).order_by("-month")
    return list(closed.values_list("month", flat=True))


def results_in(actor: Actor, month: date, *, limit: int = 1000) -> list[CircuitResult]:
    """Return the results of the actor's circuits in a month, those with most down time first (2 queries)."""
    row = month_row(month)
    rows = rows_at(row, None).filter(scope(actor)).defer("stretches").select_related("circuit", "customer", "contract")
    return [result_of(one, row, None) for one in rows.order_by("-down_s", "-felt_down_s", "circuit__number")[:limit]]
