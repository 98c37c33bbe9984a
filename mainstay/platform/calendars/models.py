"""Working calendars and the yearly tables of moved workdays (promise-clocks 1, 2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Calendar(models.Model):
    """Weekly hours in a zone, with a table of special days unless it runs 24×7.

    `stamp` is a digest of all that decides about its hours, special days included; written by the actions.
    """

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=48, default="Asia/Shanghai")
    always = models.BooleanField(default=False)
    special_days = models.CharField(max_length=8, blank=True, default="CN")
    stamp = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class CalendarEdition(models.Model):
    """What a calendar said under one stamp: hours, zone and special days; never changed, so clocks can be frozen on it.

    `content`: `name`, `tz`, `always`, `week` (seven lists of [from, to) minutes), `days` (date, kind, label,
    intervals) and `known_until` (ISO date or null).
    """

    stamp = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=32)
    content = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("code", "-made_at"), name="edition_by_calendar"),)


class WorkingHours(models.Model):
    """One interval of a weekday, half-open, in minutes from midnight."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    from_minute = models.PositiveSmallIntegerField()
    to_minute = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("weekday", "from_minute")


class YearTable(models.Model):
    """A year's official arrangement, imported by an administrator or shipped."""

    country = models.CharField(max_length=8, default="CN")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("country", "year"), name="one_table_per_year"),)


class SpecialDay(models.Model):
    """A day off, a worked weekend day, or a day with its own hours."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        WORKDAY = "workday", _("Moved workday")
        CUSTOM = "custom", _("Own hours")

    table = models.ForeignKey(YearTable, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(max_length=80)
    hours = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("on",)
        constraints = (models.UniqueConstraint(fields=("table", "on"), name="one_rule_per_day"),)
