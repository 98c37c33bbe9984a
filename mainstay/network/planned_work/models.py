"""Planned work (割接) on resources in windows."""

from django.db import models

from mainstay.network.inventory.models import Resource
from mainstay.network.planned_work.choices import WorkStatus


class PlannedWork(models.Model):
    """Work in [from_at, to_at); it only excuses alarms once approved and announced (promise-clocks 19).

    `details`: what is done technically; `preparation`: what customers should prepare (I3). `ended_at`: when it was
    finished or cancelled, after which it excuses nothing.
    """

    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=12, choices=WorkStatus.choices, default=WorkStatus.PLANNED)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    planned_by = models.CharField(max_length=80, blank=True)
    planned_by_id = models.BigIntegerField(null=True)
    approved_by = models.CharField(max_length=80, blank=True)
    details = models.TextField(blank=True)
    preparation = models.TextField(blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    resources = models.ManyToManyField(Resource, related_name="planned_work")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(to_at__gt=models.F("from_at")), name="work_ends_after_start"),
        )
