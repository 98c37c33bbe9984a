"""What the head of a customer's page rests on: health, money, points, grades, promises, talks (A5).

One function reads everything, by so many queries whatever the customer has; a room that knows nothing says None.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from mainstay.accounts.contracts import queries as contracts
from mainstay.accounts.credit import queries as credit
from mainstay.accounts.customers import queries as customers
from mainstay.accounts.points import queries as points
from mainstay.accounts.portfolios.queries import notes
from mainstay.accounts.portfolios.queries.recalls import recall_of
from mainstay.accounts.revenue.queries import facts as revenue
from mainstay.accounts.tiers.queries import proposals
from mainstay.accounts.tiers.queries.held import Badge, badges
from mainstay.domain.actor import Actor
from mainstay.faces.web.states import bare_clock
from mainstay.network.inventory.queries import circuits
from mainstay.platform.identity.choices import Permission
from mainstay.service.promises.standing_terms import OwnPromises, own_promises
from mainstay.service.service_levels.months import month_of
from mainstay.service.service_levels.queries.overview import Standing, standing
from mainstay.service.tickets.queries.lists import TicketFilter, TicketRows, ticket_rows

MONTHS = 12


@dataclass(frozen=True)
class Money:
    """What billing says: figures (None: nothing delivered), the closed months, (score, band) of credit or None."""

    figures: revenue.RevenueFacts | None
    months: list[revenue.MonthFigures]
    credit: tuple[int, str] | None

    @property
    def billed(self) -> list[int | None]:
        """Return what was billed by month, oldest first."""
        return [each.billed_fen for each in self.months]


@dataclass(frozen=True)
class Facts:
    """`contacts`: those told of outages first; `contract`: the next to end; `month`: how this month's promises stand.

    `money` is None for who may not see it; `talks`: when each person was last talked to.
    """

    on: date
    contacts: list[Any]
    health: dict[str, int]
    open_tickets: TicketRows
    contract: Any
    month: Standing | None = None
    money: Money | None = None
    balance: points.PointsBalance | None = None
    badges: list[Badge] = field(default_factory=list)
    proposals: list[Any] = field(default_factory=list)
    recall: Any = None
    talks: dict[int | None, datetime] = field(default_factory=dict)
    promises: OwnPromises = field(default_factory=OwnPromises)

    @property
    def nearest(self) -> dict[str, Any] | None:
        """Return the clock that ends first."""
        return next((bare_clock(row.clock) for row in self.open_tickets.rows if row.clock), None)

    @property
    def notified(self) -> int:
        """Return how many people are told of outages."""
        return sum(contact.notify for contact in self.contacts)

    @property
    def in_service(self) -> int:
        """Return how many circuits are in service."""
        return sum(self.health.values())

    @property
    def last_talk(self) -> datetime | None:
        """Return when anybody of the customer was last talked to; None when it was never noted."""
        return max(self.talks.values(), default=None)

    def birthdays(self, days: int) -> list[Any]:
        """Return the people whose birthday comes within so many days."""
        coming = {(day.month, day.day) for day in (self.on + timedelta(days=n) for n in range(days + 1))}
        return [
            each for each in self.contacts
            if each.birthday_on and (each.birthday_on.month, each.birthday_on.day) in coming
        ]  # fmt: skip


def read_facts(actor: Actor, customer: Any, *, at: datetime) -> Facts:
    """Read the facts of one customer the reader has seen."""
    live = TicketFilter(status="live", customer_id=customer.pk)
    on, pk = timezone.localdate(at), customer.pk
    waiting = proposals.matching(actor, proposals.ProposalFilter(customer_id=pk)).order_by("due_on")
    return Facts(
        on=on,
        contacts=sorted(customers.contacts(pk), key=lambda contact: not contact.notify),
        health=circuits.state_counts(actor, customer_id=pk),
        open_tickets=ticket_rows(actor, live, at=at, per_page=5),
        month=standing(actor, pk, month_of(at)),
        contract=contracts.next_to_end(actor, pk, on=on),
        money=_money(pk, on) if actor.may(Permission.READ_REVENUE) else None,
        balance=points.balance_of([pk], on).get(pk),
        badges=badges(pk),
        proposals=[proposals.row_of(row) for row in proposals.fetched(waiting)[:3]],
        recall=recall_of(pk) if customer.account_manager_id else None,
        talks=notes.talks_of(pk),
        promises=own_promises(pk, on),
    )


def _money(customer_id: int, on: date) -> Money:
    figures, months = revenue.panel(customer_id, on, MONTHS)
    return Money(figures, months, credit.scores([customer_id]).get(customer_id))
