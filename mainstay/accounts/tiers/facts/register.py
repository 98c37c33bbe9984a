"""Which facts can a tier table ask for, what are they called, where do they come from? `config` may add suppliers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from mainstay.accounts.customers.choices import CustomerKind, Ownership
from mainstay.domain.tiering.facts import FactKind, Unit

Text = str | Promise
Column = NDArray[np.int64]
TRADES = tuple("ABCDEFGHIJKLMNOPQRST")
"""Sections of GB/T 4754."""


@dataclass(frozen=True)
class Fact:
    """A fact: its kind, its name in words, where it comes from; `reader` names what reads it.

    `by_hand`: people may give it, and what they give stands above what was read. `is_day`: given by hand as a day.
    """

    kind: FactKind
    label: Text
    source: Text
    reader: str
    by_hand: bool = False
    is_day: bool = False
    option_labels: Mapping[str, Text] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name tables use."""
        return self.kind.name


_BILLS = _("Bills of the closed months (billing)")
_CONTRACTS = _("Contracts in force")
_ARCHIVE = _("Customer archive")
_PEOPLE = _("Named by hand on the customer’s page")
YUAN, COUNT, MONTHS, FLAG, CHOICE = Unit.YUAN, Unit.COUNT, Unit.MONTHS, Unit.FLAG, Unit.CHOICE


def _fact(name: str, unit: Unit, label: Text, source: Text, reader: str, *, by_hand: bool = False) -> Fact:
    return Fact(FactKind(name, unit), label, source, reader, by_hand)


def _choice(name: str, options: Mapping[str, Text], label: Text) -> Fact:
    kind = FactKind(name, CHOICE, tuple(options))
    return Fact(kind, label, _ARCHIVE, "archive", option_labels=options)


SHIPPED = (
    _fact("billed_year_fen", YUAN, _("Billed in a year, yuan"), _BILLS, "revenue"),
    _fact("billed_quarter_avg_fen", YUAN, _("Billed a month (mean of 3), yuan"), _BILLS, "revenue"),
    _fact("billed_month_fen", YUAN, _("Billed in the last month, yuan"), _BILLS, "revenue"),
    _fact("paid_year_fen", YUAN, _("Paid in 12 months, yuan"), _("Payments (billing)"), "revenue"),
    _fact("arrears_fen", YUAN, _("In arrears, yuan"), _("Bills due and unpaid (billing)"), "revenue"),
    _fact("late_payments_year", COUNT, _("Late payments in 12 months"), _("Payments (billing)"), "revenue"),
    _fact("purchases_2m", COUNT, _("Purchases in 2 months"), _BILLS, "revenue"),
    _fact("purchases", COUNT, _("Purchases in all"), _BILLS, "purchases"),
    _fact("months_since_purchase", MONTHS, _("Whole months since the last purchase"), _BILLS, "revenue"),
    _fact("growth_percent", Unit.PERCENT, _("Growth: last 3 months against 12, %"), _BILLS, "revenue"),
    _fact("agreement", FLAG, _("Agreement signed and registered"), _CONTRACTS, "contracts"),
    _fact("products", COUNT, _("Different products bought"), _CONTRACTS, "contracts"),
    _fact("buys_internet", FLAG, _("Internet line bought"), _CONTRACTS, "contracts", by_hand=True),
    _fact("buys_ip_gateway", FLAG, _("IP gateway applied for"), _CONTRACTS, "contracts", by_hand=True),
    _fact("buys_vpdn", FLAG, _("VPDN applied for"), _CONTRACTS, "contracts", by_hand=True),
    _fact("uses_dialler", FLAG, _("Uses caller ID or a dialler"), _CONTRACTS, "contracts", by_hand=True),
    _fact("is_public", FLAG, _("Party, government or military"), _("Trade S90, S91 in the archive, or by hand"),
          "archive", by_hand=True),
    _fact("affiliated_units", COUNT, _("Units of the group in the archive"), _ARCHIVE, "units"),
    _fact("months_customer", MONTHS, _("Whole months as a customer"), _ARCHIVE, "archive"),
    _fact("city_group", COUNT, _("Revenue group of the city"), _("Settings of the tiers"), "city"),
    _choice("kind", dict(CustomerKind.choices), _("Kind of customer")),
    _choice("ownership", dict(Ownership.choices), _("Ownership")),
    _choice("trade", {letter: letter for letter in TRADES}, _("Trade (section of GB/T 4754)")),
    _fact("registered_upstream", FLAG, _("Registered upstream by the province"), _PEOPLE, "hand", by_hand=True),
    _fact("is_agent", FLAG, _("Agent for our business"), _PEOPLE, "hand", by_hand=True),
    _fact("model_for_trade", FLAG, _("Model for its trade"), _PEOPLE, "hand", by_hand=True),
    _fact("contested", FLAG, _("Fought over by competitors"), _PEOPLE, "hand", by_hand=True),
    _fact("growing", FLAG, _("With potential to grow"), _PEOPLE, "hand", by_hand=True),
    _fact("named_by_head", FLAG, _("Named by the head"), _PEOPLE, "hand", by_hand=True),
    _fact("nominated", FLAG, _("Nominated as a VIP"), _("VIP filters and nominations"), "nominations"),
    _fact("visits_often", FLAG, _("Visits often"), _PEOPLE, "hand", by_hand=True),
    Fact(FactKind("months_since_visit", MONTHS), _("Whole months since the last visit"),
         _("Given by hand; visits are not recorded yet, so it is unknown for most"), "hand", True, is_day=True),
    _fact("points", COUNT, _("Points"), _("Ledger of points"), "points", by_hand=True),
)  # fmt: skip

Supplier = Callable[[Column, date], Column]
"""Gives a fact for these customer ids, ascending; `domain.tiering.facts.UNKNOWN` where nobody knows."""
_facts: dict[str, Fact] = {fact.name: fact for fact in SHIPPED}
_suppliers: dict[str, Supplier] = {}


def supply(name: str, supplier: Supplier) -> None:
    """Let a room above deliver a fact of the register (points)."""
    _suppliers[name] = supplier


def supplier_of(name: str) -> Supplier | None:
    """Return who delivers a fact from above, if anybody."""
    return _suppliers.get(name)


def facts() -> dict[str, Fact]:
    """Return all facts by name, in the order pages show them."""
    return dict(_facts)


def kinds() -> dict[str, FactKind]:
    """Return the kinds of all facts by name."""
    return {name: fact.kind for name, fact in _facts.items()}


def given_by_hand() -> list[Fact]:
    """Return the facts people may give."""
    return [fact for fact in _facts.values() if fact.by_hand]
