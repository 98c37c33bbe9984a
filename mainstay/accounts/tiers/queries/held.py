"""Who holds which grade on a day: for other rooms, and for a customer's page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.tiers.grades import Grade, grades_of, label_of
from mainstay.accounts.tiers.models import HeldGrade as Row
from mainstay.domain.actor import Actor
from mainstay.domain.tiering.facts import Value


@dataclass(frozen=True)
class HeldGrade:
    """A grade held: in which rule set, since when, by which row (from 1; None by hand) and figures, until when."""

    rule_set_code: str
    grade: str
    since: date
    why_row: int | None
    facts: dict[str, Value]
    until: date | None


def held(customer_ids: Collection[int], on: date) -> dict[int, tuple[HeldGrade, ...]]:
    """Return the grades customers hold on a day, by customer; who holds none has no entry (1 query for 900).

    For workers and rooms that checked: no scope.
    """
    found: dict[int, list[HeldGrade]] = defaultdict(list)
    ids = list(customer_ids)
    for start in range(0, len(ids), 900):
        rows = Row.objects.filter(customer__in=ids[start : start + 900], since_on__lte=on)
        rows = rows.filter(Q(until_on__isnull=True) | Q(until_on__gt=on)).select_related("rule_set")
        for row in rows.order_by("rule_set__position", "pk"):
            found[row.customer_id].append(_held(row))
    return {pk: tuple(grades) for pk, grades in found.items()}


def _held(row: Row) -> HeldGrade:
    number = row.row + 1 if row.row >= 0 else None
    return HeldGrade(row.rule_set.code, row.grade, row.since_on, number, dict(row.facts), row.until_on)


@dataclass(frozen=True)
class Badge:
    """A grade as the strip of a customer's page shows it."""

    rules: str
    rules_code: str
    grade: Grade
    since: date
    why: str = ""
    row: int | None = None
    by_hand: bool = False


def panel(actor: Actor, customer_id: int) -> list[Badge]:
    """Return the grades a customer holds now in the rule sets that are on, the highest of each first (2 queries).

    Raises NoSuchCustomer.
    """
    visible_customer(actor, customer_id)
    return badges(customer_id)


def badges(customer_id: int) -> list[Badge]:
    """Return the same of a customer the reader has seen (1 query)."""
    rows = Row.objects.filter(customer=customer_id, until_on__isnull=True, rule_set__is_on=True)
    found = []
    for row in rows.select_related("rule_set").order_by("rule_set__position", "pk"):
        known = {grade.code: grade for grade in grades_of(row.rule_set)}
        if row.grade in known:
            number = row.row + 1 if row.row >= 0 else None
            grade, owner = known[row.grade], row.rule_set
            found.append(Badge(label_of(owner), owner.code, grade, row.since_on, row.why, number, row.by_hand))
    return found
