"""Read bills with their lines, payments, usage, within what an actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from mainstay.accounts.revenue.choices import BillState
from mainstay.accounts.revenue.errors import NoSuchBill
from mainstay.accounts.revenue.figures import bucket, read, settled
from mainstay.accounts.revenue.models import Bill, Payment, Touched, Usage
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope


def bills_visible_to(actor: Actor) -> QuerySet[Bill]:
    """Return the bills the actor may see."""
    return Bill.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def payments_visible_to(actor: Actor) -> QuerySet[Payment]:
    """Return the payments the actor may see."""
    return Payment.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def usage_visible_to(actor: Actor) -> QuerySet[Usage]:
    """Return the usage the actor may see."""
    return Usage.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def bills_of(actor: Actor, customer_id: int | None = None) -> QuerySet[Bill]:
    """Return bills with their customer, the newest month first; of one customer, or all visible ones."""
    rows = bills_visible_to(actor).select_related("customer")
    rows = rows.filter(customer=customer_id) if customer_id is not None else rows
    return rows.order_by("-month", "-issued_on", "-pk")


def payments_of(actor: Actor, customer_id: int | None = None) -> QuerySet[Payment]:
    """Return payments with customer and bill, the newest first; of one customer, or all visible ones."""
    rows = payments_visible_to(actor).select_related("customer", "bill")
    rows = rows.filter(customer=customer_id) if customer_id is not None else rows
    return rows.order_by("-paid_on", "-pk")


def usage_of(actor: Actor, customer_id: int, *, most: int = 60) -> list[Usage]:
    """Return a customer's usage, the newest month first (1 query)."""
    rows = usage_visible_to(actor).filter(customer=customer_id)
    return list(rows.order_by("-month", "service", "circuit_number")[:most])


def bill(actor: Actor, bill_id: int) -> Bill:
    """Return one bill with its customer and lines (2 queries). Raises NoSuchBill."""
    rows = bills_visible_to(actor).select_related("customer").prefetch_related("lines")
    found = rows.filter(pk=bill_id).first()
    if found is None:
        raise NoSuchBill(msgid("There is no bill {id} that you may see; check the address."), id=bill_id)
    return found


def payments_for(bill: Bill) -> list[Payment]:
    """Return the payments that name a bill, in order of time (1 query); the caller has seen the bill."""
    return list(Payment.objects.filter(bill=bill.pk).order_by("paid_on", "pk"))


@dataclass(frozen=True)
class BillStanding:
    """How a bill stands on a day; `days_late`: past due when it was settled, or until the day."""

    state: str
    open_fen: int
    settled_on: date | None
    days_late: int


def standings(rows: Iterable[Bill], on: date) -> dict[int, BillStanding]:
    """Return how bills stand on a day, by their key (1 query; 3 where roll-ups wait to be made)."""
    there = list(rows)
    touched = Touched.objects.filter(customer__in={each.customer_id for each in there})
    fresh = _fresh(set(touched.values_list("customer_id", flat=True)))
    return {
        each.pk: standing(*fresh.get(each.pk, (each.open_fen, each.settled_on)), due_on=each.due_on, on=on)
        for each in there
    }


def _fresh(customer_ids: set[int]) -> dict[int, tuple[int, date | None]]:
    if not customer_ids:
        return {}
    bills, payments = read(customer_ids)
    return {
        each.pk: (each.open_fen, each.settled_on)
        for pk, own in bills.items()
        for each in settled(own, payments.get(pk, ()))
    }


def standing(open_fen: int, settled_on: date | None, *, due_on: date, on: date) -> BillStanding:
    """Say how a bill stands on a day."""
    late = max(0, ((settled_on or on) - due_on).days)
    if settled_on is not None:
        return BillStanding(BillState.PAID_LATE if late else BillState.PAID, 0, settled_on, late)
    return BillStanding(BillState.OVERDUE if late else BillState.OPEN, open_fen, None, late)


def age_of(days_late: int) -> int:
    """Return the place of the bucket of arrears, 0 to 3."""
    return bucket(days_late)
