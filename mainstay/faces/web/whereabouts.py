"""Where did a message go, and how far did it get? What pages show of deliveries (K8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from mainstay.domain.masking import Mask, masked
from mainstay.platform.messages import queries
from mainstay.platform.messages.addresses import shown
from mainstay.platform.messages.choices import Channel, DeliveryState, DropReason

ICONS = {
    Channel.CONSOLE: "device-desktop", Channel.PORTAL: "world", Channel.EMAIL: "mail", Channel.SMS: "device-mobile",
    Channel.WECOM: "message-circle", Channel.DINGTALK: "message", Channel.WEBHOOK: "link",
}  # fmt: skip
LOOKS = {
    DeliveryState.WAITING: "planned", DeliveryState.HELD: "planned", DeliveryState.SENDING: "planned",
    DeliveryState.SENT: "up", DeliveryState.DELIVERED: "up", DeliveryState.FAILED: "degraded",
    DeliveryState.GIVEN_UP: "down", DeliveryState.DROPPED: "unknown",
}  # fmt: skip
"""The colour of each state, in the words of `{% state %}`."""


@dataclass(frozen=True)
class Whereabouts:
    """One delivery as pages show it: `at` is when it is due, was sent, or was over."""

    pk: int
    channel: str
    icon: str
    to: str
    to_name: str
    state: str
    state_label: str
    look: str
    at: datetime | None
    tries: int
    why: str


def whereabouts(row: Any) -> Whereabouts:
    """Put one delivery into the shape that pages show."""
    why = str(DropReason(row.drop_reason).label) if row.drop_reason else error_words(row.error)
    why = why.replace(row.to, seen(row)) if row.to else why
    done = row.state in (DeliveryState.SENT, DeliveryState.DELIVERED)
    return Whereabouts(
        pk=row.pk, channel=str(Channel(row.channel).label), icon=ICONS[Channel(row.channel)],
        to=seen(row), to_name=row.to_name, state=row.state,
        state_label=str(DeliveryState(row.state).label), look=LOOKS[DeliveryState(row.state)],
        at=row.ended_at or row.sent_at or row.due_at, tries=row.tries, why="" if done else why,
    )  # fmt: skip


MASKS = {Channel.EMAIL: Mask.EMAIL, Channel.SMS: Mask.PHONE}


def seen(row: Any) -> str:
    """Return the address of a delivery as everybody sees it: people's numbers and addresses masked (A3)."""
    mask = MASKS.get(Channel(row.channel))
    return masked(mask, row.to) if mask else shown(row.channel, row.to)


def error_words(error: str) -> str:
    """Say in the reader's language what our own drivers said; what others answered stays as it is."""
    return gettext(error) if error else ""


def tell_where(messages: Iterable[Any]) -> list[Any]:
    """Give each message its `where`, a list of Whereabouts; the caller may see the messages (1 query)."""
    known = list(messages)
    deliveries = queries.deliveries_of([message.pk for message in known])
    for message in known:
        message.where = [whereabouts(row) for row in deliveries.get(message.pk, [])]
    return known
