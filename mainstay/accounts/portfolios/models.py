"""Owners of customers, what was noted of them, the rules of the pool, hand-overs."""

from django.conf import settings
from django.db import models

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.portfolios.choices import ItemState, NoteChannel, Outcome, RecallState, RuleKind


class OwnerSpell(models.Model):
    """Somebody looked after a customer on [from_at, until_at); without an end, they still do. Never two at once (C1).

    `why` and `by_name`: how it began; `ended_why`: how it ended.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="owner_spells")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=400, blank=True)
    by_name = models.CharField(max_length=80, blank=True)
    ended_why = models.CharField(max_length=400, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=models.Q(until_at__isnull=True), name="one_owner_at_a_time"
            ),
        )
        indexes = (models.Index(fields=("customer", "-from_at"), name="spell_by_customer"),)


class ContactNote(models.Model):
    """A talk with a customer: when, with whom, how, what came of it, what is next and on which day."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contact_notes")
    at = models.DateTimeField()
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=8, choices=NoteChannel.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    text = models.TextField(blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    next_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("customer", "-at"), name="note_by_customer"),
            models.Index(fields=("-at", "-id"), name="note_by_time"),
            models.Index(
                fields=("next_user", "next_on"), name="note_next",
                condition=models.Q(next_on__isnull=False, done_at__isnull=True),
            ),
        )  # fmt: skip


class HoldingLimit(models.Model):
    """How many customers of a grade an account manager may claim up to; no row: any number."""

    grade = models.CharField(max_length=12, choices=ServiceGrade.choices, unique=True)
    most = models.PositiveIntegerField()


class RecycleRule(models.Model):
    """When a customer returns to the pool: after so many days of its kind, `warn_days` after everybody was warned."""

    kind = models.CharField(max_length=8, choices=RuleKind.choices)
    grade = models.CharField(max_length=12, choices=ServiceGrade.choices, blank=True)
    days = models.PositiveIntegerField()
    warn_days = models.PositiveIntegerField(default=7)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("kind", "grade")
        constraints = (models.UniqueConstraint(fields=("kind", "grade"), name="one_rule_per_kind_and_grade"),)


class Absence(models.Model):
    """An account manager is away on [from_on, to_on]; without an end, until further notice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)


class Recall(models.Model):
    """A customer that will return to the pool at `due_at` unless what the rule sees changes."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="recalls")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rule_kind = models.CharField(max_length=8, choices=RuleKind.choices)
    days = models.PositiveIntegerField()
    since_on = models.DateField(null=True)
    warned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RecallState.choices, default=RecallState.WARNED)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=models.Q(ended_at__isnull=True), name="one_open_recall"
            ),
        )
        indexes = (models.Index(fields=("state", "due_at"), name="recall_by_state"),)


class Handover(models.Model):
    """A portfolio goes from one account manager to others (C4). `signed_*`: who signed for the giver, first."""

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=400)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    started_user_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=("-id",), name="portfolio_handover_newest"),)

    @property
    def number(self) -> str:
        """Return the number people say."""
        return f"PH-{self.pk:05d}"


class HandoverItem(models.Model):
    """One customer of a hand-over: to whom, what was open when it was signed, what the receiver ticked.

    `facts` is what the checks found when it was signed: a list of {check, count, lines}.
    """

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.DRAFT)
    facts = models.JSONField(default=list)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("handover", "customer"), name="one_item_per_customer"),
            models.UniqueConstraint(
                fields=("customer",), condition=models.Q(state__in=("draft", "signed")), name="one_open_item"
            ),
        )
        indexes = (models.Index(fields=("to", "state"), name="item_by_receiver"),)
