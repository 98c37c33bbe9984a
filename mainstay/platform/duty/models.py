"""Who is on duty, and the shift's log."""

from django.conf import settings
from django.db import models


class Desk(models.Model):
    """A duty desk for a region; escalations go to its levels in turn (H3). `phone` is the one customers are given."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    region_code = models.CharField(max_length=12, blank=True)
    phone = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """A person on duty from an instant to another, half-open; level 1 is the desk, 2 the supervisor, 3 the leader."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=1)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("desk", "from_at"), name="shift_by_desk"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(to_at__gt=models.F("from_at")), name="shift_ends_after_start"),
        )


class HandoverNote(models.Model):
    """A line in the shift log that the next shift must read."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=80)
    user_id = models.BigIntegerField(null=True)
    text = models.TextField(max_length=4000)
    taken_over_at = models.DateTimeField(null=True)
    taken_over_by = models.CharField(max_length=80, blank=True)


class Handover(models.Model):
    """What one shift of a desk hands over to the next: a draft with remarks until it is signed, then frozen (G6, H3).

    `facts` is what happened, in codes and instants, never in words: it is read in the reader's language, and stays as
    signed though the world moves on; `digest` is SHA-256 over facts and remarks. Signed again before it is taken over
    it gets the next `version`; the newest counts.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="handovers")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=1)
    facts = models.JSONField(default=dict)
    remarks = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    signed_user_id = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=80, blank=True)
    taken_user_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("desk", "from_at", "version"), name="one_version_of_a_handover"),
        )
        indexes = (models.Index(fields=("-to_at",), name="handover_by_end"),)
