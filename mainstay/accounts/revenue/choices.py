"""Ages of arrears, kinds of usage, states of differences."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class What(models.TextChoices):
    """What is counted and summed for a month."""

    BILLS = "bills", _("Bills")
    PAYMENTS = "payments", _("Payments")


class Level(models.TextChoices):
    """What a control total is about: a region as a whole, a customer, one bill or payment."""

    REGION = "region", _("Region")
    CUSTOMER = "customer", _("Customer")
    ITEM = "item", _("Single bill or payment")


class DifferenceState(models.TextChoices):
    OPEN = "open", pgettext_lazy("difference", "Open")
    SETTLED = "settled", pgettext_lazy("difference", "Settled")
    GONE = "gone", pgettext_lazy("difference", "Agrees by now")


class Settling(models.TextChoices):
    """How a difference was settled."""

    BILLING_CORRECTS = "billing", _("Billing corrects it")
    CORRECTED_HERE = "here", _("Corrected here")
    ACCEPTED = "accepted", _("Both are right; explained")
