"""Signs of life of workers, and the backups that were taken."""

from django.db import models


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
