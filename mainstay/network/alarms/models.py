"""Reports as they came, alarms as they stand, incidents and impacts as judged."""

from django.conf import settings
from django.db import models

from mainstay.accounts.customers.models import Customer
from mainstay.network.alarms.choices import (
    DECLARED_FROM,
    Effect,
    IncidentKind,
    IncidentOrigin,
    IncidentStatus,
    Outcome,
    PerceivedSeverity,
    QuarantineStatus,
    ReportKind,
)
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit, Resource


class AlarmSource(models.Model):
    """A system that delivers alarms, and how its alarms are to be read. Times in seconds.

    `region_code`: whose network it watches, empty for the whole house. While too much waits to be judged, a region that
    holds less than its share may still send.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    region_code = models.CharField(max_length=12, blank=True, default="", db_default="")
    quiet_s = models.PositiveIntegerField(default=0)
    silence_after_s = models.PositiveIntegerField(default=0)
    skew_tolerance_s = models.PositiveIntegerField(default=900)
    flap_count = models.PositiveSmallIntegerField(default=4)
    flap_window_s = models.PositiveIntegerField(default=120)
    flap_hold_s = models.PositiveIntegerField(default=120)
    last_report_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class EffectRule(models.Model):
    """What an alarm type does to service: a stated assumption, most specific rule first; empty matches any."""

    source = models.ForeignKey(AlarmSource, null=True, blank=True, on_delete=models.CASCADE, related_name="rules")
    alarm_type = models.CharField(max_length=80, blank=True)
    resource_kind = models.CharField(max_length=8, blank=True)
    severity = models.CharField(max_length=16, choices=PerceivedSeverity.choices, blank=True)
    effect = models.PositiveSmallIntegerField(choices=Effect.choices)
    note = models.CharField(max_length=200, blank=True)


class IntakeBatch(models.Model):
    """The answer to a batch, kept so that the same batch sent again gets the same answer."""

    source = models.ForeignKey(AlarmSource, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    answer = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "key"), name="one_answer_per_batch"),)


class AlarmReport(models.Model):
    """One report as received: the durable queue of the impact worker, in the order of `id`."""

    source = models.ForeignKey(
        AlarmSource, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    external_id = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=8, choices=ReportKind.choices)
    resource_ref = models.CharField(max_length=120)
    alarm_type = models.CharField(max_length=80)
    probable_cause = models.CharField(max_length=80, blank=True)
    severity = models.CharField(max_length=16, choices=PerceivedSeverity.choices)
    event_at = models.DateTimeField()
    received_at = models.DateTimeField()
    text = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default=Outcome.WAITING)
    alarm_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("id",), name="report_waiting", condition=models.Q(outcome="")),
            models.Index(fields=("received_at",), name="report_clears", condition=models.Q(kind=ReportKind.CLEAR)),
            models.Index(
                fields=("source", "external_id"), name="report_by_external", condition=~models.Q(external_id="")
            ),
            models.Index(
                fields=("resource_ref",), name="report_quarantined", condition=models.Q(outcome="quarantined")
            ),
        )


class QuarantinedResource(models.Model):
    """Something alarms name that the inventory does not know; people place it or set it aside."""

    source = models.ForeignKey(AlarmSource, on_delete=models.CASCADE, related_name="+")
    resource_ref = models.CharField(max_length=120)
    status = models.CharField(max_length=8, choices=QuarantineStatus.choices, default=QuarantineStatus.OPEN)
    reports = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_text = models.CharField(max_length=400, blank=True)
    resource = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "resource_ref"), name="one_quarantine_per_ref"),)


class Incident(models.Model):
    """One internal case per cause (promise-clocks 23); customers never see it.

    One that people declared (`origin` reports) is theirs until alarms adopt it at `adopted_at`; then it is judged like
    any other.
    """

    kind = models.CharField(max_length=16, choices=IncidentKind.choices, default=IncidentKind.FAULT)
    status = models.CharField(max_length=12, choices=IncidentStatus.choices, default=IncidentStatus.OPEN)
    origin = models.CharField(
        max_length=8,
        choices=IncidentOrigin.choices,
        default=IncidentOrigin.ALARMS,
        db_default=IncidentOrigin.ALARMS.value,
    )
    adopted_at = models.DateTimeField(null=True)
    cause = models.ForeignKey(Resource, null=True, on_delete=models.PROTECT, related_name="incidents")
    cause_label = models.CharField(max_length=160)
    cause_inferred = models.BooleanField(default=False)
    reason = models.JSONField(default=dict)
    source = models.ForeignKey(AlarmSource, null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    region_code = models.CharField(max_length=12, blank=True)
    worst_state = models.PositiveSmallIntegerField(choices=LiveState.choices, default=LiveState.UP)
    planned = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    detected_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    eta_at = models.DateTimeField(null=True)
    next_update_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("status", "-opened_at"), name="incident_by_status"),
            models.Index(fields=("-opened_at",), name="incident_by_opening"),
        )

    @property
    def number(self) -> str:
        """Return the number people say."""
        return f"R-{self.pk - DECLARED_FROM:06d}" if self.pk >= DECLARED_FROM else f"I-{self.pk:06d}"

    @property
    def is_declared(self) -> bool:
        """Say whether it stands on what customers say alone: no alarm has adopted it."""
        return self.origin == IncidentOrigin.REPORTS and self.adopted_at is None


class Alarm(models.Model):
    """A condition on a resource, deduplicated; stands while `cleared_at` is empty, at its effect since `began_at`.

    `group`: which group of the impact worker's it is in, so that a restart finds the same.
    """

    source = models.ForeignKey(
        AlarmSource, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="alarms", db_constraint=False)
    alarm_type = models.CharField(max_length=80)
    probable_cause = models.CharField(max_length=80, blank=True)
    severity = models.CharField(max_length=16, choices=PerceivedSeverity.choices)
    effect = models.PositiveSmallIntegerField(choices=Effect.choices)
    text = models.CharField(max_length=400, blank=True)
    raised_at = models.DateTimeField()
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    reports = models.PositiveIntegerField(default=1)
    flapping = models.BooleanField(default=False)
    clock_off = models.BooleanField(default=False)
    planned = models.BooleanField(default=False)
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.PROTECT, related_name="alarms", db_constraint=False
    )
    is_cause = models.BooleanField(default=False)
    group = models.BigIntegerField(null=True)
    reason = models.JSONField(default=dict)
    acknowledged_by = models.CharField(max_length=80, blank=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source", "resource", "alarm_type"),
                condition=models.Q(cleared_at__isnull=True),
                name="one_standing_alarm",
            ),
        )
        indexes = (
            models.Index(
                fields=("incident", "source"), name="alarm_of_cause", condition=models.Q(cleared_at__isnull=True)
            ),
            models.Index(fields=("-raised_at",), name="alarm_by_raising"),
            models.Index(fields=("-raised_at",), name="alarm_standing", condition=models.Q(cleared_at__isnull=True)),
            models.Index(
                fields=("-effect", "-raised_at"),
                name="alarm_standing_by_effect",
                condition=models.Q(cleared_at__isnull=True),
            ),
            models.Index(
                fields=("-last_at", "-id"), name="alarm_standing_by_last", condition=models.Q(cleared_at__isnull=True)
            ),
        )


class Impact(models.Model):
    """A circuit's state because of an incident over [from_at, to_at); one row per stretch of one state."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="impacts", db_index=False, db_constraint=False
    )
    circuit = models.ForeignKey(
        Circuit, on_delete=models.PROTECT, related_name="impacts", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    region_code = models.CharField(max_length=12)
    state = models.PositiveSmallIntegerField(choices=LiveState.choices)
    planned = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField()
    not_affected_at = models.DateTimeField(null=True)
    not_affected_by = models.CharField(max_length=80, blank=True)
    not_affected_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("circuit",), condition=models.Q(to_at__isnull=True), name="one_standing_impact"
            ),
        )
        indexes = (
            models.Index(fields=("circuit", "from_at"), name="impact_by_circuit"),
            models.Index(fields=("customer", "-from_at"), name="impact_by_customer"),
            models.Index(fields=("incident", "to_at"), name="impact_by_incident"),
            models.Index(fields=("incident", "state"), name="impact_standing", condition=models.Q(to_at__isnull=True)),
        )


class StreamSample(models.Model):
    """How many reports came in during ten seconds from `at`, and how many in the fullest second of them."""

    at = models.DateTimeField(unique=True)
    reports = models.PositiveIntegerField(default=0)
    peak_per_second = models.PositiveIntegerField(default=0)
    last_report_id = models.BigIntegerField(default=0)
    stormy = models.BooleanField(default=False)


class StormRule(models.Model):
    """From where it is a storm (domain.storm.Thresholds); one row, edited in the settings. Times in seconds."""

    rate_least = models.PositiveIntegerField(default=600)
    rate_times = models.PositiveIntegerField(default=10)
    backlog = models.PositiveIntegerField(default=2000)
    behind_s = models.PositiveIntegerField(default=15)
    causes = models.PositiveIntegerField(default=60)
    calm_percent = models.PositiveSmallIntegerField(default=50)
    calm_s = models.PositiveIntegerField(default=300)


class Storm(models.Model):
    """A storm of alarms: from the instant it was seen to the end of the calm that ended it; `signals` began it."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    calm_since = models.DateTimeField(null=True)
    signals = models.CharField(max_length=60)
    reports = models.PositiveIntegerField(default=0)
    peak_per_second = models.PositiveIntegerField(default=0)
    peak_at = models.DateTimeField(null=True)
    most_causes = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("-began_at",), name="storm_by_begin"),)
