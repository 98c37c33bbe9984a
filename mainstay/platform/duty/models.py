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
