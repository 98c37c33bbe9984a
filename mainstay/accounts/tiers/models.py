"""Rule sets and their versions, runs over everyone, proposed changes, grades held, what people named by hand."""

from django.db import models
from django.db.models import Q

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.tiers.choices import Axis, Level, Rhythm, RunState, Standing, VersionStatus


class RuleSet(models.Model):
    """A way to grade customers. `grades`: from the highest, as `grades.Grade`; `source`: where the rules come from.

    `overlap`: the grade of who is of two kinds; `lapsed`: the grade out of further care. `approved_by`: the level that
    approves a change of the rules; each grade names its own.
    """

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=200, blank=True)
    source_en = models.CharField(max_length=300, blank=True)
    policy = models.CharField(max_length=8, default="first")
    grades = models.JSONField(default=list)
    overlap = models.CharField(max_length=24, blank=True)
    lapsed = models.CharField(max_length=24, blank=True)
    axis = models.CharField(max_length=16, choices=Axis.choices, blank=True)
    approved_by = models.CharField(max_length=10, choices=Level.choices, default=Level.PROVINCE)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.MONTHLY)
    overdue_days = models.PositiveSmallIntegerField(default=5)
    is_on = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """A table of a rule set: `table` as `domain.tiering.tables.Table.contents`; in force on [in_force_on, ended_on).

    `covers`: the region codes for which its approver could approve grades; what it changes there is approved with it.
    """

    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    table = models.JSONField()
    why = models.CharField(max_length=400, blank=True)
    in_force_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80, blank=True)
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=400, blank=True)
    covers = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("rule_set", "number"), name="one_tier_version_per_number"),
            models.UniqueConstraint(
                fields=("rule_set",), name="one_open_tier_version", condition=Q(status__in=("draft", "proposed"))
            ),
            models.UniqueConstraint(
                fields=("rule_set",), name="one_tier_version_in_force", condition=Q(status="in_force")
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_set} {self.number}"


class Run(models.Model):
    """Everybody judged by a version: a trial (nothing changes) or for real. `table` is what was judged by.

    `counts`: by move, for those who see everything; others count what they may see. `granted`: what it changes was
    approved with the version, where the version's approver could.
    """

    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="runs")
    trial = models.BooleanField(default=True)
    granted = models.BooleanField(default=False)
    table = models.JSONField()
    digest = models.CharField(max_length=32)
    on = models.DateField()
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.WAITING)
    chunk = models.PositiveIntegerField()
    chunks = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    job_id = models.BigIntegerField(null=True)


class RunChange(models.Model):
    """Whose grade a run changes: grades as bits (bit 0 the highest), the place of the row that says so."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="changes")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    move = models.SmallIntegerField()
    before = models.IntegerField()
    after = models.IntegerField()
    row = models.SmallIntegerField()

    class Meta:
        indexes = (models.Index(fields=("run", "move", "customer"), name="run_change_by_move"),)


class HeldGrade(models.Model):
    """A grade a customer holds, or held, on [since_on, until_on), with the figures that gave it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="grades_held")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=24)
    since_on = models.DateField()
    until_on = models.DateField(null=True)
    version = models.ForeignKey(RuleVersion, null=True, on_delete=models.PROTECT, related_name="+")
    row = models.SmallIntegerField(default=-1)
    decay = models.SmallIntegerField(default=-1)
    facts = models.JSONField(default=dict)
    by_hand = models.BooleanField(default=False)
    why = models.CharField(max_length=400, blank=True)
    approved_by = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "rule_set", "grade"), name="one_grade_held", condition=Q(until_on__isnull=True)
            ),
        )
        indexes = (
            models.Index(
                fields=("rule_set", "grade", "customer"), name="grade_held_now", condition=Q(until_on__isnull=True)
            ),
        )


class Proposal(models.Model):
    """A change of grade that waits for approval, or was decided: grades as bits, figures, the level that decides."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(RuleVersion, null=True, on_delete=models.PROTECT, related_name="+")
    move = models.SmallIntegerField()
    before = models.IntegerField()
    after = models.IntegerField()
    row = models.SmallIntegerField()
    decay = models.SmallIntegerField(default=-1)
    facts = models.JSONField(default=dict)
    by_hand = models.BooleanField(default=False)
    why = models.CharField(max_length=400, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.WAITING)
    asked_by = models.CharField(max_length=80)
    asked_by_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "rule_set"), name="one_grade_proposed", condition=Q(standing="waiting")
            ),
        )
        indexes = (models.Index(fields=("standing", "due_on"), name="grade_proposal_by_due"),)


class Naming(models.Model):
    """A grade set by hand, on [from_on, until_on): it stands above the table."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=24)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    why = models.CharField(max_length=400)
    named_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("customer", "rule_set"), name="naming_by_customer"),)


class HandFact(models.Model):
    """A fact no system delivers, given by hand; `value` as arrays hold it (fen, 0 or 1, 20260901)."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=32)
    value = models.BigIntegerField()
    why = models.CharField(max_length=400)
    named_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "name"), name="one_hand_fact"),)


class CityGroup(models.Model):
    """The revenue group a city is in (B1); cities without a row are in the first."""

    region_code = models.CharField(max_length=12, unique=True)
    number = models.PositiveSmallIntegerField()


class Mandate(models.Model):
    """A written mandate: a city approves a grade the province would have to (B1)."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="mandates")
    grade = models.CharField(max_length=24)
    region_code = models.CharField(max_length=12)
    document = models.CharField(max_length=80)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    given_by = models.CharField(max_length=80)
    at = models.DateTimeField()


class Waiting(models.Model):
    """A customer whose facts changed: to be judged anew by the sweeper."""

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="+")
