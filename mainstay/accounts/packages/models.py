"""Packages, their versions, and what each version promises."""

from django.db import models

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import TermAmount
from mainstay.accounts.packages.choices import PackageKind, VersionStatus


class Package(models.Model):
    """A service that is sold. `protection_level` 1 (best) to 3 for circuit protection, else empty."""

    code = models.SlugField(max_length=32, unique=True)
    kind = models.CharField(max_length=12, choices=PackageKind.choices)
    protection_level = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("kind", "protection_level", "code")

    def __str__(self) -> str:
        return self.name


class PackageVersion(models.Model):
    """What a package says and costs from `valid_from` on, until the next approved version; rows are not changed.

    `products`: codes of the products it is for, empty for all. `monthly_price_fen`: list price of one circuit.
    `free_discount_percent`: up to this discount nobody need agree; above it marketing decides. `services`: what is
    done beside the terms, one a line. `compensates`: sets of clauses for this package hold with it.
    """

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=VersionStatus.choices, default=VersionStatus.PROPOSED)
    valid_from = models.DateField()
    products = models.JSONField(default=list)
    monthly_price_fen = models.BigIntegerField()
    free_discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    services = models.TextField(blank=True)
    services_en = models.TextField(blank=True)
    compensates = models.BooleanField(default=False)
    why = models.CharField(max_length=400, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    proposed_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("package", "number")
        constraints = (models.UniqueConstraint(fields=("package", "number"), name="one_package_version"),)

    def __str__(self) -> str:
        return f"{self.package} v{self.number}"

    def is_for(self, product_code: str) -> bool:
        """Say whether it is for a product."""
        return not self.products or product_code in self.products


class PackageTerm(TermAmount):
    """A term of a version, for circuits of a grade where it names one; it holds while the package is applied."""

    version = models.ForeignKey(PackageVersion, on_delete=models.CASCADE, related_name="terms")
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices, blank=True)
