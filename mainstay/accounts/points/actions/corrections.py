"""Correct points by hand, or take a transfer back: with a reason, by who may approve, in the audit trail (B4, P2)."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.points.actions.posting import Outcome, Wanted, post
from mainstay.accounts.points.choices import Operation, Source
from mainstay.accounts.points.errors import BadRules, NoSuchTransfer
from mainstay.accounts.points.models import Transfer
from mainstay.accounts.points.queries.books import book_on
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.points.rules import last_day
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def correct(customer_id: int, points: int, why: str, *, at: datetime, by: Actor, key: str = "") -> Outcome:
    """Give points, or take some (below zero), by hand.

    `key`: the form's own, so that a form sent twice counts once. Raises NoSuchCustomer, NotAllowed, BadRules without a
    reason, NotEnough, BadAmount.
    """
    customer = visible_customer(by, customer_id)
    require(by, Permission.APPROVE)
    reason = _reason(why)
    held = book_on(timezone.localdate(at))
    until = last_day(held.book, timezone.localdate(at)) if held and points > 0 else None
    wanted = Wanted(f"hand:{key or uuid4().hex}", customer.pk, Operation.CORRECT, points, Source.HAND, reason=reason,
                    expires_on=until)  # fmt: skip
    done = post(wanted, at=at, by=by)
    if not done.repeated:
        after = {"points": points, "transfer": done.transfer_id}
        change = Change("customer", customer.pk, str(customer), None, after, customer.pk, customer.region_id)
        journal.record("points.correct", [change], at=at, by=by.because(reason))
    return done


@transaction.atomic
def take_back(transfer_id: int, why: str, *, at: datetime, by: Actor) -> Outcome:
    """Reverse a transfer that is no part of a gift's way, once.

    Raises NoSuchTransfer, NotAllowed, BadRules without a reason, NotEnough, ReversedAlready.
    """
    rows = Transfer.objects.filter(scope(by, customer="customer_id", region="customer__region__code"))
    row = rows.filter(pk=transfer_id).select_related("customer").first()
    if row is None:
        raise NoSuchTransfer(
            msgid("There is no transfer {id} that you may see; look in the statement."), id=transfer_id
        )
    require(by, Permission.APPROVE)
    if row.source == Source.GIFT:
        raise BadRules(msgid("This belongs to a gift; cancel the gift or correct the points instead."))
    reason = _reason(why)
    wanted = Wanted(
        f"reverse:{row.pk}", row.customer_id, Operation.REVERSE, source=row.source, ref=row.ref, reason=reason,
        reverses=row.pk,
    )  # fmt: skip
    done = post(wanted, at=at, by=by)
    if not done.repeated:
        after = {"points": row.amount, "transfer": row.pk}
        change = Change(
            "customer", row.customer_id, str(row.customer), None, after, row.customer_id, row.customer.region_id
        )
        journal.record("points.reverse", [change], at=at, by=by.because(reason))
    return done


def _reason(why: str) -> str:
    if not why.strip():
        raise BadRules(msgid("Say why; it stands in the statement."))
    return why.strip()[:200]
