"""States of an import, what became of a row, and what to do about bad rows (A7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    GOOD_ROWS = "good-rows", _("Take the good rows, list the bad ones")
    ALL_OR_NOTHING = "all-or-nothing", _("All rows or nothing")


class State(models.TextChoices):
    READING = "reading", _("Being read")
    DRAFT = "draft", _("Being prepared")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Nothing taken over")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Stopped")


ENDED = frozenset({State.DONE, State.REFUSED, State.UNDONE, State.FAILED})
"""States in which nothing goes on by itself."""


class Outcome(models.TextChoices):
    WAITING = "", _("Waiting")
    CREATED = "created", _("Created")
    UPDATED = "updated", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Refused")
