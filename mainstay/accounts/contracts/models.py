"""Contracts with lines and versions, the special terms agreed in them, what is attached, when their end is told."""

from datetime import date

from django.db import models

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product, TermAmount
from mainstay.accounts.contracts.choices import AttachmentKind, ContractStatus
from mainstay.accounts.customers.models import Customer
from mainstay.platform.documents.models import Content


class Contract(models.Model):
    """What was agreed with a customer, valid on [starts_on, ends_on) once it is signed; columns say the newest version.

    `version` is the one in force; `revision` counts every change, so that nobody overwrites what they have not read.
    `auto_renew_months`: at its end it goes on for so long, unless notice was given `notice_days` before (0: it ends).
    `registration_…`: its registration with the key-account group (备案). `notice_…`: notice to end it on `ends_on`.
    """

    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=12, choices=ContractStatus.choices, default=ContractStatus.ACTIVE)
    signed_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    auto_renew_months = models.PositiveSmallIntegerField(default=0, db_default=0)
    notice_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    payment = models.CharField(max_length=200, blank=True, default="", db_default="")
    registration_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    registered_on = models.DateField(null=True, blank=True)
    registered_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    notice_on = models.DateField(null=True, blank=True)
    notice_why = models.CharField(max_length=400, blank=True, default="", db_default="")
    followed_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="follows")

    class Meta:
        indexes = (models.Index(fields=("status", "ends_on"), name="contract_by_end"),)

    def __str__(self) -> str:
        return self.number

    def holds_on(self, day: date) -> bool:
        """Say whether it is in force on a day."""
        signed = self.status != ContractStatus.DRAFT
        return signed and self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class ContractLine(models.Model):
    """What was bought: a product at a grade, at a monthly price in fen (0.01 yuan), as the version in force says.

    The same line through all versions; `begins_on` and `dropped_on` where it came or goes within the contract's term.
    What it said before stands in the versions. `in_force`: it is in the version in force.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices)
    monthly_price_fen = models.BigIntegerField(default=0)
    begins_on = models.DateField(null=True, blank=True)
    dropped_on = models.DateField(null=True, blank=True)
    in_force = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("contract", "position"), name="one_line_per_position"),)

    def holds_on(self, day: date) -> bool:
        """Say whether the line is part of its contract on a day; whether that holds is the contract's matter."""
        begun = self.begins_on is None or self.begins_on <= day
        return begun and (self.dropped_on is None or day < self.dropped_on)


class ContractVersion(models.Model):
    """What a contract says from `valid_from` on until the next version: `facts` as `snapshots.facts_of` gives them."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    facts = models.JSONField()
    why = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("contract", "number"), name="one_contract_version"),)


class Attachment(models.Model):
    """A file that belongs to a contract; `for_customer`: its people may read it. Never deleted, only withdrawn."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=8, choices=AttachmentKind.choices)
    title = models.CharField(max_length=120)
    file_name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    for_customer = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("-added_at", "-id")


class ReminderRule(models.Model):
    """So many days before a contract ends its manager is told."""

    days = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ("-days",)


class SpecialTerm(TermAmount):
    """A term agreed with this customer: at exactly one of line, contract or customer."""

    line = models.ForeignKey(ContractLine, null=True, blank=True, on_delete=models.CASCADE, related_name="terms")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.CASCADE, related_name="terms")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="terms")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="special_term_has_one_place",
                condition=(
                    models.Q(line__isnull=False, contract__isnull=True, customer__isnull=True)
                    | models.Q(line__isnull=True, contract__isnull=False, customer__isnull=True)
                    | models.Q(line__isnull=True, contract__isnull=True, customer__isnull=False)
                ),
            ),
        )
