"""Operations on points, accounts they move between, where they come from, states of gifts asked for (B4)."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import pgettext_lazy


class AccountWord(models.TextChoices):
    """The values are those of `domain.points.purse.Account`."""

    AVAILABLE = "available", pgettext_lazy("points", "Available")
    FROZEN = "frozen", pgettext_lazy("points", "Frozen")
    ISSUE = "issue", pgettext_lazy("points", "Issued")
    REDEMPTION = "redemption", pgettext_lazy("points", "Redeemed")
    EXPIRY = "expiry", pgettext_lazy("points", "Expired")
    CORRECTION = "correction", pgettext_lazy("points", "Corrected")


class Operation(models.TextChoices):
    EARN = "earn", pgettext_lazy("points", "Earned")
    FREEZE = "freeze", pgettext_lazy("points", "Frozen")
    RELEASE = "release", pgettext_lazy("points", "Released")
    REDEEM = "redeem", pgettext_lazy("points", "Redeemed")
    EXPIRE = "expire", pgettext_lazy("points", "Expired")
    CORRECT = "correct", pgettext_lazy("points", "Corrected")
    REVERSE = "reverse", pgettext_lazy("points", "Reversed")


class Source(models.TextChoices):
    """What a transfer comes from."""

    PAYMENT = "payment", pgettext_lazy("points", "Payment")
    YEARS = "years", pgettext_lazy("points", "Years with us")
    BIRTHDAY = "birthday", pgettext_lazy("points", "Birthday")
    GIFT = "gift", pgettext_lazy("points", "Gift")
    EXPIRY = "expiry", pgettext_lazy("points", "Expiry")
    OFFER = "offer", pgettext_lazy("points", "Offer")
    HAND = "hand", pgettext_lazy("points", "By hand")
    DRILL = "drill", pgettext_lazy("points", "Drill")


class OrderStatus(models.TextChoices):
    ASKED = "asked", pgettext_lazy("gift", "Asked for")
    APPROVED = "approved", pgettext_lazy("gift", "Approved")
    HANDED_OUT = "handed_out", pgettext_lazy("gift", "Handed out")
    CANCELLED = "cancelled", pgettext_lazy("gift", "Cancelled")


STEPS: Mapping[str, frozenset[str]] = {
    OrderStatus.ASKED: frozenset({OrderStatus.APPROVED, OrderStatus.CANCELLED}),
    OrderStatus.APPROVED: frozenset({OrderStatus.HANDED_OUT, OrderStatus.CANCELLED}),
    OrderStatus.HANDED_OUT: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}
"""Which state of a gift asked for may follow which."""
OPEN = (OrderStatus.ASKED, OrderStatus.APPROVED)
"""Points are frozen and the gift is kept."""
