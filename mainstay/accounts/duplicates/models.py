"""Keys by which customers meet, pairs that may be one, merges and what they moved."""

from django.db import models

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.duplicates.choices import MergeState, PairState


class MatchKey(models.Model):
    """A customer has this key (63 bits of a hash of what it stands for); those with one in common are compared.

    Derived; without a foreign key because there are several for each of millions.
    """

    customer_id = models.BigIntegerField()
    key = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("key", "customer_id"), name="match_by_key"),
            models.Index(fields=("customer_id",), name="match_by_customer"),
        )


class CommonKey(models.Model):
    """A key that so many customers have that it says nothing; nobody keeps it."""

    key = models.BigIntegerField(primary_key=True)


class Waiting(models.Model):
    """A customer whose keys are new: it is compared with the others soon."""

    customer_id = models.BigIntegerField(primary_key=True)


class Pair(models.Model):
    """Two customers (`one` with the lower id) that may be the same; `score` in per cent, `evidence` says why.

    Decided "not the same", it stays so whatever a later look finds.
    """

    one = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=PairState.choices, default=PairState.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("one", "other"), name="one_row_per_pair"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="lower_id_first"),
        )
        indexes = (models.Index(fields=("state", "-score", "id"), name="pair_by_score"),)


class Merge(models.Model):
    """`gone` became part of `kept`. `fields`: {field: {kept, gone, chosen, after}}; `moved`: ids by column.

    `left`: what an undoing could not put back, in words and ids.
    """

    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=MergeState.choices, default=MergeState.DRAFT)
    fields = models.JSONField(default=dict)
    archive_before = models.CharField(max_length=12, blank=True)
    moved = models.JSONField(default=dict)
    stayed = models.JSONField(default=dict)
    left = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    why = models.CharField(max_length=400, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
    undone_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("gone",), condition=models.Q(state="done"), name="merged_once"),
        )  # fmt: skip

    @property
    def number(self) -> str:
        """Return the number people say."""
        return f"M-{self.pk:05d}"
