"""Durable timers."""

from django.db import models


class Timer(models.Model):
    """Something to do at an instant, once: (owner, purpose) is unique, so nothing fires twice (promise-clocks 22)."""

    due_at = models.DateTimeField()
    purpose = models.CharField(max_length=48)
    owner_kind = models.CharField(max_length=32)
    owner_id = models.BigIntegerField()
    rung = models.CharField(max_length=32)
    fired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("purpose", "owner_kind", "owner_id", "rung"), name="one_timer_per_rung"),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                name="timer_due",
                condition=models.Q(fired_at__isnull=True, cancelled_at__isnull=True),
            ),
        )
