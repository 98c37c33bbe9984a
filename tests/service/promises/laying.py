"""Packages for tests: made, approved and applied by the actions, in few words."""

from datetime import date
from decimal import Decimal
from typing import Any

from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.packages.actions import (
    NewPackage,
    NewVersion,
    PackageTerms,
    create_package,
    decide_version,
    propose_version,
)
from mainstay.accounts.packages.models import PackageVersion
from mainstay.service.promises import selling
from mainstay.service.promises.models import PackageUse
from mainstay.service.promises.selling import Sale
from tests.cast import NOW, World

BEGIN = date(2026, 1, 1)


def minutes(amount: int, metric: str = "restoration", grade: str = "") -> PackageTerms:
    """Return a term of a package."""
    return PackageTerms(Terms(metric, Decimal(amount), "natural_minutes", "24x7", BEGIN), grade)


def package(world: World, code: str, *terms: PackageTerms, **more: Any) -> PackageVersion:
    """Return an approved version of a new package."""
    kind = more.pop("kind", "sla")
    given = {"valid_from": BEGIN, "monthly_price_fen": 80_000, "free_discount_percent": Decimal(10), **more}
    made = create_package(NewPackage(code, kind, f"套餐 {code}"), at=NOW, by=world.actor("admin"))
    version = propose_version(made.pk, NewVersion(terms=terms, **given), at=NOW, by=world.actor("admin"))
    return decide_version(version.pk, approve=True, at=NOW, by=world.actor("zhao.lei"))


def applied(world: World, version: PackageVersion, **place: Any) -> PackageUse:
    """Return a package applied from BEGIN on at its list price, unless told otherwise."""
    return selling.apply_package(Sale(version.pk, **{"valid_from": BEGIN, **place}), at=NOW, by=world.actor("admin"))
