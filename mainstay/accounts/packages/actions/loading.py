"""Lay in the packages that are shipped; what is there already stays as it is."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.packages.actions.proposing import (
    NewPackage,
    NewVersion,
    PackageTerms,
    create_package,
    propose_version,
)
from mainstay.accounts.packages.choices import PackageKind
from mainstay.accounts.packages.models import Package, PackageVersion
from mainstay.accounts.packages.shipped import FREE_DISCOUNT_PERCENT, PACKAGES, PRODUCTS, SOURCE, ShippedPackage
from mainstay.domain.actor import Actor

BEGIN: Final = date(2020, 1, 1)


@transaction.atomic
def load_packages(*, at: datetime, by: Actor, valid_from: date = BEGIN) -> list[PackageVersion]:
    """Propose every shipped package that is not there, valid from a day; marketing approves each. Return them."""
    there = set(Package.objects.values_list("code", flat=True))
    products = tuple(Product.objects.filter(code__in=PRODUCTS).values_list("code", flat=True))
    return [_load(one, products, valid_from, at=at, by=by) for one in PACKAGES if one.code not in there]


def _load(
    one: ShippedPackage, products: tuple[str, ...], valid_from: date, *, at: datetime, by: Actor
) -> PackageVersion:
    new = NewPackage(one.code, one.kind, one.name, one.name_en, one.level, SOURCE)
    terms = tuple(
        PackageTerms(Terms(term.metric, Decimal(term.amount), term.unit, term.calendar, valid_from), term.grade)
        for term in one.terms
    )
    version = NewVersion(
        valid_from, one.price_fen, terms, products, Decimal(FREE_DISCOUNT_PERCENT), one.services, one.services_en,
        compensates=one.kind == PackageKind.SLA, why=SOURCE,
    )  # fmt: skip
    return propose_version(create_package(new, at=at, by=by).pk, version, at=at, by=by)
