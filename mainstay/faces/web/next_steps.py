"""What should be done next for a customer, in which order, and why (A5)?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mainstay.accounts.contracts import queries as contracts
from mainstay.accounts.customers import queries as customers
from mainstay.accounts.customers.choices import ContactRole
from mainstay.domain.actor import Actor
from mainstay.faces.web.links import page
from mainstay.faces.web.states import bare_clock
from mainstay.network.inventory.queries import circuits
from mainstay.platform.identity.choices import Permission
from mainstay.service.service_levels.months import month_of
from mainstay.service.service_levels.queries.overview import Standing, standing
from mainstay.service.tickets.queries.lists import TicketFilter, TicketRows, ticket_rows

RENEW_WITHIN_DAYS = 90


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, with which clock, where."""

    title: str | Promise
    why: str | Promise
    url: str
    icon: str
    clock: Any = None
    state: str = ""


@dataclass(frozen=True)
class Facts:
    """What the head of a customer's page rests on.

    `contacts`: those told of outages first; `contract`: the next to end; `month`: how this
    month's promises stand.
    """

    contacts: list[Any]
    health: dict[str, int]
    open_tickets: TicketRows
    contract: Any
    month: Standing | None = None

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


def read_facts(actor: Actor, customer: Any, *, at: datetime) -> Facts:
    """Read the facts of one customer."""
    live = TicketFilter(status="live", customer_id=customer.pk)
    return Facts(
        contacts=sorted(customers.contacts(customer.pk), key=lambda contact: not contact.notify),
        health=circuits.state_counts(actor, customer_id=customer.pk),
        open_tickets=ticket_rows(actor, live, at=at, per_page=5),
        month=standing(actor, customer.pk, month_of(at)),
        contract=contracts.next_to_end(actor, customer.pk, on=timezone.localtime(at).date()),
    )


def next_steps(customer: Any, facts: Facts, actor: Actor) -> list[Step]:
    """Return the steps, the most urgent first, those for people who may take them; nothing is read."""
    return [
        *_answer_tickets(facts.open_tickets.rows),
        *_call_about_faults(customer, facts),
        *_renew(customer, facts.contract),
        *(_complete(customer, facts.contacts) if actor.may(Permission.WRITE_CUSTOMERS) else []),
    ]


def _answer_tickets(tickets: list[Any]) -> list[Step]:
    return [
        Step(
            _("Follow ticket %(number)s") % {"number": row.number},
            row.title,
            page("ticket", row.id),
            "ticket",
            clock=bare_clock(row.clock),
        )
        for row in tickets
    ]


def _call_about_faults(customer: Any, facts: Facts) -> list[Step]:
    down = facts.health.get("down", 0)
    if not down or facts.open_tickets.rows:
        return []
    told = next((contact.name for contact in facts.contacts if contact.notify), "")
    why = _("%(n)s circuits are down and no ticket is open.") % {"n": down}
    title = _("Call %(name)s") % {"name": told} if told else _("Call the customer")
    return [
        Step(title, why, page("customer", customer.pk, query="tab=services&state=down"), "phone-call", state="down")
    ]


def _renew(customer: Any, contract: Any) -> list[Step]:
    if contract is None or contract.days_left > RENEW_WITHIN_DAYS:
        return []
    title = _("Prepare the renewal of %(number)s") % {"number": contract.number}
    why = _("The contract ends on %(day)s, in %(n)s days.") % {"day": contract.ends_on, "n": contract.days_left}
    return [Step(title, why, page("customer", customer.pk, query="tab=contracts"), "file-text")]


def _complete(customer: Any, contacts: list[Any]) -> list[Step]:
    steps = []
    if not any(contact.notify for contact in contacts):
        why = _("Nobody at this customer is told of outages.")
        url = reverse("web:contact-new", args=[customer.pk])
        steps.append(Step(_("Name a contact for outage notices"), why, url, "user-plus"))
    if not any(contact.role == ContactRole.DECISION_MAKER for contact in contacts):
        url = reverse("web:contact-new", args=[customer.pk])
        steps.append(Step(_("Find out who decides"), _("No decision maker is recorded."), url, "crown"))
    if customer.account_manager_id is None:
        url = reverse("web:customer-hand-over", args=[customer.pk])
        steps.append(Step(_("Assign an account manager"), _("Nobody looks after this customer."), url, "user-check"))
    return steps
