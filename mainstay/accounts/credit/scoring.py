"""Score customers: facts into columns, points by the rules, words for the reasons. No scope: for workers (B3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from django.utils.translation import gettext

from mainstay.accounts.credit.choices import FACTS
from mainstay.accounts.credit.models import CreditEdition, HandCredit
from mainstay.accounts.customers.choices import Ownership
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.revenue.models import Standing
from mainstay.accounts.revenue.queries.facts import RevenueFacts, facts_of
from mainstay.domain.credit_score import Band, Column, Rule, bands, points, scores

CLEAN_MONTHS = 12


class Known(NamedTuple):
    """What is known of a customer beside revenue."""

    pk: int
    since_on: date | None
    ownership: str


@dataclass(frozen=True)
class Edition:
    """The rules of an edition, ready to be reckoned with."""

    pk: int
    base: int
    rules: tuple[Rule, ...]
    bands: tuple[Band, ...]

    @classmethod
    def of(cls, row: CreditEdition) -> "Edition":
        """Read an edition's rules."""
        return cls(row.pk or 0, row.base, tuple(Rule(**each) for each in row.rules),
                   tuple(Band(**each) for each in row.bands))  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """A customer's score on a day, with the lines that made it; `until_on`: when time alone may change it."""

    customer_id: int
    score: int
    band: str
    lines: tuple[tuple[int, int, int], ...]
    by_hand: bool
    until_on: date


def in_force(on: date) -> CreditEdition | None:
    """Return the edition that holds on a day, None before the first (1 query)."""
    return CreditEdition.objects.filter(valid_from__lte=on).order_by("-valid_from", "-number").first()


def score_customers(customer_ids: Collection[int], edition: Edition, *, on: date) -> list[Scored]:
    """Score customers by an edition on a day (5 queries for 1,000)."""
    rows = Customer.objects.filter(pk__in=customer_ids).order_by("pk").values_list("pk", "since_on", "ownership")
    known = [Known(*row) for row in rows]
    if not known:
        return []
    ids = [each.pk for each in known]
    hands = {hand.customer_id: hand for hand in _hands(ids, on)}
    until = dict(Standing.objects.filter(pk__in=ids).values_list("pk", "until_on"))
    return score_known(known, facts_of(ids, on), edition, hands=hands, until=until, on=on)


def score_known(
    known: Sequence[Known], revenue: Mapping[int, RevenueFacts], edition: Edition, *,
    hands: Mapping[int, HandCredit], until: Mapping[int, date], on: date,
) -> list[Scored]:  # fmt: skip
    """Score customers of whom everything was read."""
    columns = columns_of(known, revenue, on)
    given = points(edition.rules, columns)
    found = scores(edition.base, given)
    for place, each in enumerate(known):
        if each.pk in hands:
            found[place] = hands[each.pk].score
    names = bands(edition.bands, found)
    next_edition = _next_edition(on)
    values = [columns[rule.fact] for rule in edition.rules]
    return [
        Scored(
            each.pk, int(found[place]), names[place], _lines(given[:, place], values, place), each.pk in hands,
            _until(each, revenue.get(each.pk), hands.get(each.pk), [until.get(each.pk), next_edition], on),
        )
        for place, each in enumerate(known)
    ]  # fmt: skip


def _hands(ids: Collection[int], on: date) -> list[HandCredit]:
    rows = HandCredit.objects.filter(customer__in=ids, withdrawn_at=None, from_on__lte=on, until_on__gt=on)
    return list(rows.order_by("customer_id", "pk"))


def _next_edition(on: date) -> date | None:
    return CreditEdition.objects.filter(valid_from__gt=on).order_by("valid_from").values_list(
        "valid_from", flat=True).first()  # fmt: skip


def _lines(given: Column, values: Sequence[Column], place: int) -> tuple[tuple[int, int, int], ...]:
    return tuple((rule, int(values[rule][place]), int(given[rule])) for rule in np.flatnonzero(given).tolist())


def _until(
    each: Known, facts: RevenueFacts | None, hand: HandCredit | None, others: Sequence[date | None], on: date
) -> date:
    days = [day for day in others if day is not None and day > on]
    if facts is not None and facts.arrears_fen > 0:
        days.append(on + timedelta(days=1))
    if hand is not None:
        days.append(hand.until_on)
    if each.since_on is not None:
        days.append(_anniversary(each.since_on, on))
    return min(days, default=date.max)


def _anniversary(since: date, on: date) -> date:
    years = max(1, _years(since, on) + 1) if on >= since else 0
    return _later(since, years)


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _years(since: date, on: date) -> int:
    years = on.year - since.year
    return max(0, years - (_later(since, years) > on)) if years >= 0 else 0


def columns_of(known: Sequence[Known], revenue: Mapping[int, RevenueFacts], on: date) -> dict[str, Column]:
    """Return the facts of FACTS as columns, customers in order."""
    none = RevenueFacts(0, 0, 0, 0, 0, 0, None, 0, 0, None, 0)
    facts = [revenue.get(each.pk, none) for each in known]
    read = {name: _column(getattr(each, name) for each in facts) for name in
            ("late_payments_year", "months_known", "arrears_fen", "billed_year_fen", "paid_year_fen",
             "billed_quarter_avg_fen")}  # fmt: skip
    overdue = _column((on - each.oldest_due_on).days if each.oldest_due_on else 0 for each in facts)
    owes, late = read["arrears_fen"] > 0, read["late_payments_year"] > 0
    return {
        "late_payments_year": read["late_payments_year"],
        "arrears_days": overdue,
        "arrears_percent": _percent(read["arrears_fen"], read["billed_quarter_avg_fen"]),
        "arrears_yuan": read["arrears_fen"] // 100,
        "clean_year": ((read["months_known"] >= CLEAN_MONTHS) & ~owes & ~late).astype(np.int64),
        "months_known": read["months_known"],
        "billed_year_yuan": read["billed_year_fen"] // 100,
        "paid_percent": _percent(read["paid_year_fen"], read["billed_year_fen"]),
        "years_customer": _column(_years(each.since_on, on) if each.since_on else 0 for each in known),
        **{f"is_{value}": _column(int(each.ownership == value) for each in known) for value in Ownership.values},
    }


def _column(values: Any) -> Column:
    return np.fromiter(values, np.int64)


def _percent(part: Column, whole: Column) -> Column:
    """Return hundredths; of nothing: 100 where there is a part of it all the same, else 0."""
    shares = part * 100 // np.maximum(whole, 1)
    return np.where(whole > 0, shares, np.where(part > 0, 100, 0))


def reason(rule: Rule, value: int) -> str:
    """Say why a rule gave points, in the reader's language."""
    words = FACTS[rule.fact].words
    said = str(words % {"n": value})
    return said.replace(str(value), f"{value:,}", 1) if value >= 1_000 else said


def by_hand_words(hand: HandCredit) -> str:
    """Say that credit was set by hand."""
    return gettext("set by hand by %(who)s until %(day)s: %(why)s") % {
        "who": hand.set_by, "day": hand.until_on, "why": hand.why,
    }  # fmt: skip
