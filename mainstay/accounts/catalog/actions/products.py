"""Add products to the catalogue, change what is said of them, put them on sale and take them off (D4)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.choices import NEXT_LIFECYCLE, Lifecycle, ProductFamily, Reach
from mainstay.accounts.catalog.errors import BadCatalog, NoSuchProduct
from mainstay.accounts.catalog.finding import index_products
from mainstay.accounts.catalog.models import Product
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

SAID = ("name", "name_en", "family", "description", "speeds_kbps", "interfaces", "reaches")
FASTEST_KBPS = 100_000_000_000


@dataclass(frozen=True)
class NewProduct:
    """A product by code, with its Chinese and English name; speeds in kbit/s, reaches as Reach has them."""

    code: str
    name: str
    name_en: str
    family: str = ProductFamily.OTHER.value
    lifecycle: str = Lifecycle.SOLD.value
    description: str = ""
    speeds_kbps: tuple[int, ...] = ()
    interfaces: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()


@transaction.atomic
def add_products(new: Sequence[NewProduct], *, at: datetime, by: Actor) -> list[Product]:
    """Add products, all or none. Raises BadCatalog for a code that is taken, a missing name or a wrong parameter."""
    require(by, Permission.SETTINGS)
    codes = [item.code for item in new]
    taken = set(Product.objects.filter(code__in=codes).values_list("code", flat=True))
    for item in new:
        if item.code in taken or codes.count(item.code) > 1:
            raise BadCatalog(msgid("Product {code} exists already; choose another code."), code=item.code)
        _check(item)
    made = Product.objects.bulk_create(Product(**_columns(item)) for item in new)
    journal.record("product.add", [Change("product", p.pk, p.name, None, {"code": p.code}) for p in made], at=at, by=by)
    index_products(made)
    return made


@transaction.atomic
def change_product(product_id: int, wanted: NewProduct, *, revision: int, at: datetime, by: Actor) -> Product:
    """Change what is said of a product, but its code and life cycle.

    Raises NoSuchProduct, BadCatalog; also when it was changed since `revision`.
    """
    require(by, Permission.SETTINGS)
    row = _locked(product_id)
    if row.revision != revision:
        raise BadCatalog(
            msgid("Product {name} was changed meanwhile; look at it again and repeat your change."), name=row.name
        )
    _check(wanted)
    columns = {name: value for name, value in _columns(wanted).items() if name in SAID}
    before, after = journal.differences({name: getattr(row, name) for name in columns}, columns)
    if after:
        for name, value in after.items():
            setattr(row, name, value)
        row.revision += 1
        row.save(update_fields=[*after, "revision"])
        journal.record("product.update", [Change("product", row.pk, row.name, before, after)], at=at, by=by)
        index_products([row])
    return row


@transaction.atomic
def move_product(product_id: int, to: str, *, on: date, at: datetime, by: Actor) -> Product:
    """Put a product on sale or withdraw it, from a day on; what was sold stays. Raises NoSuchProduct, BadCatalog."""
    require(by, Permission.SETTINGS)
    row = _locked(product_id)
    if to not in NEXT_LIFECYCLE[Lifecycle(row.lifecycle)]:
        raise BadCatalog(
            msgid("Product {name} cannot go from “{begin}” to “{to}”; choose one of the steps shown."),
            name=row.name, begin=row.get_lifecycle_display(), to=to,
        )  # fmt: skip
    before: dict[str, Any] = {"lifecycle": row.lifecycle, "sold_from": row.sold_from, "sold_to": row.sold_to}
    row.lifecycle = to
    row.sold_from, row.sold_to = (on, None) if to == Lifecycle.SOLD else (row.sold_from, on)
    row.revision += 1
    row.save(update_fields=["lifecycle", "sold_from", "sold_to", "revision"])
    after = {"lifecycle": row.lifecycle, "sold_from": row.sold_from, "sold_to": row.sold_to}
    journal.record("product.lifecycle", [Change("product", row.pk, row.name, before, after)], at=at, by=by)
    return row


def _locked(product_id: int) -> Product:
    row = Product.objects.select_for_update().filter(pk=product_id).first()
    if row is None:
        raise NoSuchProduct(msgid("There is no product {id}; choose one of the list."), id=product_id)
    return row


def _columns(item: NewProduct) -> dict[str, Any]:
    columns = asdict(item)
    columns["speeds_kbps"] = sorted(set(item.speeds_kbps))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()}


def _check(item: NewProduct) -> None:
    if not (item.code and item.name and item.name_en):
        raise BadCatalog(
            msgid("Product “{code}” needs a code, a Chinese and an English name; give all three."), code=item.code
        )
    wrong = [str(speed) for speed in item.speeds_kbps if not 0 < speed <= FASTEST_KBPS]
    wrong += [reach for reach in item.reaches if reach not in Reach.values or not reach]
    wrong += [item.family] if item.family not in ProductFamily.values else []
    wrong += [item.lifecycle] if item.lifecycle not in Lifecycle.values else []
    if wrong:
        raise BadCatalog(
            msgid("Product “{code}”: “{wrong}” is no speed, reach, family or state there is; correct it."),
            code=item.code, wrong=", ".join(wrong),
        )  # fmt: skip
