"""How are facts and the parts of a condition said to people, in their language?"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.choices import CustomerKind
from mainstay.accounts.offers.conditions import Verdict
from mainstay.domain.actor import Actor
from mainstay.domain.offers import FACTS
from mainstay.platform.identity.choices import Permission

FACT_WORDS: dict[str, str | Promise] = {
    "grade": pgettext_lazy("fact", "grade"),
    "special": pgettext_lazy("fact", "special grade"),
    "revenue_month": pgettext_lazy("fact", "billed last month, yuan"),
    "revenue_average": pgettext_lazy("fact", "billed a month, mean of three, yuan"),
    "revenue_year": pgettext_lazy("fact", "billed in twelve months, yuan"),
    "paid_year": pgettext_lazy("fact", "paid in twelve months, yuan"),
    "arrears": pgettext_lazy("fact", "arrears, yuan"),
    "late_payments": pgettext_lazy("fact", "late payments in a year"),
    "months": pgettext_lazy("fact", "months with us"),
    "trade": pgettext_lazy("fact", "trade"),
    "region": pgettext_lazy("fact", "region"),
    "kind": pgettext_lazy("fact", "kind of customer"),
    "products": pgettext_lazy("fact", "products"),
    "points": pgettext_lazy("fact", "points available"),
}
UNKNOWN, HIDDEN = gettext_lazy("not known"), gettext_lazy("not shown to you")
MONEY = frozenset({"revenue_month", "revenue_average", "revenue_year", "paid_year", "arrears", "late_payments"})


@dataclass(frozen=True)
class Told:
    """A part of a condition as people read it: the text, whether it holds, what it goes by."""

    text: str
    holds: bool | None
    facts: list[tuple[str, str]]


def told(verdict: Verdict, actor: Actor) -> list[Told]:
    """Return the parts of a condition with the facts in words; sums only to those who may see revenue."""
    hidden = frozenset() if actor.may(Permission.READ_REVENUE) else MONEY
    return [
        Told(
            clause.text,
            clause.holds,
            [
                (str(FACT_WORDS[name]), str(HIDDEN) if name in hidden else said_value(name, value))
                for name, value in clause.facts
            ],
        )
        for clause in verdict.clauses
    ]


def said_value(name: str, value: Any) -> str:
    """Say a fact."""
    if value is None:
        return str(UNKNOWN)
    if name == "grade":
        return f"{ServiceGrade(value).label} ({value})" if value in ServiceGrade.values else str(value)
    if name == "kind" and value in CustomerKind.values:
        return f"{CustomerKind(value).label} ({value})"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:,.2f}"
    return ", ".join(value) or "—" if isinstance(value, list) else str(value) or "—"


def vocabulary() -> list[tuple[str, str, str]]:
    """Return what a condition may ask for: English name, Chinese name, meaning."""
    return [(name, FACTS[name], str(meaning)) for name, meaning in FACT_WORDS.items()]
