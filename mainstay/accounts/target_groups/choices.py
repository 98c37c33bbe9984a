"""What can become of a target group."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GroupState(models.TextChoices):
    LOCKING = "locking", _("Being locked")
    LOCKED = "locked", pgettext_lazy("target group", "Locked")
    RETIRED = "retired", pgettext_lazy("target group", "Retired")
