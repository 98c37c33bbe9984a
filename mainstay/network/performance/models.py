"""Samples, what they were rolled up to, and how they are judged.

Periods are told by their beginning, in whole minutes since 1970-01-01 UTC (`minute`); values in the metric's unit.
"""

from django.db import models

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product
from mainstay.network.inventory.models import Circuit
from mainstay.network.performance.choices import Level, Method, Metric, Severity, Work


class SampleSource(models.Model):
    """A system that delivers samples, one for each `period_minutes`. `last_at`: when it last did."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    period_minutes = models.PositiveSmallIntegerField(default=5)
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """One metric of one circuit, at one end where it matters, as one source delivers it."""

    id = models.AutoField(primary_key=True)
    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="+", db_index=False)
    metric = models.CharField(max_length=12, choices=Metric.choices)
    side = models.CharField(max_length=1, blank=True)
    source = models.ForeignKey(SampleSource, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("circuit", "metric", "side", "source"), name="one_series_of_a_kind"),
        )


class _OfSeries(models.Model):
    """Rows kept closely: no key of their own, no foreign key that is checked row by row."""

    series = models.ForeignKey(
        Series, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    minute = models.IntegerField()

    class Meta:
        abstract = True


class Sample(_OfSeries):
    """What a metric was over the period that begins with `minute`."""

    pk = models.CompositePrimaryKey("series", "minute")
    value = models.IntegerField()


class _Roll(_OfSeries):
    """The samples of a stretch: least, most, sum and how many there are of the `expected` ones."""

    least = models.IntegerField()
    most = models.IntegerField()
    total = models.BigIntegerField()
    count = models.PositiveSmallIntegerField()
    expected = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True


class HourRoll(_Roll):
    """An hour. There is no percentile: the 95th of twelve samples is the largest."""

    pk = models.CompositePrimaryKey("series", "minute")


class DayRoll(_Roll):
    """A day of the house's own time zone. `p95`: the 95th percentile of its samples, by nearest rank, exact."""

    pk = models.CompositePrimaryKey("series", "minute")
    p95 = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=("minute", "p95"), name="day_by_p95"),)


class Due(models.Model):
    """Work to be done from `due_at` on for a bucket of series, over the stretch that begins with `minute`.

    `version` counts what came meanwhile: work is over only if nothing did.
    """

    work = models.CharField(max_length=5, choices=Work.choices)
    minute = models.IntegerField()
    bucket = models.IntegerField()
    due_at = models.DateTimeField()
    version = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("work", "minute", "bucket"), name="one_due_of_a_kind"),)
        indexes = (models.Index(fields=("due_at",), name="due_by_time"),)


class Holding(models.Model):
    """From which minute on rows of a level may be there for a bucket of series, so that forgetting finds them."""

    level = models.CharField(max_length=6, choices=Level.choices)
    bucket = models.IntegerField()
    from_minute = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "bucket"), name="one_holding_of_a_kind"),)
        indexes = (models.Index(fields=("level", "from_minute"), name="holding_by_age"),)


class Threshold(models.Model):
    """From where a metric is too bad; the most specific one that fits a circuit decides, switched off ones too.

    Crossed after `raise_periods` periods in a row at or over `raise_at`; over after `clear_periods` at or under
    `clear_at`. Empty product, grade and circuit fit any.
    """

    metric = models.CharField(max_length=12, choices=Metric.choices)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices, blank=True)
    circuit = models.ForeignKey(Circuit, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    watched = models.BooleanField(default=True)
    raise_at = models.IntegerField()
    clear_at = models.IntegerField()
    raise_periods = models.PositiveSmallIntegerField(default=3)
    clear_periods = models.PositiveSmallIntegerField(default=3)
    severity = models.CharField(max_length=8, choices=Severity.choices, default=Severity.MAJOR)
    note = models.CharField(max_length=200, blank=True)


class Crossing(models.Model):
    """A series that stands over its threshold, or is on its way there (see domain.threshold_watch)."""

    series = models.OneToOneField(Series, primary_key=True, on_delete=models.CASCADE, related_name="crossing")
    period = models.IntegerField()
    run = models.PositiveSmallIntegerField()
    standing = models.BooleanField(default=False)
    since_minute = models.IntegerField(null=True)
    value = models.IntegerField()
    threshold = models.ForeignKey(Threshold, null=True, on_delete=models.SET_NULL, related_name="+")
    severity = models.CharField(max_length=8, choices=Severity.choices, blank=True)
    resource = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (models.Index(fields=("series",), name="crossing_standing", condition=models.Q(standing=True)),)


class ProbeTarget(models.Model):
    """An address at a circuit's far end that a probe samples, and how: packets in each period of its source."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(SampleSource, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=5, choices=Method.choices, default=Method.ICMP)
    address = models.GenericIPAddressField()
    port = models.PositiveIntegerField(default=862)
    packets = models.PositiveSmallIntegerField(default=20)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("circuit", "source"), name="one_target_per_circuit"),)
