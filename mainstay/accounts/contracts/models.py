"""Contracts with lines, and the special terms agreed in them."""

from django.db import models

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product, TermAmount
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.customers.models import Customer


class Contract(models.Model):
    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=8, choices=ContractStatus.choices, default=ContractStatus.ACTIVE)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.number


class ContractLine(models.Model):
    """What was bought: a product at a grade, at a monthly price in fen (0.01 yuan)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices)
    monthly_price_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("contract", "position"), name="one_line_per_position"),)


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
