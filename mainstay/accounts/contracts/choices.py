"""States of contracts (D1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContractStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("contract", "Active")
    ENDED = "ended", _("Ended")
