"""What reports do when others have news."""

from mainstay.domain.actor import Actor
from mainstay.platform.documents.actions.scheduling import begin_waiting
from mainstay.service.service_levels.events import MonthClosed
from mainstay.service.service_levels.models import LedgerMonth


def on_month_closed(event: MonthClosed, by: Actor) -> None:
    """Let schedules that wait for the month begin."""
    closed_at = LedgerMonth.objects.values_list("closed_at", flat=True).get(month=event.month)
    if closed_at is not None:
        begin_waiting(event.month, at=closed_at)
