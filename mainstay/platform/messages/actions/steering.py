"""Send again or drop by hand; take what gateways report back (K8)."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.actions.giving_up import tell_the_desk
from mainstay.platform.messages.addresses import shown
from mainstay.platform.messages.all_clear import over_already
from mainstay.platform.messages.choices import PENDING, DeliveryState, DropReason
from mainstay.platform.messages.drivers.parcel import readable
from mainstay.platform.messages.errors import DeliveryOver, NoSuchDelivery
from mainstay.platform.messages.models import Delivery, Sender
from mainstay.platform.messages.queries import visible_deliveries

AGAIN = (*PENDING, DeliveryState.GIVEN_UP, DeliveryState.DROPPED)
DROPPABLE = (*PENDING, DeliveryState.GIVEN_UP)
REPORTED = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.FAILED)
"""A gateway's report that something did not arrive ends these."""
ARRIVING = (*REPORTED, DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.GIVEN_UP)
"""What arrived is not sent again: a try whose answer was lost may be held for the morning, or given up."""
SETTLED = {DropReason.ALL_CLEAR.value, DropReason.NEVER_TOLD.value}
"""What was dropped for these is not sent by hand, either: who never heard of an end would be told of a beginning."""


@transaction.atomic
def retry(delivery_ids: Sequence[int], *, at: datetime, by: Actor) -> int:
    """Send again now, quiet hours or not, what waits, was given up or dropped; return how many.

    Raises NoSuchDelivery, DeliveryOver: it is under way or has arrived.
    """
    rows = _chosen(delivery_ids, AGAIN, by=by)
    _must_still_matter(rows)
    before = {row.pk: row.state for row in rows}
    for row in rows:
        row.state, row.due_at, row.give_up_from = DeliveryState.WAITING, at, at
        row.ended_at, row.drop_reason, row.hurried = None, "", True
    Delivery.objects.bulk_update(rows, ["state", "due_at", "give_up_from", "ended_at", "drop_reason", "hurried"])
    _note("delivery.retry", rows, before, at=at, by=by)
    return len(rows)


@transaction.atomic
def drop(delivery_ids: Sequence[int], *, at: datetime, by: Actor) -> int:
    """Drop what waits or was given up: nobody need care any more. Raises NoSuchDelivery, DeliveryOver."""
    rows = _chosen(delivery_ids, DROPPABLE, by=by)
    before = {row.pk: row.state for row in rows}
    for row in rows:
        row.state, row.due_at, row.ended_at, row.drop_reason = (
            DeliveryState.DROPPED, None, at, DropReason.BY_HAND.value,
        )  # fmt: skip
    Delivery.objects.bulk_update(rows, ["state", "due_at", "ended_at", "drop_reason"])
    _note("delivery.drop", rows, before, at=at, by=by)
    return len(rows)


def _chosen(delivery_ids: Sequence[int], states: tuple[str, ...], *, by: Actor) -> list[Delivery]:
    require(by, Permission.WORK_TICKETS)
    wanted = set(delivery_ids)
    seen = set(visible_deliveries(by).filter(pk__in=wanted).values_list("pk", flat=True))
    if seen != wanted:
        raise NoSuchDelivery(msgid("There is no such delivery among those you may see; look at the list again."))
    rows = list(Delivery.objects.select_for_update(of=("self",)).select_related("message").filter(pk__in=seen))
    for row in rows:
        if row.state not in states:
            raise DeliveryOver(
                msgid("The message to {name} is under way or over; nothing was changed."), name=row.to_name
            )
    return rows


def _must_still_matter(rows: list[Delivery]) -> None:
    over = over_already(rows)
    for row in rows:
        if row.pk in over or row.drop_reason in SETTLED:
            raise DeliveryOver(
                msgid("What the message to {name} tells of is over; nothing was sent. Write to them anew."),
                name=row.to_name,
            )


def _note(action: str, rows: list[Delivery], before: dict[int, str], *, at: datetime, by: Actor) -> None:
    changes = [
        Change(
            "delivery", row.pk, f"{row.to_name} {shown(row.channel, row.to)}", {"state": before[row.pk]},
            {"state": str(row.state)}, customer_id=row.message.customer_id, region_code=row.message.region_code,
        )
        for row in rows
    ]  # fmt: skip
    journal.record(action, changes, at=at, by=by)


@dataclass(frozen=True)
class Receipt:
    """What a gateway reports of one message, by its own reference or our key."""

    reference: str
    delivered: bool
    error: str = ""


def may_report(sender_id: int, token: str) -> bool:
    """Say whether the token is the sender's; a sender without one accepts no receipts."""
    known = Sender.objects.filter(pk=sender_id).values_list("receipt_digest", flat=True).first()
    given = hashlib.sha256(token.encode()).hexdigest()
    return hmac.compare_digest(known or "-", given)


@transaction.atomic
def take_receipts(sender_id: int, token: str, receipts: Iterable[Receipt], *, at: datetime) -> int:
    """Note receipts and return how many concern a delivery of this sender; the same receipt twice changes nothing.

    What did not arrive is given up and told to the desk: the gateway has tried what it can. Raises NotAllowed.
    """
    if not may_report(sender_id, token):
        raise NotAllowed(msgid("The token is not this sender's; issue a new one under Settings › Channels."))
    named = ((readable(receipt.reference), receipt) for receipt in receipts)
    wanted = {reference: receipt for reference, receipt in named if reference}
    rows = list(
        Delivery.objects.select_for_update(of=("self",))
        .select_related("message")
        .filter(Q(reference__in=wanted) | Q(key__in=wanted), sender=sender_id)
        .order_by("pk")
    )
    told = [(row, wanted.get(row.key) or wanted[row.reference]) for row in rows]
    open_rows = [row for row, receipt in told if row.state in (ARRIVING if receipt.delivered else REPORTED)]
    for row, receipt in told:
        if row not in open_rows:
            continue
        row.state = DeliveryState.DELIVERED if receipt.delivered else DeliveryState.GIVEN_UP
        row.ended_at, row.due_at, row.lease_until, row.error = at, None, None, readable(receipt.error)[:400]
        row.sent_at = row.sent_at or at
        row.reference = row.reference or readable(receipt.reference)[:120]
    Delivery.objects.bulk_update(
        open_rows, ["state", "ended_at", "due_at", "lease_until", "error", "sent_at", "reference"]
    )
    tell_the_desk([row for row in open_rows if row.state == DeliveryState.GIVEN_UP], at=at)
    return len(rows)
