"""A customer's points as a statement: what came, what went, why, and what was left each time (B4)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page
from django.db.models import F, Q
from django.utils.translation import gettext as _

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.points.choices import AccountWord, Operation, Source
from mainstay.accounts.points.models import GiftOrder, Lot, Transfer
from mainstay.domain.actor import Actor
from mainstay.platform.bulk.paging import LongPaginator


@dataclass(frozen=True)
class Line:
    """A line of a statement. `change`: of what is available; `frozen_change`: of what is frozen."""

    id: int
    number: int
    at: datetime
    operation: str
    words: str
    reason: str
    change: int
    frozen_change: int
    available: int
    frozen: int
    by: str
    book_version: int | None
    reverses: int | None
    reversed_by: int | None
    order_id: int | None
    may_reverse: bool


@dataclass(frozen=True)
class OpenLot:
    """Points earned at once that are not used up."""

    earned_on: date
    expires_on: date | None
    amount: int
    left: int


def statement(actor: Actor, customer_id: int, *, page: int = 1, size: int = 30) -> Page:
    """Return a page of a customer's statement as `Line`s, the newest first (3 queries). Raises NoSuchCustomer."""
    visible_customer(actor, customer_id)
    rows = Transfer.objects.filter(customer=customer_id).select_related("book", "reverses", "reversed_by")
    found = LongPaginator(rows.order_by("-number"), size).get_page(page)
    found.object_list = [_line(row) for row in found.object_list]
    return found


def lots(actor: Actor, customer_id: int) -> list[OpenLot]:
    """Return what is left of each lot, the oldest, which is used first, first (2 queries). Raises NoSuchCustomer."""
    visible_customer(actor, customer_id)
    rows = Lot.objects.filter(customer=customer_id, used__lt=F("amount")).order_by("earned_on", "pk")
    return [OpenLot(row.earned_on, row.expires_on, row.amount, row.amount - row.used) for row in rows]


def open_orders(customer_id: int) -> int:
    """Return how many gifts a customer waits for (1 query). The caller has seen the customer."""
    return GiftOrder.objects.filter(Q(status="asked") | Q(status="approved"), customer=customer_id).count()


def _line(row: Transfer) -> Line:
    opposite = getattr(row, "reversed_by", None)
    return Line(
        id=row.pk, number=row.number, at=row.at, operation=row.operation, words=words(row), reason=row.reason,
        change=_change(row, AccountWord.AVAILABLE), frozen_change=_change(row, AccountWord.FROZEN),
        available=row.available_after, frozen=row.frozen_after, by=row.made_by,
        book_version=row.book.version if row.book else None, reverses=row.reverses.number if row.reverses else None,
        reversed_by=opposite.number if opposite else None,
        order_id=int(row.ref) if row.source == Source.GIFT and row.ref.isdigit() else None,
        may_reverse=opposite is None and row.operation != Operation.REVERSE and row.source != Source.GIFT,
    )  # fmt: skip


def _change(row: Transfer, account: str) -> int:
    return row.amount * ((row.credit == account) - (row.debit == account))


def words(row: Transfer) -> str:
    """Say in the reader's language what a transfer was."""
    if row.source == Source.PAYMENT:
        told = _("Payments of %(month)s") % {"month": row.ref}
    elif row.source == Source.YEARS:
        told = _("%(n)s years with us") % {"n": row.ref}
    elif row.source == Source.EXPIRY:
        told = _("Expired before %(day)s") % {"day": row.ref}
    elif row.source == Source.GIFT:
        told = _("Gift %(number)s") % {"number": f"GF-{int(row.ref):06d}"}
    else:
        told = str(Source(row.source).label)
    if row.operation in (Operation.CORRECT, Operation.FREEZE, Operation.RELEASE, Operation.REDEEM, Operation.REVERSE):
        return f"{Operation(row.operation).label} · {told}"
    return told
