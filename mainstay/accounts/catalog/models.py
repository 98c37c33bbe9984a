"""Products with their tariffs, marketing policies, and promise terms as data."""

from django.core.validators import MinValueValidator
from django.db import models

from mainstay.accounts.catalog.choices import CircuitGrade, Lifecycle, Metric, ProductFamily, Reach, Unit
from mainstay.platform.calendars.models import Calendar


class Product(models.Model):
    """A product offering (TMF620): `lifecycle` is its lifecycleStatus, [sold_from, sold_to) its validFor.

    Technical parameters: `speeds_kbps` steps, ascending; `interfaces` and `reaches` (of Reach) as lists.
    """

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    family = models.CharField(max_length=16, choices=ProductFamily.choices, default=ProductFamily.OTHER)
    lifecycle = models.CharField(max_length=12, choices=Lifecycle.choices, default=Lifecycle.SOLD)
    description = models.TextField(blank=True, default="")
    speeds_kbps = models.JSONField(default=list)
    interfaces = models.JSONField(default=list)
    reaches = models.JSONField(default=list)
    sold_from = models.DateField(null=True, blank=True)
    sold_to = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class PromiseProfile(models.Model):
    """One operator's set of promise terms; figures of different operators are never mixed (D3)."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("active",), condition=models.Q(active=True), name="one_active_profile"),
        )

    def __str__(self) -> str:
        return self.name


class FormerProfile(models.Model):
    """Which profile was in force until a day (exclusive); the one in force says so itself. Empty: none was."""

    profile = models.ForeignKey(PromiseProfile, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(db_index=True)


class TermAmount(models.Model):
    """What any promise says: how much of which unit on which calendar, from when to when (half-open dates).

    The clause for repeated faults (promise-clocks 21): where the same circuit failed before within `repeat_days`
    (empty: no clause), `repeat_amount` is promised instead (empty: the same), and with `repeat_escalates` people are
    told at once.
    """

    metric = models.CharField(max_length=16, choices=Metric.choices)
    amount = models.DecimalField(max_digits=9, decimal_places=3, validators=[MinValueValidator(0)])
    unit = models.CharField(max_length=16, choices=Unit.choices)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    repeat_days = models.PositiveSmallIntegerField(null=True, blank=True)
    repeat_amount = models.DecimalField(
        max_digits=9, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    repeat_escalates = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True

    @property
    def repeat_clause(self) -> dict[str, object]:
        """Return the clause for repeated faults as plain values; {} where there is none."""
        if not self.repeat_days:
            return {}
        amount = None if self.repeat_amount is None else str(self.repeat_amount)
        return {"days": self.repeat_days, "amount": amount, "escalates": self.repeat_escalates}


class PromiseTerm(TermAmount):
    """A term of a profile; empty grade, product or reach means any."""

    profile = models.ForeignKey(PromiseProfile, on_delete=models.CASCADE, related_name="terms")
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices, blank=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reach = models.CharField(max_length=8, choices=Reach.choices, blank=True)
    version = models.PositiveIntegerField(default=1)


class Tariff(models.Model):
    """What a product costs, in fen, on [valid_from, valid_to); speed 0, reach "" and region "" mean any.

    `version` counts the tariffs of one cell (product, speed, reach, region) in time; no two hold on the same day.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="tariffs")
    speed_kbps = models.PositiveBigIntegerField(default=0)
    reach = models.CharField(max_length=8, choices=Reach.choices, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    one_time_fen = models.PositiveBigIntegerField(default=0)
    monthly_fen = models.PositiveBigIntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("product", "speed_kbps", "reach", "region_code", "valid_from"), name="one_tariff_a_day"
            ),
        )


class MarketingPolicy(models.Model):
    """A marketing policy: what is offered to whom, on [valid_from, valid_to); empty lists mean all.

    `customer_kinds`, `grades` (ServiceGrade) and `industries` (codes) say for whom; `figures` are attached: a list of
    {"label", "value"}.
    """

    code = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    source = models.CharField(max_length=120, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    customer_kinds = models.JSONField(default=list)
    grades = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    products = models.ManyToManyField(Product, related_name="policies", blank=True)
    figures = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.title
