"""What does a product cost, where and on which day, and why? Reads of tariffs; they belong to no customer (D4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from mainstay.accounts.catalog.choices import Reach
from mainstay.accounts.catalog.errors import NoSuchTariff
from mainstay.accounts.catalog.models import Product, Tariff
from mainstay.domain import tariff_choice
from mainstay.domain.errors import msgid
from mainstay.domain.tariff_choice import Asked, Fate
from mainstay.platform.places.models import Region
from mainstay.platform.search.queries import is_found

__all__ = ["Asked", "Fate"]


@dataclass(frozen=True)
class PriceAsked:
    """What is to be priced: a product (code), speed in kbit/s (0: none), reach ("": none), region's code, day."""

    product: str
    on: date
    speed_kbps: int = 0
    reach: str = ""
    region: str = ""

    @property
    def facts(self) -> Asked:
        """Return what the rule reads."""
        return Asked(self.speed_kbps, self.reach, self.region, self.on)


@dataclass(frozen=True)
class Considered:
    """A tariff that was looked at, with its fate."""

    tariff: Tariff
    fate: str


@dataclass(frozen=True)
class Price:
    """What was found: prices in fen (None: no tariff holds), and every tariff of the product with its fate."""

    asked: PriceAsked
    tariff: Tariff | None
    considered: tuple[Considered, ...]

    @property
    def one_time_fen(self) -> int | None:
        """Return the price once, None where no tariff holds."""
        return self.tariff.one_time_fen if self.tariff else None

    @property
    def monthly_fen(self) -> int | None:
        """Return the price a month, None where no tariff holds."""
        return self.tariff.monthly_fen if self.tariff else None


@dataclass(frozen=True)
class TariffFilter:
    """What a list is limited to; empty means any. `on`: those that hold that day."""

    text: str = ""
    product: str = ""
    family: str = ""
    region: str = ""
    on: date | None = None


def price(asked: PriceAsked) -> Price:
    """Return what a product costs, explained (1 query)."""
    return prices([asked])[0]


def prices(asked: Sequence[PriceAsked]) -> list[Price]:
    """Return what products cost, in the order asked (1 query, however many)."""
    by_product: dict[str, list[Tariff]] = {}
    for row in Tariff.objects.filter(product__code__in={each.product for each in asked}).select_related("product"):
        by_product.setdefault(row.product.code, []).append(row)
    return [_judged(each, by_product.get(each.product, [])) for each in asked]


def _judged(asked: PriceAsked, rows: Sequence[Tariff]) -> Price:
    by_id = {row.pk: row for row in rows}
    choice = tariff_choice.choose([_facts(row) for row in rows], asked.facts)
    considered = tuple(Considered(by_id[each.tariff.id], each.fate.value) for each in choice.judged)
    return Price(asked, by_id[choice.tariff.id] if choice.tariff else None, considered)


def _facts(row: Tariff) -> tariff_choice.Tariff:
    return tariff_choice.Tariff(row.pk, row.speed_kbps, row.reach, row.region_code, row.valid_from, row.valid_to,
                                row.one_time_fen, row.monthly_fen)  # fmt: skip


def filtered(wanted: TariffFilter) -> QuerySet[Tariff]:
    """Return tariffs with their product, unordered."""
    rows = Tariff.objects.select_related("product")
    exact = {"product__code": wanted.product, "product__family": wanted.family}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.region:
        rows = rows.filter(region_code__in=["", *(wanted.region[:n] for n in (2, 4, 6))])
    if wanted.on is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=wanted.on), valid_from__lte=wanted.on)
    if wanted.text.strip():
        products = Product.objects.filter(is_found(wanted.text, "product")).values("pk")
        rows = rows.filter(Q(product__in=products) | Q(source__icontains=wanted.text.strip()))
    return rows


def tariff(tariff_id: int) -> Tariff:
    """Return one tariff, product fetched. Raises NoSuchTariff."""
    found = Tariff.objects.select_related("product").filter(pk=tariff_id).first()
    if found is None:
        raise NoSuchTariff(msgid("There is no tariff {id}; choose one of the list."), id=tariff_id)
    return found


def versions(row: Tariff) -> list[Tariff]:
    """Return all tariffs of a tariff's cell, the latest first (1 query)."""
    same = {"speed_kbps": row.speed_kbps, "reach": row.reach, "region_code": row.region_code}
    return list(Tariff.objects.filter(product=row.product_id, **same).order_by("-valid_from"))


def of_product(product_id: int, *, on: date | None = None) -> list[Tariff]:
    """Return a product's tariffs (if `on`: those that hold that day) by region, reach, speed and begin (1 query)."""
    rows = filtered(TariffFilter(on=on)).filter(product=product_id)
    order = {reach: place for place, reach in enumerate(Reach.values)}
    return sorted(rows, key=lambda row: (row.region_code, order[row.reach], row.speed_kbps, row.valid_from))


def region_names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of regions by code (1 query)."""
    return dict(Region.objects.filter(code__in=set(codes)).values_list("code", "name"))


def reach_label(reach: str) -> str:
    """Say a reach in words."""
    return str(Reach(reach).label)
