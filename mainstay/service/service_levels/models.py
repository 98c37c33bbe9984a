"""Months, the results of circuits in them by version, what is excluded, who proposed which responsibility."""

from django.db import models

from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.models import Customer
from mainstay.network.alarms.models import AlarmSource
from mainstay.network.inventory.choices import Technology
from mainstay.network.inventory.models import Circuit
from mainstay.service.service_levels.choices import ProposalState, Responsibility
from mainstay.service.tickets.models import Ticket


class LedgerMonth(models.Model):
    """A month being reckoned or closed. `month`: its first day in the operator's zone.

    `reckoned_to`: up to when its results are; the month's end once closed. `version`: 0 while it runs, 1 when closed,
    more with each re-judging. `data_from`: before it we knew nothing. `silences`: the silent sources it was reckoned
    with, ends by incident.
    """

    month = models.DateField(unique=True)
    reckoned_to = models.DateTimeField()
    data_from = models.DateTimeField(null=True)
    silences = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)


class CircuitMonth(models.Model):
    """A circuit's month from a version on; never changed once closed, but for `until_version` when another follows.

    While the month runs it is what the first version will be.

    Seconds are counted from the month's begin; in service on [from_s, to_s). Columns without a prefix are the
    contract's view, `felt_*` the customer's; up is the rest. `stretches`: every stretch that was not up and all it
    follows from (`ledger.py`). `running`: something still goes on. `target_millionths`: what is promised, frozen with
    the promise it comes from.
    """

    month = models.ForeignKey(LedgerMonth, on_delete=models.PROTECT, related_name="results", db_index=False)
    circuit = models.ForeignKey(Circuit, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    grade = models.CharField(max_length=4)
    version = models.PositiveIntegerField(default=1)
    until_version = models.PositiveIntegerField(null=True)
    from_s = models.PositiveIntegerField(default=0)
    to_s = models.PositiveIntegerField()
    down_s = models.PositiveIntegerField(default=0)
    degraded_s = models.PositiveIntegerField(default=0)
    unknown_s = models.PositiveIntegerField(default=0)
    planned_s = models.PositiveIntegerField(default=0)
    excluded_s = models.PositiveIntegerField(default=0)
    outages = models.PositiveIntegerField(default=0)
    longest_s = models.PositiveIntegerField(default=0)
    felt_down_s = models.PositiveIntegerField(default=0)
    felt_degraded_s = models.PositiveIntegerField(default=0)
    felt_unknown_s = models.PositiveIntegerField(default=0)
    felt_outages = models.PositiveIntegerField(default=0)
    felt_longest_s = models.PositiveIntegerField(default=0)
    target_millionths = models.PositiveIntegerField(null=True)
    promise = models.JSONField(default=dict)
    stretches = models.JSONField(default=list)
    running = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("month", "circuit", "version"), name="one_result_per_version"),)
        indexes = (
            models.Index(fields=("month", "customer"), name="result_by_customer"),
            models.Index(fields=("month", "region_code"), name="result_by_region"),
            models.Index(fields=("month",), name="result_running", condition=models.Q(running=True)),
        )


class MonthVersion(models.Model):
    """A version of a closed month: when, by whom, why, and which circuits it judged anew (all, for the first)."""

    month = models.ForeignKey(LedgerMonth, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=80)
    why = models.CharField(max_length=400, blank=True)
    proposal = models.ForeignKey("Proposal", null=True, on_delete=models.PROTECT, related_name="made")
    circuit_ids = models.JSONField(default=list)

    class Meta:
        ordering = ("version",)
        constraints = (models.UniqueConstraint(fields=("month", "version"), name="one_row_per_month_version"),)


class Touched(models.Model):
    """Facts of a circuit, or of a ticket's circuits, changed; gone once reckoned. Appended to, never updated."""

    circuit_id = models.BigIntegerField(null=True)
    ticket_id = models.BigIntegerField(null=True)


class Exclusion(models.Model):
    """Time the contract does not judge: for one circuit, one contract or one customer; a weekly window or all of it.

    Holds on [from_at, to_at), without end if empty. With `weekday` (Monday 0): each week from `from_minute` to
    `to_minute` of that day in the operator's zone.
    """

    circuit = models.ForeignKey(Circuit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    from_minute = models.PositiveSmallIntegerField(default=0)
    to_minute = models.PositiveSmallIntegerField(default=0)
    agreed_by = models.CharField(max_length=80)
    agreed_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="exclusion_has_one_place",
                condition=(
                    models.Q(circuit__isnull=False, contract__isnull=True, customer__isnull=True)
                    | models.Q(circuit__isnull=True, contract__isnull=False, customer__isnull=True)
                    | models.Q(circuit__isnull=True, contract__isnull=True, customer__isnull=False)
                ),
            ),
        )


class Watch(models.Model):
    """Which circuits a source watches: while it is silent nothing is known of them. No row: it watches all."""

    source = models.ForeignKey(AlarmSource, on_delete=models.CASCADE, related_name="+")
    region_code = models.CharField(max_length=12, blank=True)
    technology = models.CharField(max_length=8, choices=Technology.choices, blank=True)


class Proposal(models.Model):
    """A wish to hold somebody else responsible for a ticket's outage, or for a part of it (PC 15); never deleted.

    Empty `circuit`, `from_at`, `to_at`: all of the ticket. `changes`: what it would have changed when it was made;
    once applied, what it did: per circuit and month the figures before and after.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    circuit = models.ForeignKey(Circuit, null=True, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    responsibility = models.CharField(max_length=16, choices=Responsibility.choices)
    was = models.CharField(max_length=16, choices=Responsibility.choices, blank=True)
    why = models.CharField(max_length=400)
    changes = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=ProposalState.choices, default=ProposalState.ASKED)
    asked_by = models.CharField(max_length=80)
    asked_user_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "asked_at"), name="proposal_by_state"),
            models.Index(fields=("ticket", "asked_at"), name="proposal_by_ticket"),
        )
