"""Add products to the catalogue (D4)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from mainstay.accounts.catalog.errors import BadCatalog
from mainstay.accounts.catalog.models import Product
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@dataclass(frozen=True)
class NewProduct:
    """A product by code, with its Chinese and English name."""

    code: str
    name: str
    name_en: str


@transaction.atomic
def add_products(new: Sequence[NewProduct], *, at: datetime, by: Actor) -> list[Product]:
    """Add products, all or none. Raises BadCatalog for a code that is taken or a missing name."""
    require(by, Permission.SETTINGS)
    codes = [item.code for item in new]
    taken = set(Product.objects.filter(code__in=codes).values_list("code", flat=True))
    for item in new:
        if item.code in taken or codes.count(item.code) > 1:
            raise BadCatalog(msgid("Product {code} exists already; choose another code."), code=item.code)
        if not (item.code and item.name and item.name_en):
            raise BadCatalog(
                msgid("Product “{code}” needs a code, a Chinese and an English name; give all three."), code=item.code
            )
    made = Product.objects.bulk_create(Product(**asdict(item)) for item in new)
    journal.record("product.add", [Change("product", p.pk, p.name, None, {"code": p.code}) for p in made], at=at, by=by)
    return made
