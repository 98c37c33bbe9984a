"""What is said of planned work, and what customers answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Answer(models.TextChoices):
    """What a customer says to an announcement."""

    NONE = "", _("No answer yet")
    ACCEPTED = "accepted", pgettext_lazy("answer", "Accepted")
    PREPARED = "prepared", pgettext_lazy("answer", "Accepted and prepared")
    OTHER_TIME = "other_time", pgettext_lazy("answer", "Asks for another time")


class Via(models.TextChoices):
    """How an answer came."""

    PORTAL = "portal", _("in the portal")
    PHONE = "phone", _("by phone")


class Said(models.TextChoices):
    """What went out."""

    FIRST = "first", _("Announcement")
    MOVED = "moved", _("Change of the window")
    REMINDER = "reminder", _("Reminder to answer")
    OFF = "off", _("Called off")
    DONE = "done", _("Over")


GIVEN = (Answer.ACCEPTED, Answer.PREPARED, Answer.OTHER_TIME)
"""What can be answered."""
