"""States of a job."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Stopped")


ACTIVE = (State.WAITING, State.RUNNING)
"""States in which there is something left to do."""
