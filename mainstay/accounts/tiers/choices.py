"""States of versions, runs and proposals; levels that approve; what a rule set writes to the customer."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.domain.tiering.moving import Move


class VersionStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("rules", "Draft")
    PROPOSED = "proposed", _("Waits for approval")
    APPROVED = "approved", _("Approved, not yet in force")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    REJECTED = "rejected", pgettext_lazy("rules", "Rejected")


OPEN = (VersionStatus.DRAFT, VersionStatus.PROPOSED, VersionStatus.APPROVED)
"""Versions that may still come into force: one at a time for each rule set."""


class Level(models.TextChoices):
    """Who approves: staff of a province, a city, a county; nobody where the grade follows from the facts alone."""

    PROVINCE = "province", _("Province")
    CITY = "city", pgettext_lazy("level", "City")
    COUNTY = "county", _("County")
    NONE = "none", _("No approval")


REACH = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6}
"""The longest region code of a duty that can approve at a level (GB/T 2260)."""


class Axis(models.TextChoices):
    """What of the customer's archive a rule set writes, once a change is approved."""

    NOTHING = "", _("Nothing else")
    SERVICE_GRADE = "service_grade", _("Service grade of the customer")
    SPECIAL = "special", _("Special grade of the customer")


class Rhythm(models.TextChoices):
    """When everybody is judged anew, besides when their facts change."""

    DAILY = "daily", _("Every night")
    MONTHLY = "monthly", _("On the sixth of every month")
    NEVER = "never", _("Only when facts change")


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", pgettext_lazy("run", "Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")


class Standing(models.TextChoices):
    """How far a proposed change of grade is."""

    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", pgettext_lazy("grade", "Approved")
    REJECTED = "rejected", pgettext_lazy("grade", "Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn: the facts changed")


MOVES = {
    Move.RISE: _("Rises"),
    Move.FALL: _("Falls"),
    Move.NEW: _("New"),
    Move.LAPSE: _("Lapses"),
    Move.SIDEWAYS: _("Other kinds"),
}
"""Words for moves, in the order pages show them."""
MOVE_NAMES = {Move.RISE: "rise", Move.FALL: "fall", Move.NEW: "new", Move.LAPSE: "lapse", Move.SIDEWAYS: "other"}
