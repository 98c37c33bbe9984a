"""Clauses as data, claims and their reversals, letters about them, billing runs."""

from django.db import models
from django.db.models import Q

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product, PromiseProfile
from mainstay.accounts.contracts.models import Contract, ContractLine
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.packages.models import Package
from mainstay.network.inventory.models import Circuit
from mainstay.service.compensation.choices import Answer, ClaimKind, ClaimStatus, RunStatus
from mainstay.service.promises.choices import LEVEL_LABELS


class ClauseTerms(models.Model):
    """A set of clauses where it holds: at exactly one of circuit, contract line, contract or customer, or for all.

    With a `package`: wherever that is applied, at the level it is applied at (D2).
    For all: what `profile`, `grade` and `product` name must fit (empty fits all). `terms`: the set as
    `domain.compensation.plain_clause_set` keeps it; valid on [valid_from, valid_to). Rows are not changed but for their
    end: a change is a further `version`. `is_example`: shown, never holds.
    """

    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True)
    circuit = models.ForeignKey(Circuit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(ContractLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(PromiseProfile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices, blank=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    terms = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    before = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="after")
    is_example = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering = ("name", "version")

    @property
    def level(self) -> str:
        """Return the level it holds at, a key of LEVEL_LABELS; "package" where it depends on the package's."""
        if self.package_id is not None:
            return "package"
        for level, column in (("circuit", "circuit_id"), ("contract_line", "line_id"), ("contract", "contract_id"),
                              ("customer", "customer_id"), ("product", "product_id")):  # fmt: skip
            if level == "product" and self.grade:
                return "grade"
            if getattr(self, column) is not None:
                return level
        return "grade" if self.grade else "default"

    @property
    def level_label(self) -> str:
        """Return the level in the reader's language."""
        return str(LEVEL_LABELS[self.level])


class BillingRun(models.Model):
    """Claims given to billing in one file; `content` is the file, byte for byte, `digest` its SHA-256."""

    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    user_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    count = models.PositiveIntegerField()
    sum_fen = models.BigIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=RunStatus.choices, default=RunStatus.EXPORTED)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answer_digest = models.CharField(max_length=64, blank=True)

    @property
    def number(self) -> str:
        """Return the number people and billing say."""
        return f"BR-{self.pk:06d}"


class Claim(models.Model):
    """What is owed for a month, or taken back. Rows are never deleted; what decided on it is frozen on it.

    `amount_fen` is negative for a reversal, which names what it `reverses`; a claim that replaces one waits for that
    reversal (`waits_for`). `terms`, `facts`, `lines`: clauses, facts and derivation as `domain.compensation` keeps
    them; `result_version`: which version of the month's results they come from. `outcome` tells two results apart.
    """

    kind = models.CharField(max_length=8, choices=ClaimKind.choices)
    status = models.CharField(max_length=10, choices=ClaimStatus.choices, default=ClaimStatus.PROPOSED)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="claims")
    circuit = models.ForeignKey(Circuit, null=True, on_delete=models.PROTECT, related_name="claims")
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, related_name="claims")
    region_code = models.CharField(max_length=12)
    month = models.DateField()
    amount_fen = models.BigIntegerField()
    rent_fen = models.BigIntegerField(default=0)
    clause_terms = models.ForeignKey(ClauseTerms, null=True, on_delete=models.PROTECT, related_name="+")
    clause_code = models.CharField(max_length=120, blank=True)
    clause_name = models.CharField(max_length=200, blank=True)
    terms = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    result_version = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=64, blank=True)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reversals")
    waits_for = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=400, blank=True)
    proposed_by = models.CharField(max_length=80)
    proposed_user_id = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_user_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=400, blank=True)
    run = models.ForeignKey(BillingRun, null=True, on_delete=models.PROTECT, related_name="claims")
    letter_due = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("circuit", "month"),
                condition=Q(kind=ClaimKind.RECKONED, status=ClaimStatus.PROPOSED),
                name="one_proposal_per_month",
            ),
            models.UniqueConstraint(
                fields=("reverses",),
                condition=Q(reverses__isnull=False) & ~Q(status__in=(ClaimStatus.REJECTED, ClaimStatus.SUPERSEDED)),
                name="reversed_once",
            ),
            models.CheckConstraint(
                name="only_reversals_take_back",
                condition=Q(kind=ClaimKind.REVERSAL, amount_fen__lt=0, reverses__isnull=False)
                | Q(~Q(kind=ClaimKind.REVERSAL), amount_fen__gt=0, reverses__isnull=True),
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-month"), name="claim_by_customer"),
            models.Index(fields=("circuit", "month"), name="claim_by_circuit"),
            models.Index(fields=("status", "-month", "-id"), name="claim_by_status"),
            models.Index(fields=("-month", "-id"), name="claim_by_month"),
            models.Index(fields=("contract", "-month"), name="claim_by_contract"),
            models.Index(fields=("id",), name="claim_letter_due", condition=Q(letter_due=True)),
        )

    @property
    def number(self) -> str:
        """Return the number people say."""
        return f"CP-{self.pk:06d}"


class BillingRow(models.Model):
    """One row of a run: which claim at which amount, and what billing said of it."""

    run = models.ForeignKey(BillingRun, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="billing_rows")
    amount_fen = models.BigIntegerField()
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("run", "claim"), name="a_claim_once_per_run"),)


class Letter(models.Model):
    """A letter about a claim as a document of `platform.documents`, by language; a second one is a further row."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="letters")
    language = models.CharField(max_length=10)
    document_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering = ("made_at", "pk")
