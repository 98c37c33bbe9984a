"""How bad something found in the house is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """An error keeps the house from its work and is told at once; a warning wants attention; a fact is only told."""

    ERROR = "error", _("Error")
    WARNING = "warning", _("Wants attention")
    FACT = "fact", _("Fact")
