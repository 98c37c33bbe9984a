"""Lay down tariffs, give one a new version, end one; no two of a cell hold on the same day (D4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.choices import Reach
from mainstay.accounts.catalog.errors import BadTariff, NoSuchTariff
from mainstay.accounts.catalog.models import Product, Tariff
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.places.models import Region

MOST_FEN = 10_000_000_000_000
Cell = tuple[str, int, str, str]
"""Product code, speed, reach, region: what a tariff speaks of."""


@dataclass(frozen=True)
class NewTariff:
    """A tariff wanted: product (code), speed in kbit/s (0: any), reach and region ("": any), prices in fen."""

    product: str
    one_time_fen: int
    monthly_fen: int
    valid_from: date
    valid_to: date | None = None
    speed_kbps: int = 0
    reach: str = ""
    region: str = ""
    source: str = ""

    @property
    def cell(self) -> Cell:
        """Return what it speaks of."""
        return (self.product, self.speed_kbps, self.reach, self.region)


@transaction.atomic
def lay_down_tariffs(new: Sequence[NewTariff], *, at: datetime, by: Actor) -> list[Tariff]:
    """Lay down tariffs, all or none, in the order given. Raises BadTariff, naming the tariff one overlaps.

    About 5 queries, however many.
    """
    require(by, Permission.SETTINGS)
    book = Book.of(new)
    for item in new:
        book.add(item, at=at, by=by)
    return book.write(at=at, by=by)


@transaction.atomic
def revise_tariff(
    tariff_id: int, *, one_time_fen: int, monthly_fen: int, on: date, source: str = "", at: datetime, by: Actor
) -> Tariff:
    """Give a tariff new prices from a day on: the old one ends there, its next version begins.

    Raises NoSuchTariff, BadTariff when the day does not lie within its validity.
    """
    require(by, Permission.SETTINGS)
    row = _locked(tariff_id)
    _check_within(row, on)
    ended = row.valid_to
    _end(row, on, at=at, by=by)
    wanted = NewTariff(row.product.code, one_time_fen, monthly_fen, on, ended, row.speed_kbps, row.reach,
                       row.region_code, source)  # fmt: skip
    (made,) = lay_down_tariffs([wanted], at=at, by=by)
    return made


@transaction.atomic
def end_tariff(tariff_id: int, *, on: date, at: datetime, by: Actor) -> Tariff:
    """Let a tariff hold no longer from a day on. Raises NoSuchTariff, BadTariff."""
    require(by, Permission.SETTINGS)
    row = _locked(tariff_id)
    _check_within(row, on)
    _end(row, on, at=at, by=by)
    return row


class Book:
    """The tariffs of some cells, those there and those wanted, so that overlaps show without asking row by row."""

    def __init__(self, products: Mapping[str, Product], regions: Iterable[str], standing: Iterable[Tariff]) -> None:
        self.products, self.regions = products, frozenset(regions)
        self.by_cell: dict[Cell, list[Tariff]] = {}
        self.made: list[Tariff] = []
        for row in standing:
            self.by_cell.setdefault(cell_of(row), []).append(row)

    @classmethod
    def of(cls, new: Sequence[NewTariff]) -> "Book":
        """Read what is there of what is wanted, the products locked (3 queries)."""
        codes = {item.product for item in new}
        products = Product.objects.select_for_update().filter(code__in=codes).order_by("pk")
        places = {item.region for item in new if item.region}
        regions = Region.objects.filter(code__in=places).values_list("code", flat=True)
        standing = Tariff.objects.filter(product__code__in=codes).select_related("product").order_by("valid_from")
        return cls({row.code: row for row in products}, regions, standing)

    def add(self, item: NewTariff, *, at: datetime, by: Actor) -> Tariff:
        """Take a tariff in. Raises BadTariff."""
        self._check(item)
        others = self.by_cell.setdefault(item.cell, [])
        row = Tariff(
            product=self.products[item.product], speed_kbps=item.speed_kbps, reach=item.reach, region_code=item.region,
            one_time_fen=item.one_time_fen, monthly_fen=item.monthly_fen, valid_from=item.valid_from,
            valid_to=item.valid_to, version=1 + max((other.version for other in others), default=0),
            source=item.source[:120], made_at=at, made_by=by.name[:80],
        )  # fmt: skip
        refuse_overlap(row, others)
        others.append(row)
        self.made.append(row)
        return row

    def write(self, *, at: datetime, by: Actor) -> list[Tariff]:
        """Keep what was taken in."""
        made = Tariff.objects.bulk_create(self.made, batch_size=500)
        journal.record("tariff.add", [change_of(row, None, told(row)) for row in made], at=at, by=by)
        self.made = []
        return made

    def _check(self, item: NewTariff) -> None:
        label = " ".join(str(part) for part in item.cell if part)
        wrong: MainstayError | None = None
        if item.product not in self.products:
            wrong = BadTariff(msgid("Tariff {label}: there is no product “{product}”; correct the code."),
                              label=label, product=item.product)  # fmt: skip
        elif item.reach not in Reach.values:
            wrong = BadTariff(msgid("Tariff {label}: “{reach}” is no reach; give local, province, country or nothing."),
                              label=label, reach=item.reach)  # fmt: skip
        elif item.region and item.region not in self.regions:
            wrong = BadTariff(msgid("Tariff {label}: there is no region {region}; correct the code."),
                              label=label, region=item.region)  # fmt: skip
        elif item.valid_to is not None and item.valid_to <= item.valid_from:
            wrong = BadTariff(
                msgid("Tariff {label} ends on {end}, not after its begin on {begin}; correct the dates."),
                label=label, end=item.valid_to, begin=item.valid_from)  # fmt: skip
        elif not (0 <= item.one_time_fen <= MOST_FEN and 0 <= item.monthly_fen <= MOST_FEN and item.speed_kbps >= 0):
            wrong = BadTariff(msgid("Tariff {label}: prices and speed are 0 or more; correct them."), label=label)
        if wrong is not None:
            raise wrong


def refuse_overlap(row: Tariff, others: Iterable[Tariff]) -> None:
    """Refuse a tariff that would hold on a day on which another of its cell does. Raises BadTariff."""
    for other in others:
        before = other.valid_to is not None and other.valid_to <= row.valid_from
        after = row.valid_to is not None and row.valid_to <= other.valid_from
        if other is not row and not before and not after:
            raise BadTariff(
                msgid("Tariff {label} from {begin} to {end} overlaps the one from {other_begin} to {other_end} "
                      "(version {version}); end that one first, or choose other days."),
                label=label_of(row), begin=row.valid_from, end=row.valid_to or "—", other_begin=other.valid_from,
                other_end=other.valid_to or "—", version=other.version,
            )  # fmt: skip


def cell_of(row: Tariff) -> Cell:
    """Return what a tariff speaks of, its product fetched."""
    return (row.product.code, row.speed_kbps, row.reach, row.region_code)


def label_of(row: Tariff) -> str:
    """Name a tariff, its product fetched."""
    speed = f"{row.speed_kbps} kbit/s" if row.speed_kbps else ""
    return " ".join(part for part in (row.product.name, speed, row.reach, row.region_code) if part)


def told(row: Tariff) -> dict[str, Any]:
    """Return what the journal keeps of a tariff."""
    names = ("speed_kbps", "reach", "region_code", "one_time_fen", "monthly_fen", "valid_from", "valid_to", "version")
    return {"product": row.product.code} | {name: getattr(row, name) for name in names}


def change_of(row: Tariff, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    """Return a tariff's entry in the journal."""
    return Change("tariff", row.pk, label_of(row)[:160], before, after)


def _locked(tariff_id: int) -> Tariff:
    rows = Tariff.objects.select_for_update(of=("self",)).select_related("product")
    found = rows.filter(pk=tariff_id).first()
    if found is None:
        raise NoSuchTariff(msgid("There is no tariff {id}; choose one of the list."), id=tariff_id)
    return found


def _check_within(row: Tariff, on: date) -> None:
    if on <= row.valid_from or (row.valid_to is not None and on >= row.valid_to):
        raise BadTariff(
            msgid("Tariff {label} holds from {begin} to {end}; choose a day between."),
            label=label_of(row), begin=row.valid_from, end=row.valid_to or "—",
        )  # fmt: skip


def _end(row: Tariff, on: date, *, at: datetime, by: Actor) -> None:
    before = {"valid_to": row.valid_to}
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    journal.record("tariff.end", [change_of(row, before, {"valid_to": on})], at=at, by=by)
