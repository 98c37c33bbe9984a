"""Accounts of customers with their figures day by day; filters, their runs, and who is nominated."""

from django.db import models

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.nominations.choices import AccountKind, Measure, Mode, Source, Status, Verdict


class Account(models.Model):
    """An account of a customer; `latest_fen` is the balance last delivered, of the day `latest_on`."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=AccountKind.choices)
    latest_on = models.DateField(null=True)
    latest_fen = models.BigIntegerField(null=True)


class AccountMonth(models.Model):
    """An account's figures of one month: arrays of 31 whole numbers (8 bytes, little-endian), see `cells`.

    Arrays, because a filter reads millions of them. Empty: nothing was delivered.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    balance = models.BinaryField(default=b"")
    count = models.BinaryField(default=b"")
    amount = models.BinaryField(default=b"")
    settled = models.BinaryField(default=b"")
    contribution = models.BinaryField(default=b"")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "month"), name="one_account_month"),)


class RegionDay(models.Model):
    """The sum of all balances delivered for a day, by region and kind; kept in step by the one intake."""

    region_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=AccountKind.choices)
    on = models.DateField()
    balance_fen = models.BigIntegerField(default=0)
    accounts = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("on", "region_code", "kind"), name="one_region_day"),)


class VipFilter(models.Model):
    """Factors put together; `day` and `hour` say when in a month it runs by itself (None: by hand only)."""

    name = models.CharField(max_length=80, unique=True)
    note = models.CharField(max_length=400, blank=True)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.ALL)
    least_score = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    hour = models.PositiveSmallIntegerField(default=6)
    owner_id = models.BigIntegerField(null=True)
    next_at = models.DateTimeField(null=True)
    last_problem = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Factor(models.Model):
    """A factor of a filter: a measure over so many days, its least (fen or number), its weight in points."""

    vip_filter = models.ForeignKey(VipFilter, on_delete=models.CASCADE, related_name="factors")
    position = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=16, choices=Measure.choices)
    days = models.PositiveSmallIntegerField()
    least = models.BigIntegerField()
    weight = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("vip_filter", "position"), name="one_factor_a_position"),)


class Extraction(models.Model):
    """A run of a filter as it was then (`rules`), for a day; dry: only tells who would be named and who not."""

    vip_filter = models.ForeignKey(VipFilter, on_delete=models.CASCADE, related_name="runs")
    version = models.PositiveIntegerField()
    rules = models.JSONField()
    on = models.DateField()
    dry = models.BooleanField()
    parts = models.PositiveIntegerField()
    job_id = models.BigIntegerField(null=True, db_index=True)
    user_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class ExtractionPart(models.Model):
    """What a run found in one part of the customers."""

    run = models.ForeignKey(Extraction, on_delete=models.CASCADE, related_name="done")
    part = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()
    accounts = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    stays = models.PositiveIntegerField()
    lost = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "part"), name="one_extraction_part"),)


class Candidate(models.Model):
    """A customer whom a run would name anew or no longer name, with the figures."""

    run = models.ForeignKey(Extraction, on_delete=models.CASCADE, related_name="candidates")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    score = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=list)


class Nomination(models.Model):
    """A customer named a VIP on [from_on, until_on), by a filter (with the figures of the last run) or by hand."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=Source.choices)
    status = models.CharField(max_length=12, choices=Status.choices)
    vip_filter = models.ForeignKey(VipFilter, null=True, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=list)
    seen_on = models.DateField(null=True)
    why = models.CharField(max_length=400, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = (models.Index(fields=("customer", "status"), name="nomination_of_customer"),)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "vip_filter"), condition=models.Q(status=Status.NAMED), name="one_named_by_filter"
            ),
        )


class WaveRule(models.Model):
    """When a change of a customer's deposits is told: by `percent` and by `least_fen` within `days`."""

    name = models.CharField(max_length=80, unique=True)
    percent = models.PositiveIntegerField()
    least_fen = models.BigIntegerField()
    days = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name
