"""Which customers will return to the pool, which would, and which did? (A8)"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from mainstay.accounts.customers.queries import visible_to as visible_customers
from mainstay.accounts.portfolios.choices import RecallState
from mainstay.accounts.portfolios.models import Absence, Recall, RecycleRule
from mainstay.accounts.portfolios.returning import Reach, reaches, returning
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope

SHOWN = 200


@dataclass(frozen=True)
class WouldReturn:
    """What a rule would do now: how many customers it sees that nobody was warned of, and the first of them.

    Each of `customers` has `account_manager`, `last_at` (the last contact noted) and `since_on`.
    """

    rule: RecycleRule
    count: int
    returns_at: datetime
    customers: list[Any]


def recalls(actor: Actor, state: str = RecallState.WARNED) -> QuerySet[Recall]:
    """Return warnings of customers the actor may see, the next to return first; ended ones the latest first."""
    rows = Recall.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"), state=state)
    rows = rows.select_related("customer", "customer__region", "user")
    return rows.order_by("due_at", "pk") if state == RecallState.WARNED else rows.order_by("-ended_at", "-pk")


def recall_of(customer_id: int) -> Recall | None:
    """Return the open warning of a customer the reader has seen (1 query)."""
    return Recall.objects.filter(customer=customer_id, ended_at__isnull=True).first()


def would_return(actor: Actor, *, at: datetime) -> list[WouldReturn]:
    """Say what each active rule would do at an instant; nothing is written. A customer is told under one rule only."""
    told: list[WouldReturn] = []
    seen: set[int] = set()
    open_ones = Recall.objects.filter(ended_at__isnull=True).values("customer_id")
    for reach in reaches(at):
        rows = returning(reach, visible_customers(actor).exclude(pk__in=open_ones), at).exclude(pk__in=seen)
        count = rows.count()
        shown = list(
            rows.select_related("account_manager", "region").annotate(last_at=Max("contact_notes__at"))
            .order_by("account_manager__display_name", "name", "pk")[:SHOWN]
        )  # fmt: skip
        for row in shown:
            row.since_on = _since(row, reach)
        seen |= {row.pk for row in shown}
        told.append(WouldReturn(reach.rule, count, at + timedelta(days=reach.rule.warn_days), shown))
    return told


def _since(row: Any, reach: Reach) -> date | None:
    if reach.users is not None:
        return reach.users.get(row.account_manager_id)
    return timezone.localtime(row.last_at).date() if row.last_at else None


def rules() -> list[RecycleRule]:
    """Return all rules by kind and grade."""
    return list(RecycleRule.objects.all())


def absences(on: date) -> list[Absence]:
    """Return who is away on a day or will be, the first to leave first (1 query)."""
    rows = Absence.objects.filter(ended_at__isnull=True).exclude(to_on__lt=on).select_related("user")
    return list(rows.order_by("from_on", "pk"))
