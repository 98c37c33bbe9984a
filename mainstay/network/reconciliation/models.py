"""Sources, what they delivered last, their runs, and what differs."""

from django.db import models

from mainstay.network.reconciliation.choices import (
    LIVE,
    Covers,
    DifferenceKind,
    DifferenceState,
    Encoding,
    NewRule,
    Rule,
    RunState,
    VanishedRule,
    Verdict,
)


class SyncSource(models.Model):
    """A system that exports inventory data: what it is authoritative for, where, how often, and who is right (E3).

    `drop_folder` relative: below HOME/sync. `mapping`: column of the file → column of the kind; empty: guessed by name.
    `native_column`: column of the file with the system's own ids, kept with ours; empty: rows name our codes.
    `names_from`: the source whose own ids references (parents, hops) use. `rank`: 1 comes before 2 where sources
    disagree. Schedule: `every_minutes` or `daily_at` (local time); neither: by hand. `late_after_minutes` 0: never.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    covers = models.CharField(max_length=12, choices=Covers.choices)
    resource_kinds = models.JSONField(default=list, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    drop_folder = models.CharField(max_length=300, blank=True)
    file_pattern = models.CharField(max_length=120, default="*")
    mapping = models.JSONField(default=dict, blank=True)
    encoding = models.CharField(max_length=8, choices=Encoding.choices, default=Encoding.AUTO)
    native_column = models.CharField(max_length=80, blank=True)
    names_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    full = models.BooleanField(default=True)
    every_minutes = models.PositiveIntegerField(default=0)
    daily_at = models.TimeField(null=True, blank=True)
    late_after_minutes = models.PositiveIntegerField(default=0)
    default_rule = models.CharField(max_length=8, choices=Rule.choices, default=Rule.ASK)
    on_new = models.CharField(max_length=8, choices=NewRule.choices, default=NewRule.ASK)
    vanish_after = models.PositiveSmallIntegerField(default=2)
    on_vanished = models.CharField(max_length=8, choices=VanishedRule.choices, default=VanishedRule.ASK)
    most_vanished_percent = models.PositiveSmallIntegerField(default=5)
    most_changed_percent = models.PositiveSmallIntegerField(default=20)
    careful_grades = models.JSONField(default=list, blank=True)
    rank = models.PositiveSmallIntegerField(default=5)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    last_file_at = models.DateTimeField(null=True)
    last_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class FieldRule(models.Model):
    """Who is right about one field of a source; `rank` None is that of the source."""

    source = models.ForeignKey(SyncSource, on_delete=models.CASCADE, related_name="rules")
    field = models.CharField(max_length=40)
    rule = models.CharField(max_length=8, choices=Rule.choices)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("field",)
        constraints = (models.UniqueConstraint(fields=("source", "field"), name="one_rule_per_field"),)


class SyncRun(models.Model):
    """One export taken over, or tried out: from which file, how far, what came of it. The file itself is kept in parts.

    `counts`: see `planning.counted`. `asked_by_id` None: the schedule, or the command line. `complete`: the whole file
    is there. `lease_until`: until when the worker at it is believed alive.
    """

    source = models.ForeignKey(SyncSource, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING)
    dry_run = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    file_at = models.DateTimeField()
    complete = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    head = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    held_because = models.JSONField(default=list)
    problem = models.CharField(max_length=400, blank=True)
    problem_values = models.JSONField(null=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_why = models.CharField(max_length=400, blank=True)
    released = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "id"), name="sync_run_by_state"),
            models.Index(fields=("source", "-id"), name="sync_run_by_source"),
        )


class FilePart(models.Model):
    """A piece of a run's file, compressed (zlib), in order."""

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "position"), name="one_part_per_position"),)


class BadLine(models.Model):
    """A row that could not be compared, as the file gave it."""

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="bad_lines")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    error = models.CharField(max_length=400)
    error_values = models.JSONField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "line"), name="one_bad_line_per_line"),)


class Delivered(models.Model):
    """An object as a source last spoke of it, and our object it means: the cross-reference, and the agreement.

    `key`: the system's own id, or our code. `agreed`: values by field when source and inventory last agreed.
    `differing`: what the source says where it does not. `absences`: full exports in a row that lacked it, `absent_in`
    the last of them: an export that is run again counts once.
    """

    source = models.ForeignKey(SyncSource, on_delete=models.CASCADE, related_name="delivered")
    key = models.CharField(max_length=120)
    code = models.CharField(max_length=80)
    agreed = models.JSONField(default=dict)
    differing = models.JSONField(default=dict)
    absences = models.PositiveSmallIntegerField(default=0)
    absent_in = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "key"), name="one_delivered_per_key"),)
        indexes = (models.Index(fields=("code",), name="delivered_by_code"),)


class Difference(models.Model):
    """What a source and the inventory do not agree on, and what became of it.

    `field` "" : the object as a whole. `object_id` None: not in the inventory. `other_source` says something else.
    """

    source = models.ForeignKey(SyncSource, on_delete=models.CASCADE, related_name="differences")
    run = models.ForeignKey(SyncRun, null=True, on_delete=models.SET_NULL, related_name="differences")
    key = models.CharField(max_length=120)
    field = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=16, choices=DifferenceKind.choices)
    state = models.CharField(max_length=8, choices=DifferenceState.choices)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    object_kind = models.CharField(max_length=32)
    object_type = models.CharField(max_length=12, blank=True)
    object_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=80)
    label = models.CharField(max_length=160, blank=True)
    customer_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    grade = models.CharField(max_length=4, blank=True)
    agreed = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    ours = models.JSONField(null=True)
    other_source = models.ForeignKey(SyncSource, null=True, on_delete=models.SET_NULL, related_name="+")
    other_value = models.JSONField(null=True)
    problem = models.CharField(max_length=400, blank=True)
    problem_values = models.JSONField(null=True)
    since = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source", "key", "field"), condition=models.Q(state__in=[s.value for s in LIVE]),
                name="one_live_difference",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("state", "source", "code"), name="difference_by_state"),
            models.Index(fields=("object_kind", "object_id"), name="difference_by_object"),
            models.Index(fields=("region_code", "state"), name="difference_by_region"),
        )
