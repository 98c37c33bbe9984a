"""Which of our people are told about a ticket now? Duty roster by region and level, then the account manager (H3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mainstay.platform.duty.models import Shift
from mainstay.platform.duty.queries import TOP_LEVEL
from mainstay.platform.identity.models import User
from mainstay.service.tickets.models import Ticket


@dataclass(frozen=True)
class Roster:
    """Who is on duty at one instant."""

    shifts: Sequence[Shift]

    def on_duty(self, region_code: str, level: int) -> list[User]:
        """Return who holds a level for a region, of the nearest desk; nobody: the next lower level, then above."""
        for wanted in (*range(level, 0, -1), *range(level + 1, TOP_LEVEL + 1)):
            reached = [s for s in self.shifts if s.level == wanted and region_code.startswith(s.desk.region_code)]
            nearest = max((len(shift.desk.region_code) for shift in reached), default=0)
            if reached:
                return [shift.user for shift in reached if len(shift.desk.region_code) == nearest]
        return []


def roster_at(at: datetime) -> Roster:
    """Read who is on duty at an instant (1 query)."""
    shifts = Shift.objects.filter(from_at__lte=at, to_at__gt=at, user__is_active=True)
    return Roster(list(shifts.select_related("desk", "user").order_by("id")))


def receivers(ticket: Ticket, roster: Roster, levels: Iterable[int], *, account_manager: bool) -> list[User]:
    """Return whom to tell, once each: the duty levels, who works on the ticket, and the account manager if wanted."""
    people = [user for level in levels for user in roster.on_duty(ticket.region_code, level)]
    if ticket.assigned_to is not None:
        people.append(ticket.assigned_to)
    manager = ticket.customer.account_manager
    if manager is not None and (account_manager or not people):
        people.append(manager)
    return list({user.pk: user for user in people}.values())
