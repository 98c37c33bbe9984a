"""The grades of one customer: held in which rule set since when and why, what is missing to the next, history (B2)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from mainstay.accounts.tiers.queries import explaining, proposals
from mainstay.accounts.tiers.queries.register import facts, value_words
from mainstay.faces.web.door import ConsoleRequest
from mainstay.faces.web.tiers.marks import FactForm
from mainstay.platform.identity.choices import Permission


def grade(request: ConsoleRequest, customer: Any, at: datetime) -> dict[str, Any]:
    """Return what the tab shows."""
    today = timezone.localdate(at)
    told = explaining.explain(request.actor, customer.pk, on=today)
    known = facts()
    given = [
        {"label": known[row.name].label, "value": _words(row), "why": row.why, "by": row.named_by, "at": row.at}
        for row in explaining.hand_facts(customer.pk)
        if row.name in known
    ]
    may_decide = {row.pk for row in proposals.waiting_for(request.actor).filter(customer=customer.pk)}
    return {
        "told": told,
        "given": given,
        "namings": explaining.namings(customer.pk, on=today),
        "may_decide": may_decide,
        "fact_form": FactForm() if request.actor.may(Permission.WRITE_CUSTOMERS) else None,
        "may_name": request.actor.may(Permission.APPROVE_TIERS),
        "today": today,
    }


def _words(row: Any) -> str:
    fact = facts()[row.name]
    if fact.is_day:
        text = str(row.value)
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return value_words(fact, fact.kind.value(row.value))
