"""Which bills are settled, and since when: payments in order of time against bills, the oldest due first (B3, M9).

Money in fen (0.01 yuan). A payment that names a bill goes to that bill first; what is left of it, and every other
payment, goes to the open bill that was due first; what is left then waits as credit for the next bill. A bill below
zero (a credit note) is a payment on the day it was issued. The state on a day follows from what happened until then
alone, so that a later payment never changes what was true before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Owed:
    """A bill: `key` tells it apart and decides between bills due on the same day."""

    key: int
    issued_on: date
    due_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment of zero or more; `bill` is the key of the bill it names."""

    paid_on: date
    amount_fen: int
    bill: int | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What of a bill is still open, and the day nothing was any more."""

    open_fen: int
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """Every bill's settlement by key, and the credit that waits."""

    bills: dict[int, Settlement]
    credit_fen: int


def settle(owed: Iterable[Owed], paid: Iterable[Paid]) -> Account:
    """Play bills and payments in order of time; on one day bills come first, payments in the order given."""
    book = _Book()
    issues = iter(sorted(owed, key=lambda bill: (bill.issued_on, bill.due_on, bill.key)))
    coming = next(issues, None)
    for payment in sorted(paid, key=lambda each: each.paid_on):
        while coming is not None and coming.issued_on <= payment.paid_on:
            book.issue(coming)
            coming = next(issues, None)
        book.pay(payment.amount_fen, payment.paid_on, payment.bill)
    while coming is not None:
        book.issue(coming)
        coming = next(issues, None)
    return Account({key: Settlement(open_fen, book.settled.get(key)) for key, open_fen in book.open.items()},
                   book.credit)  # fmt: skip


class _Book:
    """What is open while the events are played."""

    def __init__(self) -> None:
        self.open: dict[int, int] = {}
        self.settled: dict[int, date] = {}
        self.credit = 0
        self._waiting: list[tuple[date, int]] = []

    def issue(self, bill: Owed) -> None:
        self.open[bill.key] = max(bill.amount_fen, 0)
        if bill.amount_fen <= 0:
            self.settled[bill.key] = bill.issued_on
            self.pay(-bill.amount_fen, bill.issued_on, None)
            return
        heappush(self._waiting, (bill.due_on, bill.key))
        credit, self.credit = self.credit, 0
        self.pay(credit, bill.issued_on, None)

    def pay(self, amount_fen: int, on: date, bill: int | None) -> None:
        left = self._take(bill, amount_fen, on) if bill is not None else amount_fen
        while left and self._waiting:
            left = self._take(self._waiting[0][1], left, on)
            if not self.open[self._waiting[0][1]]:
                heappop(self._waiting)
        self.credit += left

    def _take(self, key: int, amount_fen: int, on: date) -> int:
        """Put an amount to one bill; return what is left of it."""
        taken = min(self.open.get(key, 0), amount_fen)
        if taken:
            self.open[key] -= taken
            if not self.open[key]:
                self.settled[key] = on
        return amount_fen - taken
