"""What should be done next for a customer, in which order, and why (A5)?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mainstay.accounts.customers.choices import ContactRole
from mainstay.domain.actor import Actor
from mainstay.faces.web.links import page


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, until when, where."""

    title: str | Promise
    why: str | Promise
    url: str
    icon: str
    due_at: datetime | None = None
    state: str = ""


def next_steps(
    customer: Any, contacts: list[Any], health: dict[str, int], tickets: list[Any], contracts: list[Any]
) -> list[Step]:
    """Return the steps, the most urgent first; all facts are given, nothing is read."""
    return [
        *_answer_tickets(tickets),
        *_call_about_faults(customer, contacts, health, tickets),
        *_renew(customer, contracts),
        *_complete(customer, contacts),
    ]


def _answer_tickets(tickets: list[Any]) -> list[Step]:
    return [
        Step(
            _("Follow ticket %(number)s") % {"number": row.number},
            row.title,
            page("ticket", row.id),
            "ticket",
            due_at=row.clock.deadline_at if row.clock else None,
        )
        for row in tickets[:3]
    ]


def _call_about_faults(customer: Any, contacts: list[Any], health: dict[str, int], tickets: list[Any]) -> list[Step]:
    down = health.get("down", 0)
    if not down or tickets:
        return []
    told = next((contact.name for contact in contacts if contact.notify), "")
    why = _("%(n)s circuits are down and no ticket is open.") % {"n": down}
    title = _("Call %(name)s") % {"name": told} if told else _("Call the customer")
    return [Step(title, why, f"{reverse('web:circuits')}?state=down&q={customer}", "phone-call", state="down")]


def _renew(customer: Any, contracts: list[Any]) -> list[Step]:
    return [
        Step(
            _("Prepare the renewal of %(number)s") % {"number": contract.number},
            _("The contract ends on %(day)s.") % {"day": contract.ends_on},
            f"{reverse('web:customer', args=[customer.pk])}?tab=contracts",
            "file-text",
        )
        for contract in contracts
    ]


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
