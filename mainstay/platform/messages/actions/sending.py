"""Send messages; the same news is never sent twice, and nobody hears of an end who never heard of the beginning."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many, insert_returning
from mainstay.platform.journal.actions import News, publish
from mainstay.platform.messages.addresses import Address
from mainstay.platform.messages.all_clear import Ending, settle_endings
from mainstay.platform.messages.choices import INBOXES, DeliveryState, DropReason
from mainstay.platform.messages.models import Delivery, Message, Sender
from mainstay.platform.messages.quiet import QuietBook
from mainstay.platform.messages.staff import staff_addresses

FOR_STAFF = (Message.Kind.WARNING, Message.Kind.ESCALATION)


@dataclass(frozen=True)
class NewMessage:
    """A message to a user (console) or a contact (portal); `dedupe_key` names the news and the receiver.

    `addresses`: where else it goes; console and portal among them are this message itself. A warning or an escalation
    to one of our own people goes to the channels they chose, too, without being told. `short` is the text for SMS and
    chat (empty: subject and body). `grade`, of customer or circuit, decides on quiet hours; "" is never held.
    """

    kind: str
    to_name: str
    subject: str
    body: str
    dedupe_key: str
    user_id: int | None = None
    contact_id: int | None = None
    to_address: str = ""
    channel: str = "console"
    object_kind: str = ""
    object_id: int | str = ""
    customer_id: int | None = None
    region_code: str = ""
    addresses: tuple[Address, ...] = ()
    short: str = ""
    grade: str = ""


@transaction.atomic
def send(messages: Iterable[NewMessage], *, at: datetime) -> int:
    """Write messages and one delivery per address in the caller's transaction; return how many messages were new (K8).

    A delivery in quiet hours is held until their end. One on a channel without a sender is written as dropped. An
    all-clear to a contact about an object goes exactly where a notice or update since the last one was sent, or may
    have been; what waits still is dropped, and so is the all-clear there. At most 9 queries.
    """
    wanted = {m.dedupe_key: m for m in messages}
    known = set(Message.objects.filter(dedupe_key__in=wanted).values_list("dedupe_key", flat=True))
    new = [m for key, m in wanted.items() if key not in known]
    plans = _plans(new, at=at)
    rows = [(*_values(m), at) for m in new]
    if any(plans.values()):
        _deliver(zip(insert_returning(Message, (*_COLUMNS, "created_at"), rows), new, strict=True), plans, at=at)
    else:
        insert_many(Message, (*_COLUMNS, "created_at"), rows)
    publish((News("message", "user", m.user_id, m.customer_id, m.region_code) for m in new if m.user_id), at=at)
    return len(new)


Plan = list[tuple[Address, str]]
"""Where one message goes, each with the reason why it is dropped there, "" if it is not."""


def _plans(new: Sequence[NewMessage], *, at: datetime) -> dict[str, Plan]:
    """Say where each message goes, by dedupe key."""
    staff = staff_addresses({m.user_id for m in new if m.user_id and m.contact_id is None and m.kind in FOR_STAFF})
    plans: dict[str, Plan] = {}
    for message in new:
        given = message.addresses
        if message.contact_id is None and message.kind in FOR_STAFF:
            given += staff.get(message.user_id or 0, ())
        outside = {(a.channel, a.to): a for a in given if a.channel not in INBOXES and a.to}
        plans[message.dedupe_key] = [(address, "") for address in outside.values()]
    endings = {
        m.dedupe_key: Ending(m.object_kind, str(m.object_id), m.contact_id, [a for a, _ in plans[m.dedupe_key]])
        for m in new
        if m.kind == Message.Kind.ALL_CLEAR and m.contact_id is not None and m.object_kind
    }
    return plans | settle_endings(endings, at=at)


def _deliver(sent: Iterable[tuple[int, NewMessage]], plans: dict[str, Plan], *, at: datetime) -> None:
    served = set(Sender.objects.filter(active=True).values_list("channel", flat=True))
    quiet, rows = QuietBook.read(), []
    for message_id, message in sent:
        for address, drop in plans[message.dedupe_key]:
            reason = drop or ("" if address.channel in served else DropReason.NO_SENDER.value)
            held = None if reason or message.kind in FOR_STAFF else quiet.until(message.grade, address.channel, at)
            state = DeliveryState.DROPPED if reason else DeliveryState.HELD if held else DeliveryState.WAITING
            rows.append(
                (
                    message_id, address.channel, address.to[:400], address.name[:80] or message.to_name, state.value,
                    None if reason else held or at, at, held or at, at if reason else None, reason,
                    delivery_key(message.dedupe_key, address),
                )
            )  # fmt: skip
    insert_many(
        Delivery,
        ("message_id", "channel", "to", "to_name", "state", "due_at", "created_at", "give_up_from", "ended_at",
         "drop_reason", "key"),
        rows,
    )  # fmt: skip


def delivery_key(dedupe_key: str, address: Address) -> str:
    """Return what is the same at every try and differs for everything else: 32 hex digits."""
    return hashlib.sha256(f"{dedupe_key}|{address.channel}|{address.to}".encode()).hexdigest()[:32]


_COLUMNS = (
    "kind", "to_name", "to_address", "user_id", "contact_id", "channel", "subject", "body", "short", "grade",
    "dedupe_key", "object_kind", "object_id", "customer_id", "region_code",
)  # fmt: skip


def _values(message: NewMessage) -> tuple[object, ...]:
    m = message
    return (
        m.kind, m.to_name, m.to_address, m.user_id, m.contact_id, m.channel, m.subject[:200], m.body, m.short, m.grade,
        m.dedupe_key, m.object_kind, str(m.object_id), m.customer_id, m.region_code,
    )  # fmt: skip


def move(object_kind: str, from_id: int, to_id: int, *, since: datetime | None = None, first_about: int = 0) -> None:
    """Let what contacts were told about one object count as told about another, which its all-clear is given for.

    `since`: only what was written after that instant. `first_about`: only what was first written about that object.
    """
    rows = Message.objects.filter(object_kind=object_kind, object_id=str(from_id), contact_id__isnull=False)
    if since is not None:
        rows = rows.filter(created_at__gt=since)
    if first_about:
        rows = rows.filter(dedupe_key__startswith=f"{object_kind}:{first_about}:")
    rows.update(object_id=str(to_id))


def mark_read(message_ids: Iterable[int], *, at: datetime, by: Actor) -> None:
    """Mark the actor's own messages as read; who is no user has none."""
    if by.user_id is None:
        return
    Message.objects.filter(pk__in=list(message_ids), user_id=by.user_id, read_at__isnull=True).update(read_at=at)
