"""Signs of life of workers, and the backups that were taken."""

from django.db import models

from mainstay.platform.monitoring.choices import Level


class Heartbeat(models.Model):
    """The newest sign of life of a program: one row per program, host and instance, written over and over.

    `figures` are numbers the program measures of itself; names end in their unit (`behind_s`).
    """

    name = models.CharField(max_length=32)
    host = models.CharField(max_length=120)
    instance = models.CharField(max_length=32, blank=True)
    pid = models.PositiveIntegerField()
    version = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    at = models.DateTimeField()
    figures = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name", "host", "instance"), name="one_heartbeat_per_program"),)


class Backup(models.Model):
    """A backup that was taken, and whether a rehearsal has proved that it answers the same."""

    taken_at = models.DateTimeField()
    took_s = models.FloatField()
    path = models.CharField(max_length=400)
    host = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("-taken_at",), name="backup_by_time"),)


class Trouble(models.Model):
    """Something wrong with the house itself, from the look that found it first to the look that found it no more.

    `sentence` and `advice` are English msgids with %(named)s places for `figures`: it is said in each reader's words.
    """

    code = models.CharField(max_length=32)
    subject = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=8, choices=Level.choices)
    sentence = models.CharField(max_length=200)
    advice = models.CharField(max_length=200, blank=True)
    figures = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("code", "subject"), condition=models.Q(ended_at__isnull=True), name="one_standing_trouble"
            ),
        )
        indexes = (models.Index(fields=("-began_at",), name="trouble_by_time"),)


class Look(models.Model):
    """When somebody last looked after the house: one row, so that of all programs one looks at a time."""

    name = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()
