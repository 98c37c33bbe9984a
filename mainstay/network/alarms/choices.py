"""Severities, effects and states of alarms (X.733, G1, G2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PerceivedSeverity(models.TextChoices):
    """X.733 perceived severity, in TMF642's spelling."""

    CRITICAL = "critical", _("Critical")
    MAJOR = "major", _("Major")
    MINOR = "minor", _("Minor")
    WARNING = "warning", _("Warning")
    INDETERMINATE = "indeterminate", _("Indeterminate")
    CLEARED = "cleared", _("Cleared")


class Effect(models.IntegerChoices):
    """What an alarm means for what its resource carries; the values are the levels of `domain.impact`."""

    NONE = 0, _("no effect")
    DEGRADED = 1, _("degrades service")
    DOWN = 2, _("interrupts service")


class ReportKind(models.TextChoices):
    RAISE = "raise", _("Raised")
    CLEAR = "clear", _("Cleared")


class Outcome(models.TextChoices):
    """What became of a report; empty while it waits."""

    WAITING = "", _("Waiting")
    STORED = "stored", _("New alarm")
    DUPLICATE = "duplicate", _("Counted on a standing alarm")
    CLEARED = "cleared", _("Cleared an alarm")
    NOTHING_TO_CLEAR = "nothing", _("Nothing to clear")
    QUARANTINED = "quarantined", _("Quarantined")


class QuarantineStatus(models.TextChoices):
    OPEN = "open", _("To be placed")
    PLACED = "placed", _("Placed")
    IGNORED = "ignored", _("Ignored")


class IncidentStatus(models.TextChoices):
    OPEN = "open", _("Open")
    CLAIMED = "claimed", _("Claimed")
    RESTORED = "restored", _("Restored")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")


class IncidentKind(models.TextChoices):
    FAULT = "fault", _("Fault")
    SILENT_SOURCE = "silent_source", _("Silent source")


class IncidentOrigin(models.TextChoices):
    """Who says that there is an incident: alarms, or people whom customers told of it (H1)."""

    ALARMS = "alarms", _("Alarms")
    REPORTS = "reports", _("Reported by customers")


DECLARED_FROM = 1_000_000_000
"""Ids from here on belong to incidents that people declare: the impact worker numbers its own below, in memory."""

LIVE_INCIDENTS = (IncidentStatus.OPEN, IncidentStatus.CLAIMED, IncidentStatus.RESTORED)
