"""The tab “Revenue and credit” of a customer's page: the trend, bills, payments, arrears, credit explained (A5, B3)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.credit import queries as credit
from mainstay.accounts.revenue.choices import BillState, Bucket
from mainstay.accounts.revenue.queries import arrears, bills
from mainstay.accounts.revenue.queries.facts import facts_of, trend
from mainstay.faces.ui.tags.money import yuan
from mainstay.faces.web.door import ConsoleRequest
from mainstay.platform.identity.choices import Permission

BILLS_SHOWN, PAYMENTS_SHOWN, STEPS_SHOWN, USAGE_SHOWN = 12, 12, 8, 12
MONTHS = 13
STATES = {BillState.OVERDUE: "down", BillState.PAID_LATE: "degraded"}


def revenue(request: ConsoleRequest, customer: Any, at: datetime) -> dict[str, Any]:
    """Return what the tab shows (about 20 queries, however many bills)."""
    on, actor = timezone.localdate(at), request.actor
    own = list(bills.bills_of(actor, customer.pk)[: BILLS_SHOWN if "all" not in request.GET else None])
    standings = bills.standings(own, on)
    facts = facts_of([customer.pk], on).get(customer.pk)
    found = credit.explained(actor, customer.pk, on=on)
    return {
        "known": facts is not None,
        "figures": figures(facts) if facts else [],
        "ages": ages(customer.pk, on),
        "months": trend(actor, customer.pk, MONTHS, on=on),
        "bills": [bill_told(each, standings[each.pk]) for each in own],
        "more_bills": len(own) == BILLS_SHOWN and "all" not in request.GET,
        "payments": list(bills.payments_of(actor, customer.pk)[:PAYMENTS_SHOWN]),
        "usage": bills.usage_of(actor, customer.pk, most=USAGE_SHOWN),
        "credit": found,
        "credit_steps": credit.history(actor, customer.pk, most=STEPS_SHOWN),
        "may_set_credit": actor.may(Permission.SET_CREDIT),
    }


def panel(facts: Any) -> list[tuple[Any, str, str]]:
    """Return the essentials for a strip: (label, value, state)."""
    return figures(facts)[:3]


def figures(facts: Any) -> list[tuple[Any, str, str]]:
    """Return a customer's figures as tiles: (label, value, state)."""
    return [
        (_("Billed last month"), yuan(facts.billed_month_fen), ""),
        (_("Billed in 12 months"), yuan(facts.billed_year_fen), ""),
        (_("Arrears"), yuan(facts.arrears_fen), "down" if facts.arrears_fen else ""),
        (_("Paid in 12 months"), yuan(facts.paid_year_fen), ""),
        (_("Late in 12 months"), str(facts.late_payments_year), ""),
    ]


def ages(customer_id: int, on: date) -> list[tuple[Any, str]]:
    """Return a customer's arrears by age: (label, amount), nothing where nothing is owed."""
    return [(Bucket(name).label, yuan(fen)) for name, fen in arrears.by_age(customer_id, on) if fen]


def bill_told(bill: Any, standing: Any) -> dict[str, Any]:
    """Return a bill as the pages show it."""
    return {
        "bill": bill,
        "state": BillState(standing.state).label,
        "css": STATES.get(standing.state, ""),
        "open_fen": standing.open_fen,
        "settled_on": standing.settled_on,
        "days_late": standing.days_late,
    }
