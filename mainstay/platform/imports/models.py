"""Imports and their rows: the rows are what an import goes on from after a crash."""

from django.db import models

from mainstay.platform.imports.choices import Mode, Outcome, State


class ImportRun(models.Model):
    """One file taken over: who, when, from what, how its columns were read, how far it is, what came of it.

    `columns`: the file's own, in order. `mapping`: column of the file → column of the kind. `mends`: the import whose
    bad rows the file held, mended. `user_id` None: the command line. `cursor`: the last line judged in this round;
    refused rows get another round while rows succeed.
    """

    kind = models.CharField(max_length=32)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.GOOD_ROWS)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    columns = models.JSONField()
    mapping = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    mends = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="mended_by")
    total = models.PositiveIntegerField()
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    cursor = models.BigIntegerField(default=0)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
    problem = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = (models.Index(fields=("state", "id"), name="import_by_state"),)


class ImportRow(models.Model):
    """One row as the file gave it, and what became of it. `line` counts from 1 as an editor does."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    object_kind = models.CharField(max_length=32, blank=True)
    object_id = models.BigIntegerField(null=True)
    label = models.CharField(max_length=160, blank=True)
    error = models.CharField(max_length=400, blank=True)
    error_values = models.JSONField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "line"), name="one_row_per_line"),)
        indexes = (models.Index(fields=("run", "outcome", "line"), name="import_row_by_outcome"),)


class Origin(models.Model):
    """Who created something in the system it was imported from, and when."""

    object_kind = models.CharField(max_length=32)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("object_kind", "object_id"), name="one_origin"),)
