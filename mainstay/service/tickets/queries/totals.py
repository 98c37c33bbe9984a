"""How much there is: counts over all tickets, for commands and monitoring."""

from dataclasses import dataclass

from mainstay.platform.messages import queries as messages
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.models import Clock, Ticket


@dataclass(frozen=True)
class Totals:
    """Counts: tickets, clocks, clocks that were missed, customers who were told of something."""

    tickets: int
    clocks: int
    breached: int
    customers_told: int


def totals() -> Totals:
    """Count everything (4 queries)."""
    return Totals(
        tickets=Ticket.objects.count(),
        clocks=Clock.objects.count(),
        breached=Clock.objects.filter(breached_at__isnull=False).count(),
        customers_told=messages.customers_told(Message.Kind.NOTICE),
    )
