"""Ways messages go, and how far each sending got (K8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """Where a message goes. The console and the portal are inboxes of ours: nothing is sent there."""

    CONSOLE = "console", pgettext_lazy("channel", "Console")
    PORTAL = "portal", pgettext_lazy("channel", "Portal")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    SMS = "sms", pgettext_lazy("channel", "SMS")
    WECOM = "wecom", pgettext_lazy("channel", "WeCom")
    DINGTALK = "dingtalk", pgettext_lazy("channel", "DingTalk")
    WEBHOOK = "webhook", pgettext_lazy("channel", "Webhook")


INBOXES = frozenset({Channel.CONSOLE, Channel.PORTAL})
OUTSIDE = tuple(channel for channel in Channel if channel not in INBOXES)
"""The channels on which something leaves Mainstay."""
CHAT_CHANNELS = frozenset({Channel.SMS, Channel.WECOM, Channel.DINGTALK})
"""Channels on which the short text goes, where there is one."""


class DeliveryState(models.TextChoices):
    """How far a sending got. `delivered` comes from a receipt; e-mail and robots end at `sent`."""

    WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
    HELD = "held", pgettext_lazy("delivery", "Held for quiet hours")
    SENDING = "sending", pgettext_lazy("delivery", "Being sent")
    SENT = "sent", pgettext_lazy("delivery", "Sent")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    FAILED = "failed", pgettext_lazy("delivery", "Failed, will be tried again")
    GIVEN_UP = "given_up", pgettext_lazy("delivery", "Given up")
    DROPPED = "dropped", pgettext_lazy("delivery", "Dropped")


PENDING = (DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.FAILED)
"""Not under way, and not over: the courier will come for these."""
REACHED = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.DELIVERED)
"""The receiver has it, or may have it any moment."""


class DropReason(models.TextChoices):
    """Why something was not sent after all."""

    NO_SENDER = "no_sender", _("No sender is set up for this channel.")
    ALL_CLEAR = "all_clear", _("It was over before this went out.")
    NEVER_TOLD = "never_told", _("The opening message never went out here.")
    BY_HAND = "by_hand", _("Somebody of us dropped it.")


class SenderKind(models.TextChoices):
    """What kinds of senders of the operator's own there are."""

    SMTP = "smtp", _("Mail server (SMTP)")
    HTTP = "http", _("HTTP gateway (SMS and others)")
    WECOM = "wecom", _("WeCom group robots")
    DINGTALK = "dingtalk", _("DingTalk group robots")
    WEBHOOK = "webhook", _("Webhooks (JSON to the receiver's address)")
    APPRISE = "apprise", _("Any service that apprise knows")
    TRIAL = "trial", _("Trial: writes to a file, sends nothing")


SERVES: dict[str, tuple[str, ...]] = {
    SenderKind.SMTP: (Channel.EMAIL,),
    SenderKind.HTTP: (Channel.SMS, Channel.EMAIL, Channel.WECOM, Channel.DINGTALK, Channel.WEBHOOK),
    SenderKind.WECOM: (Channel.WECOM,),
    SenderKind.DINGTALK: (Channel.DINGTALK,),
    SenderKind.WEBHOOK: (Channel.WEBHOOK,),
    SenderKind.APPRISE: (Channel.SMS, Channel.EMAIL, Channel.WEBHOOK),
    SenderKind.TRIAL: OUTSIDE,
}
"""For which channels a kind of sender can be used."""
