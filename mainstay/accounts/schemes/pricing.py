"""What does a scheme cost: part by part, once, a month and over its term, by the tariffs of a day (D4)?"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from mainstay.accounts.catalog.prices import PriceAsked, prices
from mainstay.accounts.schemes.choices import Counting, PartKind
from mainstay.accounts.schemes.models import SchemePart


@dataclass(frozen=True)
class Wanted:
    """For how many sites, at which speed (kbit/s, 0: none), reach and region (code), over how many months, when."""

    sites: int
    speed_kbps: int
    reach: str
    region: str
    term_months: int
    on: date


@dataclass(frozen=True)
class Line:
    """A priced part; prices of one in fen, None where no tariff holds. `tariff_id` says where they come from."""

    kind: str
    name: str
    technology: str
    product: str
    counting: str
    count: int
    speed_kbps: int
    one_time_fen: int | None
    monthly_fen: int | None
    tariff_id: int | None
    tariff_version: int | None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, with the sums of its count."""
        once, monthly = ((fen or 0) * self.count for fen in (self.one_time_fen, self.monthly_fen))
        return asdict(self) | {"one_time_sum_fen": once, "monthly_sum_fen": monthly}


@dataclass(frozen=True)
class Priced:
    """A scheme with its prices; sums in fen."""

    lines: tuple[Line, ...]
    one_time_fen: int
    monthly_fen: int
    total_fen: int
    unpriced: int


def count_of(counting: str, quantity: int, sites: int) -> int:
    """Return how many of a part so many sites need."""
    by_counting = {Counting.ONCE.value: 1, Counting.PER_SITE.value: sites, Counting.PER_BRANCH.value: max(0, sites - 1)}
    return quantity * by_counting[counting]


def priced(parts: Sequence[SchemePart], wanted: Wanted) -> Priced:
    """Price parts, their products fetched (1 query)."""
    products = [part for part in parts if part.kind == PartKind.PRODUCT and part.product]
    asked = [
        PriceAsked(part.product.code, wanted.on, part.speed_kbps or wanted.speed_kbps, wanted.reach, wanted.region)
        for part in products if part.product
    ]  # fmt: skip
    found = dict(zip((part.pk for part in products), prices(asked), strict=True)) if asked else {}
    lines = []
    for part in parts:
        price = found.get(part.pk)
        once, monthly = (
            (part.one_time_fen, part.monthly_fen) if price is None else (price.one_time_fen, price.monthly_fen)
        )
        tariff = price.tariff if price else None
        lines.append(
            Line(
                part.kind, part.name, part.technology, part.product.code if part.product else "", part.counting,
                count_of(part.counting, part.quantity, wanted.sites),
                (part.speed_kbps or wanted.speed_kbps) if part.kind == PartKind.PRODUCT else 0,
                once, monthly, tariff.pk if tariff else None, tariff.version if tariff else None,
            )
        )  # fmt: skip
    one_time = sum((line.one_time_fen or 0) * line.count for line in lines)
    monthly_sum = sum((line.monthly_fen or 0) * line.count for line in lines)
    unpriced = sum(line.one_time_fen is None and line.count > 0 for line in lines)
    return Priced(tuple(lines), one_time, monthly_sum, one_time + monthly_sum * wanted.term_months, unpriced)
