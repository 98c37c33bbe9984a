"""Announcements of planned work to customers, each word that went out, and the answers."""

from django.db import models

from mainstay.accounts.customers.models import Customer
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.models import PlannedWork
from mainstay.service.announcements.choices import Answer, Said, Via


class Announcement(models.Model):
    """What one customer knows of one work: the window as told, what it does to them, and their answer.

    `due_at`: by when the promised notice wanted them told, None where none is promised; `late`: it was later.
    `untold_since`: since when nobody could be told. `withdrawn_at`: since when they know that it does not touch them.
    `revision` is the work's as told.
    """

    work = models.ForeignKey(PlannedWork, on_delete=models.PROTECT, related_name="announcements")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12, blank=True)
    grade = models.CharField(max_length=4)
    circuits = models.PositiveIntegerField()
    state = models.PositiveSmallIntegerField(choices=LiveState.choices)
    revision = models.PositiveIntegerField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    untold_since = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_via = models.CharField(max_length=8, choices=Via.choices, blank=True)
    answer_text = models.TextField(blank=True)
    wanted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("work", "customer"), name="one_announcement_per_customer"),)
        indexes = (
            models.Index(fields=("customer", "-from_at"), name="announcement_by_customer"),
            models.Index(fields=("answer", "from_at"), name="announcement_by_answer"),
        )


class Telling(models.Model):
    """Word that went out: what, to whom by which ways; never changed. The text itself stands in the messages."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="tellings")
    what = models.CharField(max_length=10, choices=Said.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    names = models.JSONField(default=list)
    ways = models.JSONField(default=dict)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "pk")
