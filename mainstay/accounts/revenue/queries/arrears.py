"""Read who is in arrears, how much and for how long, within what an actor may see (M9)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum

from mainstay.accounts.revenue.choices import Bucket
from mainstay.accounts.revenue.figures import reckoned
from mainstay.accounts.revenue.models import Standing
from mainstay.accounts.revenue.rolling import waiting
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import is_found

BUCKETS = tuple(Bucket.values)


@dataclass(frozen=True)
class ArrearsFilter:
    """What the list is limited to; empty means any. `age`: a bucket in which something is owed."""

    text: str = ""
    age: str = ""
    region: str = ""
    grade: str = ""
    manager_id: int | None = None
    at_least_fen: int = 0


@dataclass(frozen=True)
class ArrearsSum:
    """What is owed by the customers of a list, in all and by age, in fen."""

    customers: int
    arrears_fen: int
    by_age: tuple[tuple[str, int], ...]


def filtered(actor: Actor, wanted: ArrearsFilter) -> QuerySet[Standing]:
    """Return the standings in arrears within the filter, customers fetched, unordered."""
    rows = Standing.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))
    exact = {
        "customer__region__code__startswith": wanted.region, "customer__service_grade": wanted.grade,
        "customer__account_manager_id": wanted.manager_id, "arrears_fen__gte": wanted.at_least_fen,
    }  # fmt: skip
    rows = rows.filter(arrears_fen__gt=0, **{name: value for name, value in exact.items() if value})
    if wanted.age in BUCKETS:
        rows = rows.filter(**{f"{wanted.age}__gt": 0})
    if wanted.text.strip():
        rows = rows.filter(is_found(wanted.text, "customer"))
    return rows.select_related("customer")


def summed(actor: Actor, wanted: ArrearsFilter) -> ArrearsSum:
    """Return what the list amounts to (1 query)."""
    sums: dict[str, Any] = {name: Sum(name) for name in BUCKETS}
    rows = filtered(actor, wanted).order_by().select_related(None)
    found = rows.aggregate(n=Count("pk"), arrears=Sum("arrears_fen"), **sums)
    return ArrearsSum(found["n"], found["arrears"] or 0, tuple((name, found[name] or 0) for name in BUCKETS))


def by_age(customer_id: int, on: date) -> tuple[tuple[str, int], ...]:
    """Return what a customer owes by age, reckoned anew (2 queries); the caller has seen the customer."""
    found = reckoned([customer_id], on).get(customer_id)
    return tuple((name, getattr(found, name)) for name in BUCKETS) if found else ()


def catching_up(on: date) -> int:
    """Return how many customers' sums are being made again, because bills or payments came or a day passed."""
    return waiting(on)
