"""The roll-ups: whose bills and payments changed is noted, settled anew and summed up; time alone makes them old, too.

Readers never see an old roll-up: who is `Touched`, or whose standing does not hold on the day asked for, is reckoned
from the rows. Rolling only makes that rare.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, F, Max, Min, Q, Sum, When
from django.db.models.functions import Coalesce

from mainstay.accounts.customers.events import CustomersMerged
from mainstay.accounts.revenue.choices import BUCKET_DAYS
from mainstay.accounts.revenue.figures import AT_ONCE, Figures, read, reckoned, settled
from mainstay.accounts.revenue.models import FIGURES, Bill, Payment, Standing, Touched
from mainstay.accounts.revenue.windows import Window, add_months, months_between, window
from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many, update_many

PART = 60
"""Customers rolled in one transaction: the lock is held for some 40 ms."""
_COLUMNS = ("customer_id", "on", "until_on", *FIGURES)


def note(customer_ids: Iterable[int], *, at: datetime) -> None:
    """Note that bills or payments of customers change, in the transaction that changes them."""
    rows = [(pk, at) for pk in sorted(set(customer_ids))]
    insert_many(Touched, ("customer_id", "at"), rows, unique=("customer_id",), update=("at",))


def on_customers_merged(event: CustomersMerged, by: Actor) -> None:
    """Note both customers of a merger, or of its undoing: what they were billed and paid stands elsewhere now."""
    note((event.from_id, event.into_id), at=event.at)


def roll_some(*, on: date, most: int = PART) -> int:
    """Settle and sum up some customers that are touched, then some whose standing is old; return how many."""
    return _roll_touched(on=on, most=most) or _roll_old(on=on, most=most)


def roll_all(*, on: date) -> int:
    """Roll until nothing is left; return how many customers."""
    total = 0
    while done := roll_some(on=on, most=AT_ONCE):
        total += done
    return total


def waiting(on: date) -> int:
    """Return how many customers are touched, or have a standing that no longer holds on a day (1 query)."""
    old = Standing.objects.filter(until_on__lte=on).order_by().values("pk")
    return Touched.objects.order_by().values("pk").union(old).count()


@transaction.atomic
def _roll_touched(*, on: date, most: int) -> int:
    rows = Touched.objects.select_for_update(skip_locked=True).order_by("at", "customer_id")[:most]
    ids = [row.customer_id for row in rows]
    if ids:
        settle_bills(ids)
        roll(ids, on=on)
        Touched.objects.filter(customer__in=ids).delete()
    return len(ids)


@transaction.atomic
def _roll_old(*, on: date, most: int) -> int:
    rows = Standing.objects.select_for_update(skip_locked=True).filter(until_on__lte=on).order_by("until_on")[:most]
    ids = [row.customer_id for row in rows]
    if ids:
        roll(ids, on=on)
    return len(ids)


def settle_bills(customer_ids: Collection[int]) -> None:
    """Write what of customers' bills is open, and since when nothing is, in the caller's transaction (3 queries)."""
    bills, payments = read(customer_ids)
    wanted = {bill.pk: (bill.open_fen, bill.settled_on)
              for pk, rows in bills.items() for bill in settled(rows, payments.get(pk, ()))}  # fmt: skip
    kept = Bill.objects.filter(customer__in=customer_ids).values_list("pk", "open_fen", "settled_on")
    update_many(Bill, ("open_fen", "settled_on"),
                [(*wanted[pk], pk) for pk, *now in kept if tuple(now) != wanted[pk]])  # fmt: skip


def roll(customer_ids: Collection[int], *, on: date) -> None:
    """Write the standings of settled customers, in the caller's transaction; who has nothing has none."""
    found = summed(customer_ids, on)
    gone = set(customer_ids) - found.keys()
    if gone:
        Standing.objects.filter(customer__in=gone).delete()
    rows = [(pk, on, each.until_on, *each[:-1]) for pk, each in found.items()]
    insert_many(Standing, _COLUMNS, rows, unique=("customer_id",), update=_COLUMNS[1:])


def summed(customer_ids: Collection[int], on: date) -> dict[int, Figures]:
    """Return the figures of settled customers, summed up by the database (2 queries).

    Who was billed or paid after the day is reckoned instead: their bills are settled as of later.
    """
    seen = window(on)
    bills = {row.pop("customer_id"): row for row in _bills(customer_ids, seen)}
    paid = {row.pop("customer_id"): row for row in _payments(customer_ids, seen)}
    ids = bills.keys() | paid.keys()
    later = [pk for pk in ids if any(row and row["last"] > on for row in (bills.get(pk), paid.get(pk)))]
    found = {pk: _figures(bills.get(pk, _NO_BILLS), paid.get(pk, {"paid": 0}), seen) for pk in ids - set(later)}
    return found | (reckoned(later, on) if later else {})


def _bills(customer_ids: Collection[int], seen: Window) -> Iterable[Any]:
    rows = Bill.objects.filter(customer__in=customer_ids).order_by("customer_id").values("customer_id")
    return rows.annotate(last=Max("issued_on"), first=Min("month"), **_billed(seen), **_owed(seen))


def _billed(seen: Window) -> dict[str, Any]:
    within = {"of_month": seen.closed, "of_quarter": seen.quarter, "of_year": seen.year}
    sums = {name: _sum("amount_fen", Q(month__gte=first, month__lte=seen.closed)) for name, first in within.items()}
    bought = Q(amount_fen__gt=0)
    return sums | {
        "purchases": Count(Case(When(bought & Q(month__gte=seen.two_months, month__lte=seen.closed), then=1))),
        "last_purchase": Max(Case(When(bought, then="issued_on"))),
    }


def _owed(seen: Window) -> dict[str, Any]:
    bounds = [seen.on, *(seen.on - timedelta(days=days) for days in BUCKET_DAYS)]
    ages = {f"age_{n}": Q(due_on__lt=upper, due_on__gte=lower)
            for n, (upper, lower) in enumerate(pairwise(bounds))}  # fmt: skip
    ages[f"age_{len(BUCKET_DAYS)}"] = Q(due_on__lt=bounds[-1])
    late = Q(due_on__gte=seen.year, due_on__lt=seen.on) & (Q(settled_on=None) | Q(settled_on__gt=F("due_on")))
    still = Q(open_fen__gt=0)
    return {
        "late": Count(Case(When(late, then=1))),
        "oldest": Min(Case(When(still & Q(due_on__lt=seen.on), then="due_on"))),
        "overdue": Count(Case(When(still & Q(due_on__lt=seen.on), then=1))),
        "next_due": Min(Case(When(still & Q(due_on__gte=seen.on), then="due_on"))),
        **{name: _sum("open_fen", within) for name, within in ages.items()},
        **{f"turn_{name}": Min(Case(When(still & within, then="due_on"))) for name, within in ages.items()},
    }


def _sum(column: str, within: Q) -> Coalesce:
    return Coalesce(Sum(Case(When(within, then=column))), 0)


def _payments(customer_ids: Collection[int], seen: Window) -> Iterable[Any]:
    rows = Payment.objects.filter(customer__in=customer_ids).order_by("customer_id").values("customer_id")
    year = Q(paid_on__gte=seen.year, paid_on__lt=seen.after_closed)
    return rows.annotate(last=Max("paid_on"), paid=_sum("amount_fen", year))


_AGES = [f"age_{n}" for n in range(len(BUCKET_DAYS) + 1)]
_NO_BILLS: dict[str, Any] = {
    **dict.fromkeys(("of_month", "of_quarter", "of_year", "late", "purchases", "overdue", *_AGES), 0),
    **dict.fromkeys(("oldest", "last_purchase", "first", "next_due", *(f"turn_{age}" for age in _AGES))),
}


def _figures(bill: dict[str, Any], paid: dict[str, Any], seen: Window) -> Figures:
    ages: tuple[int, int, int, int] = tuple(bill[age] for age in _AGES)
    turns = [bill["next_due"] and bill["next_due"] + timedelta(days=1)]
    turns += [due and due + timedelta(days=days + 1)
              for days, due in zip(BUCKET_DAYS, (bill[f"turn_{age}"] for age in _AGES), strict=False)]  # fmt: skip
    return Figures(
        bill["of_month"], bill["of_quarter"], bill["of_year"], paid["paid"], sum(ages), bill["oldest"], bill["late"],
        bill["purchases"], bill["last_purchase"],
        months_between(bill["first"] or add_months(seen.closed, 1), seen.closed),
        *ages, bill["overdue"], min([seen.until, *(day for day in turns if day)]),
    )  # fmt: skip
