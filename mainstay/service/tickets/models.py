"""Tickets, their story and their clocks."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from mainstay.accounts.catalog.choices import CircuitGrade, Unit
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.network.alarms.models import Incident
from mainstay.network.inventory.models import Circuit
from mainstay.platform.calendars.models import Calendar
from mainstay.service.tickets.choices import (
    LIVE_TICKETS,
    ClockKind,
    ClockState,
    EventKind,
    Origin,
    RejudgingKind,
    RejudgingState,
    Responsibility,
    TextKind,
    TextLength,
    TicketKind,
    TicketStatus,
)


class Department(models.Model):
    """Who a ticket can be with while it is worked on: the desk, transmission, access, field, a vendor (H4).

    `takes_first`: tickets begin there; one of them.
    """

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    takes_first = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("takes_first",), condition=models.Q(takes_first=True), name="one_department_takes_first"
            ),
        )

    def __str__(self) -> str:
        return self.name_en if self.name_en and not (get_language() or "").startswith("zh") else self.name


class DepartmentTarget(models.Model):
    """How long a ticket may be with a department, by grade ("" any): an internal target, no customer's promise (PC 13).

    `pauses_help`: the clock stands still while the ticket is paused.
    """

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="targets")
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices, blank=True)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=Unit.choices)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    pauses_help = models.BooleanField(default=False)

    class Meta:
        ordering = ("grade",)
        constraints = (models.UniqueConstraint(fields=("department", "grade"), name="one_target_per_grade"),)


class Ticket(models.Model):
    """One customer's case: one per customer below an incident (promise-clocks 23).

    `title` is what a person wrote; empty: it is named by its circuits (naming.title_of). `deadline_at` (the earliest
    running clock's, empty while none runs), `breached_at` and `grade` (the best
    circuit's) are copies for lists, written with the clocks in one transaction. `untold_since`: since when something
    is out and nobody could be told of it. `department`: with whom it is; empty: where tickets begin.
    """

    kind = models.CharField(max_length=16, choices=TicketKind.choices, default=TicketKind.FAULT)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    status = models.CharField(max_length=12, choices=TicketStatus.choices, default=TicketStatus.OPEN)
    title = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", db_constraint=False
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    grade = models.CharField(max_length=4, blank=True)
    grade_rank = models.PositiveSmallIntegerField(default=9)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    responsibility = models.CharField(max_length=16, choices=Responsibility.choices, blank=True)
    cause_code = models.CharField(max_length=40, blank=True)
    is_repeat = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    next_update_at = models.DateTimeField(null=True)
    untold_since = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "customer"),
                condition=models.Q(incident__isnull=False) & models.Q(status__in=LIVE_TICKETS),
                name="one_live_ticket_per_customer",
            ),
        )
        indexes = (
            models.Index(fields=("status", "deadline_at"), name="ticket_by_deadline"),
            models.Index(fields=("customer", "-opened_at"), name="ticket_by_customer"),
            models.Index(fields=("-opened_at", "-id"), name="ticket_by_opening"),
            models.Index(fields=("grade_rank", "deadline_at", "-id"), name="ticket_by_grade"),
            models.Index(fields=("-grade_rank", "deadline_at", "-id"), name="ticket_by_low_grade"),
            models.Index(fields=("deadline_at", "grade_rank", "-id"), name="ticket_by_first_deadline"),
            models.Index(fields=("opened_at", "id"), name="ticket_live", condition=models.Q(status__in=LIVE_TICKETS)),
        )

    @property
    def number(self) -> str:
        """Return the number people say."""
        return f"T-{self.pk:06d}"


class TicketEvent(models.Model):
    """One entry of the story: `at` it took effect, `recorded_at` it was written. Never updated, never deleted."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="events", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=80)
    user_id = models.BigIntegerField(null=True)
    circuit = models.ForeignKey(Circuit, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    text = models.TextField(blank=True)
    for_customer = models.BooleanField(default=False)
    body = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=("ticket", "at", "id"), name="event_by_ticket"),
            models.Index(fields=("ticket",), name="event_reported", condition=models.Q(kind=EventKind.CUSTOMER_REPORT)),
        )


class Clock(models.Model):
    """A promise being kept on a ticket: for a circuit (restoration), the ticket (response, feedback) or a department.

    `promise` and `policy` are frozen when the clock is made (promise-clocks 14, 24, 26); all other columns are the
    verdict of `domain.promise_clock.judge` over the ticket's events as of `judged_at`, kept for lists and re-judged on
    every event; `judged_at` never goes back. `missed_rounds`: how often the word promised to the customer did not come.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="clocks", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=12, choices=ClockKind.choices)
    circuit = models.ForeignKey(Circuit, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    promise = models.JSONField()
    policy = models.JSONField()
    state = models.CharField(max_length=12, choices=ClockState.choices, default=ClockState.NOT_STARTED)
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    used_s = models.BigIntegerField(default=0)
    total_s = models.BigIntegerField(default=0)
    judged_at = models.DateTimeField(null=True)
    missed_rounds = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("ticket", "kind", "circuit"), name="one_clock_per_circuit"),
            models.UniqueConstraint(
                fields=("ticket", "kind"),
                condition=models.Q(circuit__isnull=True, department__isnull=True),
                name="one_clock_per_ticket",
            ),
            models.UniqueConstraint(fields=("ticket", "department"), name="one_clock_per_department"),
        )
        indexes = (
            models.Index(fields=("deadline_at",), name="clock_running", condition=models.Q(state=ClockState.RUNNING)),
            models.Index(
                fields=("deadline_at",),
                name="clock_of_word_due",
                condition=models.Q(kind=ClockKind.FEEDBACK, stopped_at__isnull=True),
            ),
        )


class Pause(models.Model):
    """A standstill of a ticket's clocks, with its reason, evidence, limit and approval (promise-clocks 6)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=20)
    evidence = models.CharField(max_length=400)
    from_at = models.DateTimeField()
    limit_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=80)
    asked_user_id = models.BigIntegerField(null=True)
    needs_approval = models.BooleanField(default=False)
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)


class Rejudging(models.Model):
    """A wish to judge a ticket's clocks otherwise, and what a second person said to it (PC 7, 11, 15, 26).

    `wanted`: what should be known of it (actions.rejudging). `changes`: what would have changed when it was asked for;
    once applied, what did: per clock the readings before and after. Rows are never deleted.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="rejudgings")
    kind = models.CharField(max_length=16, choices=RejudgingKind.choices)
    wanted = models.JSONField()
    why = models.CharField(max_length=400)
    changes = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=RejudgingState.choices, default=RejudgingState.ASKED)
    asked_by = models.CharField(max_length=80)
    asked_user_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("state", "asked_at"), name="rejudging_by_state"),)


class OutageText(models.Model):
    """An outage text as this house words it; where there is none, the shipped one holds (texts.SHIPPED)."""

    kind = models.CharField(max_length=12, choices=TextKind.choices)
    language = models.CharField(max_length=10)
    length = models.CharField(max_length=8, choices=TextLength.choices)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(max_length=4000)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "language", "length"), name="one_outage_text"),)


class TellingRules(models.Model):
    """What the house does by itself when customers wait for news; one row, none: the defaults."""

    holding = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
