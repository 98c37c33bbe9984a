"""Earn points for payments: what a month should have earned, less what it has (B4). Doing it again changes nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Case, Count, F, Sum, When
from django.utils import timezone

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.points.actions.posting import Wanted, post_many
from mainstay.accounts.points.choices import AccountWord, Operation, Source
from mainstay.accounts.points.models import EarningDue, Purse, Transfer
from mainstay.accounts.points.paid import paid_in
from mainstay.accounts.points.queries.books import Held, book_on, books
from mainstay.accounts.revenue.events import RevenueChanged
from mainstay.accounts.revenue.windows import add_months, first_of
from mainstay.domain.actor import Actor
from mainstay.domain.points.rules import earned, last_day
from mainstay.platform.bulk.rows import insert_many

PART = 100
"""Months of customers in one transaction."""


def on_revenue_changed(event: RevenueChanged, by: Actor) -> None:
    """Note whose months are to be reckoned anew, in the transaction that changed them."""
    rows = [(customer_id, first_of(month)) for customer_id in event.customer_ids for month in event.months]
    insert_many(EarningDue, ("customer_id", "month"), rows, unique=("customer_id", "month"), update=("month",))


@transaction.atomic
def earn_due(*, at: datetime, by: Actor, limit: int = PART) -> int:
    """Earn what the next months noted give; return how many were looked at, 0: nothing waits."""
    waiting = EarningDue.objects.select_for_update(skip_locked=True).order_by("month", "customer_id")
    due = list(waiting[:limit])
    if not due:
        return 0
    known, wanted = books(), list[Wanted]()
    for month in sorted({row.month for row in due}):
        wanted += _of_month(
            [row.customer_id for row in due if row.month == month], month, known, timezone.localdate(at)
        )
    refused = [one for one, done in zip(wanted, post_many(wanted, at=at, by=by), strict=True) if done.refusal]
    again = {(one.customer_id, one.ref) for one in refused}
    gone = [row.pk for row in due if (row.customer_id, _ref(row.month)) not in again]
    EarningDue.objects.filter(pk__in=gone).delete()
    return len(gone)


def _of_month(customer_ids: Sequence[int], month: date, known: list[Held], today: date) -> list[Wanted]:
    """Return what brings each customer's month to what it should have earned."""
    on = min(add_months(month, 1) - timedelta(days=1), today)
    held = book_on(on, known)
    if held is None:
        return []
    paid, grades = paid_in(customer_ids, month), _grades(customer_ids)
    reached = _reached(customer_ids, month)
    wanted = []
    for customer_id in customer_ids:
        should, _ = earned(held.book, paid.get(customer_id, {}), grades.get(customer_id, ""))
        has, times = reached.get(customer_id, (0, 0))
        if should != has:
            wanted.append(_step(customer_id, month, should - has, f"{times}", held, on))
    return _within(wanted)


def _step(customer_id: int, month: date, missing: int, times: str, held: Held, on: date) -> Wanted:
    operation = Operation.EARN if missing > 0 else Operation.CORRECT
    return Wanted(
        f"payment:{customer_id}:{_ref(month)}:{times}", customer_id, operation, missing, Source.PAYMENT, _ref(month),
        on=on, expires_on=last_day(held.book, on), book_id=held.id,
    )  # fmt: skip


def _within(wanted: list[Wanted]) -> list[Wanted]:
    """Let nobody lose more than is available: what was spent already stays with the customer."""
    losing = [one.customer_id for one in wanted if one.amount < 0]
    held = dict(Purse.objects.filter(pk__in=losing).values_list("pk", "available")) if losing else {}
    kept = []
    for one in wanted:
        if one.amount < 0:
            amount = min(-one.amount, held.get(one.customer_id, 0))
            if not amount:
                continue
            held[one.customer_id] = held.get(one.customer_id, 0) - amount
            one = Wanted(one.key, one.customer_id, one.operation, -amount, one.source, one.ref, book_id=one.book_id)
        kept.append(one)
    return kept


def _grades(customer_ids: Sequence[int]) -> dict[int, str]:
    return dict(Customer.objects.filter(pk__in=customer_ids).values_list("pk", "service_grade"))


def _reached(customer_ids: Sequence[int], month: date) -> dict[int, tuple[int, int]]:
    """Return what a month earned each customer so far, reversals included, and in how many transfers."""
    signed = Case(When(credit=AccountWord.AVAILABLE, then=F("amount")), default=-F("amount"))
    rows = Transfer.objects.filter(customer__in=customer_ids, source=Source.PAYMENT, ref=_ref(month))
    sums = rows.values_list("customer_id").annotate(points=Sum(signed), times=Count("pk"))
    return {customer_id: (points, times) for customer_id, points, times in sums}


def _ref(month: date) -> str:
    return f"{month:%Y-%m}"
