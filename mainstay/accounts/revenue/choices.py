"""Ages of arrears, kinds of usage, states of differences."""

from django.db import models
from django.utils.translation import gettext_lazy as _

BUCKET_DAYS = (30, 60, 90)
"""Arrears are 1 to 30, 31 to 60, 61 to 90 or more days past due (M9)."""


class Bucket(models.TextChoices):
    """How long ago arrears were due; the value is the column of a standing."""

    DAYS_30 = "overdue_30_fen", _("1–30 days")
    DAYS_60 = "overdue_60_fen", _("31–60 days")
    DAYS_90 = "overdue_90_fen", _("61–90 days")
    OLDER = "overdue_more_fen", _("over 90 days")


class BillState(models.TextChoices):
    OPEN = "open", _("Not due yet")
    OVERDUE = "overdue", _("Overdue")
    PAID = "paid", _("Paid")
    PAID_LATE = "paid_late", _("Paid late")
