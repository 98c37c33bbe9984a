"""States of contracts, what is attached to them, and which field of a version is which (D1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContractStatus(models.TextChoices):
    """Registered means with the key-account group (备案); a contract holds from the day it begins once it is signed."""

    DRAFT = "draft", pgettext_lazy("contract", "Draft")
    SIGNED = "signed", pgettext_lazy("contract", "Signed, not registered")
    REGISTERED = "registered", pgettext_lazy("contract", "Registered")
    ACTIVE = "active", pgettext_lazy("contract", "Active")
    RENEWED = "renewed", pgettext_lazy("contract", "Followed by another")
    ENDED = "ended", _("Ended")
    TERMINATED = "terminated", pgettext_lazy("contract", "Terminated")


LIVE = (ContractStatus.SIGNED, ContractStatus.REGISTERED, ContractStatus.ACTIVE)
"""Signed and not over."""
OVER = (ContractStatus.RENEWED, ContractStatus.ENDED, ContractStatus.TERMINATED)
AT_FIRST = (ContractStatus.DRAFT, ContractStatus.SIGNED, ContractStatus.ACTIVE)
"""In which states a contract can be entered."""


class AttachmentKind(models.TextChoices):
    SIGNED_COPY = "signed", _("Signed copy")
    ANNEX = "annex", _("Annex")
    SCHEME = "scheme", _("Technical scheme")
    LETTER = "letter", _("Letter")
    OTHER = "other", pgettext_lazy("attachment", "Other")


FIELDS = {
    "name": _("Name"),
    "signed_on": _("Signed on"),
    "starts_on": _("Begins on"),
    "ends_on": _("Ends on"),
    "auto_renew_months": _("Renews itself by, months"),
    "notice_days": _("Days of notice"),
    "payment": _("Payment"),
    "product": _("Product"),
    "grade": _("Grade"),
    "monthly_price_fen": _("Monthly price"),
    "line": _("Line"),
}
"""What a version says, as people read it."""

SHIPPED_DAYS = (90, 60, 30)
"""Days before a contract's end on which its manager is told, until somebody sets others."""
