"""Words of portfolios: how somebody was met, why a customer returns to the pool, how far a hand-over is."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoteChannel(models.TextChoices):
    PHONE = "phone", _("By phone")
    VISIT = "visit", _("Visit")
    CHAT = "chat", _("Chat")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Meeting")
    OTHER = "other", pgettext_lazy("channel", "Other way")


class Outcome(models.TextChoices):
    GOOD = "good", _("Content")
    NEUTRAL = "neutral", _("Nothing special")
    WISH = "wish", _("Has a wish")
    TROUBLE = "trouble", _("Discontent")
    NOBODY = "nobody", _("Nobody reached")


class RuleKind(models.TextChoices):
    """Why a customer returns to the pool."""

    NO_NOTE = "no_note", _("No contact noted")
    LOCKED = "locked", _("Manager may no longer sign in")
    LEAVE = "leave", _("Manager on long leave")


class RecallState(models.TextChoices):
    WARNED = "warned", _("Warned")
    RETURNED = "returned", _("Returned to the pool")
    KEPT = "kept", pgettext_lazy("recall", "Kept")


class ItemState(models.TextChoices):
    """How far one customer of a hand-over is: planned, signed by the giver, with the new owner, ticked or refused."""

    DRAFT = "draft", _("Planned")
    SIGNED = "signed", _("Signed, on its way")
    MOVED = "moved", _("With the new manager")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", pgettext_lazy("hand-over", "Sent back")


LIVE_ITEMS = (ItemState.DRAFT, ItemState.SIGNED, ItemState.MOVED)
