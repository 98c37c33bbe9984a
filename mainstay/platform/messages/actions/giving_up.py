"""Who hears that something could not be delivered? The desk on duty, in the console only, one message for many (H3)."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from mainstay.platform.duty.queries import watch_at
from mainstay.platform.identity.models import User
from mainstay.platform.messages.actions.sending import NewMessage, send
from mainstay.platform.messages.choices import Channel
from mainstay.platform.messages.models import Delivery, Message

NAMED = 5


def tell_the_desk(given_up: Sequence[Delivery], *, at: datetime) -> None:
    """Tell those on duty in each region what was given up; it never leaves the console, so it cannot fail in turn."""
    if not given_up:
        return
    watch = watch_at(at)
    by_user: dict[int, tuple[User, dict[str, list[Delivery]]]] = {}
    for row in given_up:
        for user in watch.on_duty(row.message.region_code, 1):
            by_user.setdefault(user.pk, (user, {}))[1].setdefault(row.channel, []).append(row)
    send(
        [_letter(user, channel, rows) for user, channels in by_user.values() for channel, rows in channels.items()],
        at=at,
    )


def _letter(user: User, channel: str, rows: list[Delivery]) -> NewMessage:
    first = rows[0]
    with override(user.language or settings.LANGUAGE_CODE):
        subject = ngettext(
            "%(n)s message by %(channel)s could not be delivered",
            "%(n)s messages by %(channel)s could not be delivered",
            len(rows),
        ) % {"n": len(rows), "channel": Channel(channel).label}
        names = ", ".join(dict.fromkeys(row.to_name for row in rows[:NAMED]))
        body = _("To: %(names)s. Last error: %(error)s. Call them, or send again under Settings › Deliveries.") % {
            "names": names + (" …" if len(rows) > NAMED else ""),
            "error": _(rows[-1].error).rstrip(".。") if rows[-1].error else "—",
        }
    one = len({(row.message.object_kind, row.message.object_id) for row in rows}) == 1
    return NewMessage(
        kind=Message.Kind.INFORMATION, to_name=user.display_name, subject=subject, body=body, user_id=user.pk,
        dedupe_key=f"given-up:{first.pk}:{first.tries}:{channel}:{user.pk}",
        object_kind=first.message.object_kind if one else "", object_id=first.message.object_id if one else "",
        region_code=first.message.region_code, customer_id=first.message.customer_id if one else None,
    )  # fmt: skip
