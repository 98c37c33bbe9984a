"""What a customer's bills and payments amount to on a day, reckoned slowly from the rows themselves.

Right for any day: only what was issued and paid until then counts. `rolling` reckons the same in the database for
today; a test holds the two against each other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from mainstay.accounts.revenue.choices import BUCKET_DAYS
from mainstay.accounts.revenue.models import Bill, Payment
from mainstay.accounts.revenue.windows import Window, months_between, window
from mainstay.domain.settling import Owed, Paid, settle

AT_ONCE = 500
"""Customers reckoned together."""


class Figures(NamedTuple):
    """The columns of `models.FIGURES`, in that order, and the first day on which time alone may change them."""

    billed_month_fen: int
    billed_quarter_fen: int
    billed_year_fen: int
    paid_year_fen: int
    arrears_fen: int
    oldest_due_on: date | None
    late_payments_year: int
    purchases_2m: int
    last_purchase_on: date | None
    months_known: int
    overdue_30_fen: int
    overdue_60_fen: int
    overdue_90_fen: int
    overdue_more_fen: int
    overdue_bills: int
    until_on: date


class SettledBill(NamedTuple):
    """A bill with its settlement on the day looked at."""

    pk: int
    month: date
    issued_on: date
    due_on: date
    amount_fen: int
    open_fen: int
    settled_on: date | None


class RawBill(NamedTuple):
    """A bill as it came."""

    pk: int
    month: date
    issued_on: date
    due_on: date
    amount_fen: int


class PaidOn(NamedTuple):
    """A payment, with the key of the bill it names."""

    paid_on: date
    amount_fen: int
    bill: int | None


def reckoned(customer_ids: Collection[int], on: date) -> dict[int, Figures]:
    """Return the figures of a day from bills and payments alone (2 queries).

    Who was never billed and never paid, on any day, has no entry.
    """
    bills, payments = read(customer_ids)
    seen = window(on)
    return {pk: _reckon(bills.get(pk, ()), payments.get(pk, ()), seen) for pk in sorted(bills.keys() | payments.keys())}


def reckon(bills: Sequence[RawBill], payments: Sequence[PaidOn], on: date) -> Figures:
    """Return the figures of a day from all bills and payments of one customer; nothing is read."""
    return _reckon(bills, payments, window(on))


def _reckon(bills: Sequence[RawBill], payments: Sequence[PaidOn], seen: Window) -> Figures:
    known = [bill for bill in bills if bill.issued_on <= seen.on]
    paid = [each for each in payments if each.paid_on <= seen.on]
    coming = [bill.issued_on for bill in bills] + [each.paid_on for each in payments]
    found = figures(settled(known, paid), paid, seen)
    return found._replace(until_on=min([found.until_on, *(day for day in coming if day > seen.on)]))


def read(customer_ids: Collection[int]) -> tuple[dict[int, list[RawBill]], dict[int, list[PaidOn]]]:
    """Return all bills, and all payments in order of time, by customer (2 queries)."""
    bills: dict[int, list[RawBill]] = defaultdict(list)
    rows = Bill.objects.filter(customer__in=customer_ids).order_by("pk")
    for row in rows.values_list("customer_id", "pk", "month", "issued_on", "due_on", "amount_fen"):
        bills[row[0]].append(RawBill(*row[1:]))
    payments: dict[int, list[PaidOn]] = defaultdict(list)
    paid = Payment.objects.filter(customer__in=customer_ids).order_by("paid_on", "pk")
    for each in paid.values_list("customer_id", "paid_on", "amount_fen", "bill_id"):
        payments[each[0]].append(PaidOn(*each[1:]))
    return bills, payments


def settled(bills: Iterable[RawBill], payments: Iterable[PaidOn]) -> list[SettledBill]:
    """Return bills with their settlement by these payments."""
    rows = list(bills)
    account = settle(
        (Owed(row.pk, row.issued_on, row.due_on, row.amount_fen) for row in rows), (Paid(*each) for each in payments)
    )
    return [SettledBill(*row, account.bills[row.pk].open_fen, account.bills[row.pk].settled_on) for row in rows]


def figures(bills: Sequence[SettledBill], payments: Sequence[PaidOn], seen: Window) -> Figures:
    """Return what settled bills and payments amount to on the day of a window."""
    overdue = [bill for bill in bills if bill.open_fen > 0 and bill.due_on < seen.on]
    ages = _by_age(overdue, seen.on)
    return Figures(
        _billed(bills, seen.closed, seen),
        _billed(bills, seen.quarter, seen),
        _billed(bills, seen.year, seen),
        sum(each.amount_fen for each in payments if seen.year <= each.paid_on < seen.after_closed),
        sum(bill.open_fen for bill in overdue),
        min((bill.due_on for bill in overdue), default=None),
        sum(1 for bill in bills if seen.year <= bill.due_on < seen.on and is_late(bill)),
        sum(1 for bill in bills if bill.amount_fen > 0 and seen.two_months <= bill.month <= seen.closed),
        max((bill.issued_on for bill in bills if bill.amount_fen > 0), default=None),
        months_between(min((bill.month for bill in bills), default=seen.after_closed), seen.closed),
        *ages,
        len(overdue),
        min([seen.until, *_turns((bill.due_on for bill in bills if bill.open_fen > 0), seen)]),
    )


def is_late(bill: SettledBill) -> bool:
    """Say whether a bill that is due was not settled in time."""
    return bill.settled_on is None or bill.settled_on > bill.due_on


def _billed(bills: Iterable[SettledBill], first: date, seen: Window) -> int:
    return sum(bill.amount_fen for bill in bills if first <= bill.month <= seen.closed)


def _by_age(overdue: Iterable[SettledBill], on: date) -> tuple[int, int, int, int]:
    found = [0] * (len(BUCKET_DAYS) + 1)
    for bill in overdue:
        found[bucket((on - bill.due_on).days)] += bill.open_fen
    return found[0], found[1], found[2], found[3]


def bucket(days: int) -> int:
    """Return the place of the bucket of arrears that many days past due."""
    return sum(days > bound for bound in BUCKET_DAYS)


def _turns(due: Iterable[date], seen: Window) -> list[date]:
    """Return the days after today on which open bills become overdue, or older than a bucket."""
    days = (day + timedelta(days=bound + 1) for day in due for bound in (0, *BUCKET_DAYS))
    return [day for day in days if day > seen.on]
