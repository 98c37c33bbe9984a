"""What do customers measure by the factors of a filter, and who passes? Reads figures, asks the rule (B6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Q

from mainstay.accounts.nominations.arrays import Holders, day_columns, holders, window_begin
from mainstay.accounts.nominations.cells import MISSING, Numbers
from mainstay.accounts.nominations.choices import FIGURE_OF, Figure, Measure
from mainstay.accounts.nominations.models import Account
from mainstay.domain import balance_factors as rule
from mainstay.domain.balance_factors import Bound, Together

DAYS_CARRIED = 31
"""A balance is carried from at most so many days before the window: what is older is no balance to judge by."""


@dataclass(frozen=True)
class FactorRule:
    """A factor as a run judges by it; `least` in fen or a number."""

    measure: str
    days: int
    least: int
    weight: int


@dataclass(frozen=True)
class Rules:
    """A filter as a run judges by it."""

    mode: str
    least_score: int
    factors: tuple[FactorRule, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"mode": self.mode, "least_score": self.least_score, "factors": [vars(each) for each in self.factors]}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Rules":
        """Return what `as_json` kept."""
        return cls(kept["mode"], kept["least_score"], tuple(FactorRule(**each) for each in kept["factors"]))


@dataclass(frozen=True)
class Found:
    """What was found, arrays by customer: ids, who passes, scores (thousandths of a point), values by factor.

    `known_days`: on how many days of the longest window a balance of the customer was delivered.
    """

    customers: Numbers
    passes: rule.Truths
    scores: Numbers
    values: tuple[Numbers, ...]
    accounts: int

    def figures(self, place: int, rules: Rules) -> list[dict[str, Any]]:
        """Return why a customer passes or not, in figures: one entry a factor."""
        return [
            {
                "measure": factor.measure, "days": factor.days, "value": int(values[place]), "least": factor.least,
                "weight": factor.weight, "points": int(rule.points(values[place : place + 1],
                                                                   Bound(factor.least, factor.weight))[0]),
            }
            for factor, values in zip(rules.factors, self.values, strict=True)
        ]  # fmt: skip


def measure(rules: Rules, on: date, accounts: Q, months: Q) -> Found:
    """Measure the customers of accounts within a condition (`accounts` on accounts, `months` on their months).

    Costs 1 query, and 1 for each figure that the factors read.
    """
    held = holders(Account.objects.filter(accounts))
    if not len(held.accounts):
        nothing = np.empty(0, np.int64)
        return Found(nothing, np.empty(0, bool), nothing, tuple(nothing for _ in rules.factors), 0)
    values = _values(rules.factors, on, held, months)
    bounds = [Bound(each.least, each.weight) for each in rules.factors]
    passes, scores = rule.judge(values, bounds, Together(rules.mode), rules.least_score)
    return Found(np.unique(held.customers), passes, scores, tuple(values), len(held.accounts))


def _values(factors: Sequence[FactorRule], on: date, held: Holders, months: Q) -> list[Numbers]:
    read: dict[str, Numbers] = {}
    for figure in dict.fromkeys(FIGURE_OF[Measure(each.measure)] for each in factors):
        longest = max(each.days for each in factors if FIGURE_OF[Measure(each.measure)] == figure)
        before = DAYS_CARRIED if figure == Figure.BALANCE else 0
        days = day_columns(held, figure, window_begin(on, longest + before), on, months)
        read[figure] = days[:, -(longest + before) :]
    return [_value(each, read[FIGURE_OF[Measure(each.measure)]], held) for each in factors]


def _value(factor: FactorRule, days: Numbers, held: Holders) -> Numbers:
    kind = Measure(factor.measure)
    if FIGURE_OF[kind] != Figure.BALANCE:
        return rule.by_owner(rule.sums(days, factor.days), held.customers)[1]
    last = 1 if kind == Measure.END_BALANCE else factor.days
    wanted = ~held.deposits if kind == Measure.AVERAGE_LOAN else held.deposits
    sums = np.where(wanted, rule.stock_sums(days[:, -(last + DAYS_CARRIED) :], last), 0)
    return rule.by_owner(sums, held.customers)[1] // last


def daily_totals(held: Holders, days: Numbers, last: int) -> tuple[Numbers, rule.Truths]:
    """Return the sum of all rows for each of the last columns, carried, and whether anything is known by then."""
    known = np.logical_or.accumulate((days != MISSING).any(axis=0))
    return rule.carried(days).sum(axis=0)[-last:], known[-last:]
