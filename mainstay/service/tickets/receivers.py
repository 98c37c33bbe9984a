"""Which of our people are told about a ticket now? Duty roster by region and level, then the account manager (H3)."""

from collections.abc import Iterable

from mainstay.platform.duty.queries import Watch
from mainstay.platform.identity.models import User
from mainstay.service.tickets.models import Ticket


def receivers(ticket: Ticket, watch: Watch, levels: Iterable[int], *, account_manager: bool) -> list[User]:
    """Return whom to tell, once each: the duty levels, who works on the ticket, and the account manager if wanted."""
    people = [user for level in levels for user in watch.on_duty(ticket.region_code, level)]
    if ticket.assigned_to is not None:
        people.append(ticket.assigned_to)
    manager = ticket.customer.account_manager
    if manager is not None and (account_manager or not people):
        people.append(manager)
    return list({user.pk: user for user in people}.values())
