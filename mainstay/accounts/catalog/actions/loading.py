"""Load what is shipped; twice does no harm, and what an operator changed stays (D3)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from mainstay.accounts.catalog.actions.products import NewProduct, add_products
from mainstay.accounts.catalog.actions.profiles import NewTerm, activate_profile, add_terms, create_profile
from mainstay.accounts.catalog.models import Product, PromiseProfile
from mainstay.accounts.catalog.shipped import PARAMETERS, PRODUCTS, PROFILES, ShippedTerm
from mainstay.accounts.catalog.terms import Terms
from mainstay.domain.actor import Actor

BEGIN: Final = date(2020, 1, 1)
"""From when the shipped terms are valid."""


@transaction.atomic
def load_shipped(*, at: datetime, by: Actor, active: str = "s3") -> int:
    """Add the shipped products and profiles that are missing; return how many profiles came new.

    The profile `active` is activated when none is. Needs the shipped calendars. Raises BadTerm when a calendar is
    missing.
    """
    known = set(Product.objects.values_list("code", flat=True))
    add_products([_product(*row) for row in PRODUCTS if row[0] not in known], at=at, by=by)
    standing = set(PromiseProfile.objects.values_list("code", flat=True))
    missing = [profile for profile in PROFILES if profile.code not in standing]
    for shipped in missing:
        profile = create_profile(shipped.code, shipped.name, shipped.source, at=at, by=by)
        add_terms(profile.pk, [_new(term) for term in shipped.terms], at=at, by=by)
    if not PromiseProfile.objects.filter(active=True).exists():
        activate_profile(PromiseProfile.objects.get(code=active).pk, at=at, by=by)
    return len(missing)


def _product(code: str, name: str, name_en: str) -> NewProduct:
    family, speeds, interfaces, reaches = PARAMETERS[code]
    return NewProduct(code, name, name_en, family, speeds_kbps=speeds, interfaces=interfaces, reaches=reaches)


def _new(term: ShippedTerm) -> NewTerm:
    said = Terms(term.metric, Decimal(term.amount), term.unit, term.calendar, BEGIN)
    return NewTerm(said, grade=term.grade, reach=term.reach)
