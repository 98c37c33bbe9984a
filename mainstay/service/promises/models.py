"""Promises made for one circuit alone, and SLA packages where they are applied (promise-clocks 14, D2)."""

from django.db import models

from mainstay.accounts.catalog.models import Product, TermAmount
from mainstay.accounts.contracts.models import Contract, ContractLine
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.packages.models import PackageVersion
from mainstay.network.inventory.models import Circuit
from mainstay.service.promises.choices import PLACES, UseStatus


class CircuitTerm(TermAmount):
    """A term that overrides every other for this circuit."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="terms")
    why = models.CharField(max_length=200, blank=True)


class PackageUse(models.Model):
    """A version of a package applied at exactly one of circuit, contract line, contract, customer or product.

    It holds on [valid_from, valid_to) once it is approved. `price_fen`: what one circuit costs a month with it;
    `discount_percent` against the list price of the version. A row is not changed but for its end and its approval.
    """

    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    circuit = models.ForeignKey(Circuit, null=True, blank=True, on_delete=models.CASCADE, related_name="packages")
    line = models.ForeignKey(ContractLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    price_fen = models.BigIntegerField()
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=UseStatus.choices)
    why = models.CharField(max_length=400, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_why = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = (models.Index(fields=("status", "asked_at"), name="package_use_by_status"),)
        constraints = (
            models.CheckConstraint(
                name="package_use_has_one_place",
                condition=models.Q(
                    *(models.Q(**{f"{one}__isnull": one != place for one in PLACES}) for place in PLACES),
                    _connector=models.Q.OR,
                ),
            ),
        )

    @property
    def place(self) -> str:
        """Return which of PLACES it is applied at."""
        return next(name for name in PLACES if getattr(self, f"{name}_id") is not None)
