"""Scheme models with their parts, counter-schemes and versions; schemes drafted for customers."""

from django.db import models

from mainstay.accounts.catalog.choices import Reach
from mainstay.accounts.catalog.models import Product
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.schemes.choices import Counting, PartKind, SchemeStatus, SchemeType


class SchemeModel(models.Model):
    """A template of a technical scheme: for which kinds and trades of customers (empty: all), what for, how.

    `drawing`: lines of "node | link | node | …" (see `drawing`). `parameters`: [{"label", "value"}].
    """

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    scheme_type = models.CharField(max_length=16, choices=SchemeType.choices)
    customer_kinds = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    summary = models.TextField()
    drawing = models.TextField(blank=True)
    parameters = models.JSONField(default=list)
    advantages = models.TextField(blank=True)
    limits = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=SchemeStatus.choices, default=SchemeStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class SchemePart(models.Model):
    """A part of a scheme model: `quantity` of it, counted so; speed 0 is the speed asked for the scheme.

    The prices (fen, each) are of what has no tariff.
    """

    model = models.ForeignKey(SchemeModel, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=PartKind.choices)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    technology = models.CharField(max_length=80, blank=True)
    counting = models.CharField(max_length=12, choices=Counting.choices, default=Counting.ONCE)
    quantity = models.PositiveIntegerField(default=1)
    speed_kbps = models.PositiveBigIntegerField(default=0)
    one_time_fen = models.PositiveBigIntegerField(default=0)
    monthly_fen = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("model", "position"), name="one_part_a_position"),)


class CounterScheme(models.Model):
    """Which scheme of which competitor a scheme model answers, and how."""

    model = models.ForeignKey(SchemeModel, on_delete=models.CASCADE, related_name="counters")
    competitor = models.CharField(max_length=80)
    rival = models.CharField(max_length=160)
    how = models.TextField()


class SchemeVersion(models.Model):
    """What a scheme model said in one version, whole."""

    model = models.ForeignKey(SchemeModel, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    why = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("model", "version"), name="one_scheme_version"),)


class CustomerScheme(models.Model):
    """A scheme drafted for a customer, with prices as they were on `priced_on`; `lines` are frozen (see `pricing`).

    Sums in fen; `total_fen` is once plus all months of the term. `unpriced` parts have no tariff and count nothing.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey(SchemeModel, on_delete=models.PROTECT, related_name="+")
    model_version = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    region_code = models.CharField(max_length=12)
    reach = models.CharField(max_length=8, choices=Reach.choices, blank=True)
    sites = models.PositiveIntegerField()
    speed_kbps = models.PositiveBigIntegerField(default=0)
    term_months = models.PositiveSmallIntegerField()
    remark = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    one_time_fen = models.BigIntegerField(default=0)
    monthly_fen = models.BigIntegerField(default=0)
    total_fen = models.BigIntegerField(default=0)
    unpriced = models.PositiveSmallIntegerField(default=0)
    priced_on = models.DateField()
    made_at = models.DateTimeField(db_index=True)
    made_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """Return what people call it."""
        return f"FA-{self.pk:06d}"
