"""Planned work (割接) on resources in windows, what it is expected to do, and what keeps it from happening."""

from django.conf import settings
from django.db import models

from mainstay.accounts.customers.models import Customer
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit, Resource
from mainstay.network.planned_work.choices import (
    FeedKind,
    FreezeEffect,
    FreezeKind,
    OverriddenBy,
    WorkResult,
    WorkStatus,
)


class PlannedWork(models.Model):
    """Work in [from_at, to_at); it only excuses alarms once approved and announced (promise-clocks 19).

    `details`: what is done technically; `preparation`: what customers should prepare (I3). `ended_at`: when it was
    finished or cancelled, after which it excuses nothing. `revision` grows with every change customers are told of,
    `changed_why` says why.
    `supplier`, `supplier_ref`, `supplier_sequence`: whose maintenance note it came from, its name and version there.
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
    approved_at = models.DateTimeField(null=True)
    details = models.TextField(blank=True)
    details_en = models.TextField(blank=True, default="")
    preparation = models.TextField(blank=True)
    preparation_en = models.TextField(blank=True, default="")
    region_code = models.CharField(max_length=12, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_why = models.CharField(max_length=400, blank=True, default="")
    result = models.CharField(max_length=12, choices=WorkResult.choices, blank=True, default="")
    result_note = models.TextField(blank=True, default="")
    supplier = models.CharField(max_length=120, blank=True, default="")
    supplier_ref = models.CharField(max_length=160, blank=True, default="")
    supplier_sequence = models.IntegerField(default=-1)
    resources = models.ManyToManyField(Resource, related_name="planned_work")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(to_at__gt=models.F("from_at")), name="work_ends_after_start"),
            models.UniqueConstraint(
                fields=("supplier", "supplier_ref"), condition=~models.Q(supplier_ref=""), name="one_work_per_note"
            ),
        )
        indexes = (
            models.Index(fields=("from_at", "to_at"), name="work_by_window"),
            models.Index(fields=("status", "to_at"), name="work_by_status"),
        )

    @property
    def overrun_s(self) -> int:
        """Return the seconds it went on after its window."""
        if self.ended_at is None or self.status != WorkStatus.DONE:
            return 0
        return max(0, round((self.ended_at - self.to_at).total_seconds()))


class ForecastCircuit(models.Model):
    """What work was expected to do to one circuit when it was approved or announced last."""

    work = models.ForeignKey(PlannedWork, on_delete=models.CASCADE, related_name="forecast")
    circuit = models.ForeignKey(Circuit, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    state = models.PositiveSmallIntegerField(choices=LiveState.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("work", "circuit"), name="one_forecast_per_circuit"),)
        indexes = (models.Index(fields=("customer", "work"), name="forecast_by_customer"),)


class FreezeRule(models.Model):
    """In [from_at, to_at), in a region and on circuits of some grades (empty: any), work is refused or needs a mandate.

    `why` is what the refusal tells; `retired_at`: since when the rule is out of force, taken back before its end.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=FreezeKind.choices, default=FreezeKind.FREEZE)
    effect = models.CharField(max_length=8, choices=FreezeEffect.choices, default=FreezeEffect.REFUSE)
    overridden_by = models.CharField(max_length=16, choices=OverriddenBy.choices, default=OverriddenBy.LEADER)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    region_code = models.CharField(max_length=12, blank=True)
    grades = models.JSONField(default=list)
    why = models.CharField(max_length=400, blank=True)
    retired_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(to_at__gt=models.F("from_at")), name="freeze_ends_after_start"),
        )
        indexes = (models.Index(fields=("to_at", "from_at"), name="freeze_by_period"),)

    def __str__(self) -> str:
        return self.name


class Override(models.Model):
    """A rule set aside for one work, by whom and why."""

    work = models.ForeignKey(PlannedWork, on_delete=models.CASCADE, related_name="overrides")
    rule = models.ForeignKey(FreezeRule, on_delete=models.PROTECT, related_name="overrides")
    why = models.CharField(max_length=400)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("work", "rule"), name="one_override_per_rule"),)


class SupplierCircuit(models.Model):
    """What a supplier calls `object_id` in maintenance notes is this resource of ours."""

    supplier = models.CharField(max_length=120)
    object_id = models.CharField(max_length=160)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("supplier", "object_id"), name="one_resource_per_object"),)


class CalendarFeed(models.Model):
    """A calendar behind a secret address; what it shows is what its owner may see when it is read.

    Only a digest of the secret is kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=FeedKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    region_code = models.CharField(max_length=12, blank=True)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
