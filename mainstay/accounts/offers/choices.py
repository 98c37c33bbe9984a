"""Kinds of benefits, states of offers and of what was granted (B5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BenefitWord(models.TextChoices):
    """The values are those of `domain.offers.Benefit`."""

    PERCENT = "percent", _("Percent off the monthly bill")
    AMOUNT = "amount", _("Yuan off each month")
    FREE_MONTHS = "free_months", _("Free months a year")
    POINTS = "points", _("Bonus points each month")


class OfferStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("offer", "Draft")
    OPEN = "open", pgettext_lazy("offer", "Open")
    ENDED = "ended", pgettext_lazy("offer", "Ended")


class GrantStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("grant", "Proposed")
    APPROVED = "approved", pgettext_lazy("grant", "Granted")
    REJECTED = "rejected", pgettext_lazy("grant", "Rejected")
    ENDED = "ended", pgettext_lazy("grant", "Ended")


LIVE = (GrantStatus.PROPOSED, GrantStatus.APPROVED)
"""It waits for a decision, or was granted."""
