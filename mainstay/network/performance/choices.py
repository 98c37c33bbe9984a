"""What is sampled, in which unit, at which end, and how long it is looked at (G5; ITU-T G.826, Y.1540)."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Metric(models.TextChoices):
    """What a sample says. All are whole numbers, and the larger the worse."""

    UTIL_IN = "util_in", _("Utilisation, from the customer")
    UTIL_OUT = "util_out", _("Utilisation, to the customer")
    DELAY = "delay_rt", _("Delay, round trip")
    DELAY_ONE_WAY = "delay_ow", _("Delay, one way")
    VARIATION = "variation", _("Delay variation")
    LOSS = "loss", _("Loss, round trip")
    LOSS_ONE_WAY = "loss_ow", _("Loss, one way")
    ES = "es", _("Errored seconds (ES)")
    SES = "ses", _("Severely errored seconds (SES)")
    BBE = "bbe", _("Background block errors (BBE)")
    UAS = "uas", _("Unavailable seconds (UAS)")


class Unit(models.TextChoices):
    PPM = "ppm", _("ppm")
    MICROSECONDS = "us", _("µs")
    SECONDS = "s", _("s")
    BLOCKS = "blocks", _("blocks")


UNITS: dict[str, Unit] = {
    Metric.UTIL_IN: Unit.PPM,
    Metric.UTIL_OUT: Unit.PPM,
    Metric.DELAY: Unit.MICROSECONDS,
    Metric.DELAY_ONE_WAY: Unit.MICROSECONDS,
    Metric.VARIATION: Unit.MICROSECONDS,
    Metric.LOSS: Unit.PPM,
    Metric.LOSS_ONE_WAY: Unit.PPM,
    Metric.ES: Unit.SECONDS,
    Metric.SES: Unit.SECONDS,
    Metric.BBE: Unit.BLOCKS,
    Metric.UAS: Unit.SECONDS,
}
WHOLE = ("",)
BY_END = ("A", "Z")
SIDES: dict[str, tuple[str, ...]] = {
    Metric.UTIL_IN: BY_END,
    Metric.UTIL_OUT: BY_END,
    Metric.DELAY: WHOLE,
    Metric.DELAY_ONE_WAY: BY_END,
    Metric.VARIATION: WHOLE,
    Metric.LOSS: WHOLE,
    Metric.LOSS_ONE_WAY: BY_END,
    Metric.ES: BY_END,
    Metric.SES: BY_END,
    Metric.BBE: BY_END,
    Metric.UAS: BY_END,
}
"""At which end a metric is taken: none where it is the circuit's as a whole. One-way figures name the end at which the
packets set out; errors the end that sees them."""
SHARES = frozenset({Metric.LOSS, Metric.LOSS_ONE_WAY})
"""Metrics that cannot pass a million ppm; utilisation can, where a line carries bursts."""
LARGEST = 2**31 - 1


class Level(models.TextChoices):
    """How fine the rows are."""

    SAMPLE = "sample", _("samples")
    HOUR = "hour", _("hours")
    DAY = "day", _("days")


class Span(models.TextChoices):
    """How far a chart looks back."""

    DAY = "24h", _("24 hours")
    WEEK = "7d", _("7 days")
    MONTH = "30d", _("30 days")
    YEAR = "12m", _("12 months")


SPANS: dict[str, tuple[timedelta, Level]] = {
    Span.DAY: (timedelta(hours=24), Level.SAMPLE),
    Span.WEEK: (timedelta(days=7), Level.HOUR),
    Span.MONTH: (timedelta(days=30), Level.HOUR),
    Span.YEAR: (timedelta(days=366), Level.DAY),
}


class Work(models.TextChoices):
    """What waits to be done with samples that came."""

    JUDGE = "judge", _("Compare with thresholds")
    HOUR = "hour", _("Roll up the hour")
    DAY = "day", _("Roll up the day")


class Method(models.TextChoices):
    """How a probe samples."""

    ICMP = "icmp", _("ICMP echo")
    STAMP = "stamp", "STAMP (RFC 8762)"


class Severity(models.TextChoices):
    """X.733 severities a crossing may have; a warning does not impair service."""

    CRITICAL = "critical", _("Critical")
    MAJOR = "major", _("Major")
    MINOR = "minor", _("Minor")
    WARNING = "warning", _("Warning")
