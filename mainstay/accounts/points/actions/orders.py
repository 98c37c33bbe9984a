"""A gift's way to the customer: ask, approve, hand out, or cancel; its points are frozen meanwhile (B4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.points.actions.posting import Wanted, post
from mainstay.accounts.points.choices import STEPS, Operation, OrderStatus, Source
from mainstay.accounts.points.errors import BadGift, NoSuchGift, NoSuchOrder, SecondPersonNeeded, WrongStep
from mainstay.accounts.points.models import Gift, GiftOrder
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

MOST = 1_000


@dataclass(frozen=True)
class Asked:
    """What is asked for, for whom."""

    customer_id: int
    gift_id: int
    quantity: int = 1
    note: str = ""


@transaction.atomic
def ask(asked: Asked, *, at: datetime, by: Actor) -> GiftOrder:
    """Ask for a gift: its points are frozen and it is kept for the customer.

    Raises NoSuchCustomer, NoSuchGift, NotAllowed, BadGift (not in the catalogue today, not for this grade, too few
    left), NotEnough.
    """
    customer = visible_customer(by, asked.customer_id)
    if not (by.may(Permission.WORK_POINTS) or (not by.is_staff and by.may(Permission.PORTAL))):
        require(by, Permission.WORK_POINTS)
    gift = Gift.objects.filter(pk=asked.gift_id).first()
    if gift is None:
        raise NoSuchGift(msgid("There is no gift {id}; look in the catalogue."), id=asked.gift_id)
    _check(gift, customer, asked.quantity, at)
    if not Gift.objects.filter(pk=gift.pk, stock__gte=asked.quantity).update(stock=F("stock") - asked.quantity):
        raise BadGift(msgid("There are too few of “{gift}” left; choose another or ask for fewer."), gift=gift.name)
    order = GiftOrder.objects.create(
        customer=customer, gift=gift, quantity=asked.quantity, points=gift.price * asked.quantity,
        note=asked.note.strip()[:200], by_customer=not by.is_staff, asked_at=at, asked_by=by.name[:80],
        asked_user_id=by.user_id,
    )  # fmt: skip
    _move(order, Operation.FREEZE, at=at, by=by)
    _note("gift.ask", order, None, at=at, by=by)
    return order


def _check(gift: Gift, customer: Customer, quantity: int, at: datetime) -> None:
    today = timezone.localdate(at)
    if not 1 <= quantity <= MOST:
        raise BadGift(msgid("Ask for 1 to {most} pieces."), most=MOST)
    if today < gift.valid_from or (gift.valid_to is not None and today > gift.valid_to):
        raise BadGift(msgid("“{gift}” is not in the catalogue today; choose another."), gift=gift.name)
    if gift.grades and customer.service_grade not in gift.grades:
        raise BadGift(msgid("“{gift}” is for customers of other grades; choose another."), gift=gift.name)


@transaction.atomic
def approve(order_id: int, *, at: datetime, by: Actor, revision: int | None = None) -> GiftOrder:
    """Agree to what somebody else asked for. Raises NoSuchOrder, NotAllowed, SecondPersonNeeded, WrongStep."""
    order = _taken(order_id, OrderStatus.APPROVED, revision, by=by)
    require(by, Permission.WORK_POINTS)
    if order.asked_user_id is not None and order.asked_user_id == by.user_id:
        raise SecondPersonNeeded(msgid("You asked for {number} yourself; somebody else must approve it."),
                                 number=order.number)  # fmt: skip
    order.decided_at, order.decided_by = at, by.name[:80]
    return _step(order, OrderStatus.APPROVED, "gift.approve", at=at, by=by)


@transaction.atomic
def hand_out(order_id: int, receiver: str, *, at: datetime, by: Actor, revision: int | None = None) -> GiftOrder:
    """Say who took the gift; its points are redeemed. Raises NoSuchOrder, NotAllowed, BadGift, WrongStep."""
    order = _taken(order_id, OrderStatus.HANDED_OUT, revision, by=by)
    require(by, Permission.WORK_POINTS)
    if not receiver.strip():
        raise BadGift(msgid("Say who took the gift."))
    order.ended_at, order.ended_by, order.receiver = at, by.name[:80], receiver.strip()[:80]
    _move(order, Operation.REDEEM, at=at, by=by)
    return _step(order, OrderStatus.HANDED_OUT, "gift.hand_out", at=at, by=by)


@transaction.atomic
def cancel(order_id: int, why: str, *, at: datetime, by: Actor, revision: int | None = None) -> GiftOrder:
    """Cancel before it is handed out: points and gift are free again. The customer's people may until it is approved.

    Raises NoSuchOrder, NotAllowed, BadGift without a reason, WrongStep.
    """
    order = _taken(order_id, OrderStatus.CANCELLED, revision, by=by)
    if by.is_staff:
        require(by, Permission.WORK_POINTS)
    elif order.status != OrderStatus.ASKED or not by.may(Permission.PORTAL):
        raise NotAllowed(
            msgid("{number} is approved already; ask your account manager to cancel it."), number=order.number
        )
    if not why.strip():
        raise BadGift(msgid("Say why {number} is cancelled."), number=order.number)
    order.ended_at, order.ended_by, order.why = at, by.name[:80], why.strip()[:200]
    Gift.objects.filter(pk=order.gift_id).update(stock=F("stock") + order.quantity)
    _move(order, Operation.RELEASE, at=at, by=by)
    return _step(order, OrderStatus.CANCELLED, "gift.cancel", at=at, by=by.because(why.strip()))


def _taken(order_id: int, to: str, revision: int | None, *, by: Actor) -> GiftOrder:
    rows = GiftOrder.objects.filter(scope(by, customer="customer_id", region="customer__region__code"))
    order = rows.select_for_update(of=("self",)).select_related("customer", "gift").filter(pk=order_id).first()
    if order is None:
        raise NoSuchOrder(msgid("There is no gift order {id} that you may see; look in the list."), id=order_id)
    if to not in STEPS[order.status] or (revision is not None and revision != order.revision):
        raise WrongStep(
            msgid("{number} is “{status}”; this cannot be done to it now. Open it again."),
            number=order.number, status=OrderStatus(order.status).label,
        )  # fmt: skip
    return order


def _move(order: GiftOrder, operation: str, *, at: datetime, by: Actor) -> None:
    reason = f"{order.gift.name} × {order.quantity}"
    wanted = Wanted(
        f"gift:{order.pk}:{operation}", order.customer_id, operation, order.points, Source.GIFT, str(order.pk), reason,
        frozen=operation == Operation.REDEEM,
    )  # fmt: skip
    post(wanted, at=at, by=by)


def _step(order: GiftOrder, to: str, action: str, *, at: datetime, by: Actor) -> GiftOrder:
    before, order.status = order.status, to
    order.revision += 1
    order.save()
    _note(action, order, before, at=at, by=by)
    return order


def _note(action: str, order: GiftOrder, before: str | None, *, at: datetime, by: Actor) -> None:
    after = {"status": order.status, "gift": order.gift.name, "points": order.points}
    change = Change("gift_order", order.pk, order.number, {"status": before} if before else None, after,
                    order.customer_id, order.customer.region_id)  # fmt: skip
    journal.record(action, [change], at=at, by=by)
