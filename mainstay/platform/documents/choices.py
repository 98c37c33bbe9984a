"""Formats and languages of documents, and how often they are made."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"


class Language(models.TextChoices):
    """In its own words, each."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


class Cadence(models.TextChoices):
    """How often a schedule makes its documents; `promised`: as the promise terms of each customer say (D3)."""

    PROMISED = "promised", _("As promised to each customer")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")


class Audience(models.TextChoices):
    """Which contacts of a customer are told of a new document."""

    NOTIFIED = "notified", _("Contacts who get notices")
    ALL = "all", _("All contacts")
    NOBODY = "nobody", _("Nobody: it only stands in the portal")


MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
