"""States of planned work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    APPROVED = "approved", _("Approved")
    CANCELLED = "cancelled", _("Cancelled")
    DONE = "done", _("Done")
