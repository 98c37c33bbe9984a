"""Kinds of packages (S3: three of quality, one of protection in three levels) and states of their versions (D2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PackageKind(models.TextChoices):
    """The services of S3, chapter 3; only the first carries compensation."""

    SLA = "sla", _("SLA quality guarantee")
    MAINTENANCE = "maintenance", _("Maintenance quality guarantee")
    QUALITY = "quality", _("Quality level commitment")
    PROTECTION = "protection", _("After-sale circuit protection")


class VersionStatus(models.TextChoices):
    """Only what is approved can be sold."""

    PROPOSED = "proposed", pgettext_lazy("package", "Waits for marketing")
    APPROVED = "approved", pgettext_lazy("package", "Approved")
    REJECTED = "rejected", pgettext_lazy("package", "Rejected")


PROTECTION_LEVELS = (1, 2, 3)
