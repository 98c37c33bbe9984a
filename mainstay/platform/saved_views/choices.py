"""With whom a saved view is shared."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    ME = "me", _("Only me")
    DUTY = "duty", _("Everybody with my duty")
    REGION = "region", _("Everybody in my region")
    EVERYONE = "everyone", _("Everybody in the console")
