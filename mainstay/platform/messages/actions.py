"""Send messages; the same news is never sent twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.journal.actions import News, publish
from mainstay.platform.messages.models import Message


@dataclass(frozen=True)
class NewMessage:
    """A message to a user (console) or a contact (portal); `dedupe_key` names the news and the receiver."""

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


@transaction.atomic
def send(messages: Iterable[NewMessage], *, at: datetime) -> int:
    """Write messages in the caller's transaction and return how many were new."""
    wanted = {m.dedupe_key: m for m in messages}
    known = set(Message.objects.filter(dedupe_key__in=wanted).values_list("dedupe_key", flat=True))
    new = [m for key, m in wanted.items() if key not in known]
    insert_many(Message, (*_COLUMNS, "created_at"), [(*_values(m), at) for m in new])
    publish((News("message", "user", m.user_id, m.customer_id, m.region_code) for m in new if m.user_id), at=at)
    return len(new)


_COLUMNS = (
    "kind", "to_name", "to_address", "user_id", "contact_id", "channel", "subject", "body", "dedupe_key",
    "object_kind", "object_id", "customer_id", "region_code",
)  # fmt: skip


def _values(message: NewMessage) -> tuple[object, ...]:
    m = message
    return (
        m.kind, m.to_name, m.to_address, m.user_id, m.contact_id, m.channel, m.subject[:200], m.body, m.dedupe_key,
        m.object_kind, str(m.object_id), m.customer_id, m.region_code,
    )  # fmt: skip


def mark_read(message_ids: Iterable[int], *, at: datetime, by: Actor) -> None:
    """Mark the actor's own messages as read; who is no user has none."""
    if by.user_id is None:
        return
    Message.objects.filter(pk__in=list(message_ids), user_id=by.user_id, read_at__isnull=True).update(read_at=at)


@transaction.atomic
def forget_to_staff(before: datetime, limit: int) -> int:
    """Forget at most `limit` messages to staff from before an instant, the oldest first; what customers got is kept."""
    oldest = Message.objects.filter(contact_id__isnull=True).order_by("pk")[:limit]
    gone = [pk for pk, created_at in oldest.values_list("pk", "created_at") if created_at < before]
    Message.objects.filter(pk__in=gone).delete()
    return len(gone)


def oldest_to_staff() -> datetime | None:
    """Return the instant of the oldest message to staff (1 query)."""
    found = Message.objects.filter(contact_id__isnull=True).order_by("pk")
    return found.values_list("created_at", flat=True).first()
