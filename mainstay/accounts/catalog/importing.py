"""Tariffs from and to files: one row is one tariff, a cell and the day it begins (A7, D4)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.actions.tariffs import Book, NewTariff, change_of, label_of, refuse_overlap
from mainstay.accounts.catalog.choices import Reach
from mainstay.accounts.catalog.errors import BadTariff
from mainstay.accounts.catalog.models import Tariff
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports import changing
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused
from mainstay.platform.journal import actions as journal

REACHES = [(value, label) for value, label in Reach.choices if value]
COLUMNS = (
    Column("product", _("Product code"), "", "mstp-line", required=True, longest=32,
           aliases=("产品", "产品编码", "product_code")),
    Column("speed_kbps", _("Speed in kbit/s"), _("Up to which speed; empty: any."), "10240", reads="integer",
           aliases=("速率", "带宽", "速率kbps")),
    Column("reach", _("Reach"), _("local, province or country; empty: any."), "local", reads="choice", choices=REACHES,
           aliases=("范围", "距离")),
    Column("region", _("Region code"), _("GB/T 2260; empty: everywhere."), "4201", longest=12,
           aliases=("地区", "区划代码", "region_code")),
    Column("valid_from", _("Valid from"), "", "2026-01-01", required=True, reads="date",
           aliases=("生效日期", "开始日期")),
    Column("valid_to", _("Valid to"), _("The first day it no longer holds; empty: open."), "2027-01-01", reads="date",
           aliases=("失效日期", "结束日期")),
    Column("one_time", _("One-time price in yuan"), "", "1000.00", reads="decimal",
           aliases=("一次性费用", "开通费", "one_time_yuan")),
    Column("monthly", _("Monthly price in yuan"), "", "2800.00", reads="decimal",
           aliases=("月租", "月租费", "monthly_yuan")),
    Column("source", _("Document"), _("Where the price was laid down."), "资费〔2026〕3 号", longest=120,
           aliases=("文号", "依据")),
)  # fmt: skip
_PRICES = {"one_time": "one_time_fen", "monthly": "monthly_fen"}


@transaction.atomic
def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Lay down tariffs that are new, change the others; one that overlaps is refused by name. About 8 queries."""
    require(by, Permission.SETTINGS)
    wanted = [_wanted(row) for row in rows]
    book = Book.of(wanted)
    standing = {(key, row.valid_from): row for key, cell in book.by_cell.items() for row in cell}
    found: list[Written | Tariff] = []
    changed: list[changing.Changed[Tariff]] = []
    for row, item in zip(rows, wanted, strict=True):
        there = standing.get((item.cell, item.valid_from))
        try:
            if there is None:
                found.append(book.add(item, at=at, by=by))
                continue
            each = _change(row, there, book)
        except MainstayError as error:
            found.append(refused(error))
            continue
        changed.append(each)
        outcome = Outcome.UPDATED if each.after else Outcome.UNCHANGED
        found.append(Written(outcome, "tariff", there.pk, label_of(there), None, each.before, each.after))
    book.write(at=at, by=by)
    real = changing.write_columns(changed)
    journal.record("tariff.import", [change_of(c.thing, c.before, c.after) for c in real], at=at, by=by)
    return [_made(each) if isinstance(each, Tariff) else each for each in found]


def _wanted(row: Given) -> NewTariff:
    given = row.values
    return NewTariff(
        given["product"], _fen(given.get("one_time")), _fen(given.get("monthly")), given["valid_from"],
        given.get("valid_to"), given.get("speed_kbps") or 0, given.get("reach") or "", given.get("region") or "",
        given.get("source") or "",
    )  # fmt: skip


def _fen(yuan: Decimal | None) -> int:
    return round((yuan or Decimal(0)) * 100)


def _change(row: Given, there: Tariff, book: Book) -> changing.Changed[Tariff]:
    columns: dict[str, Any] = {name: row.values[name] for name in ("valid_to", "source") if name in row.values}
    columns |= {_PRICES[name]: _fen(row.values[name]) for name in _PRICES if name in row.values}
    ends = columns.get("valid_to", there.valid_to)
    if ends is not None and ends <= there.valid_from:
        raise BadTariff(
            msgid("Tariff {label} ends on {end}, not after its begin on {begin}; correct the dates."),
            label=label_of(there), end=ends, begin=there.valid_from,
        )  # fmt: skip
    if min((columns.get(name, 0) for name in _PRICES.values()), default=0) < 0:
        raise BadTariff(msgid("Tariff {label}: prices and speed are 0 or more; correct them."), label=label_of(there))
    former = there.valid_to
    there.valid_to = ends
    try:
        refuse_overlap(there, book.by_cell[(there.product.code, there.speed_kbps, there.reach, there.region_code)])
    finally:
        there.valid_to = former
    (each,) = changing.set_columns([(there, columns)])
    return each


def _made(row: Tariff) -> Written:
    return Written(Outcome.CREATED, "tariff", row.pk, label_of(row), None, None, {"monthly_fen": row.monthly_fen})


@transaction.atomic
def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import: take added tariffs out, give changed ones their former values."""
    require(by, Permission.SETTINGS)

    def take_out(things: list[Tariff]) -> None:
        journal.record("tariff.take_back", [change_of(t, {"monthly_fen": t.monthly_fen}, {}) for t in things],
                       at=at, by=by)  # fmt: skip
        Tariff.objects.filter(pk__in=[thing.pk for thing in things]).delete()

    def change(items: list[tuple[Tariff, dict[str, Any]]]) -> None:
        real = changing.write_columns(changing.set_columns(items))
        journal.record("tariff.take_back", [change_of(c.thing, c.before, c.after) for c in real], at=at, by=by)

    things = Tariff.objects.select_related("product")
    return changing.take_back(rows, things, take_out=take_out, change=change)


def give(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Give every tariff as it would be imported."""
    rows = Tariff.objects.select_related("product").order_by("product__code", "region_code", "reach", "speed_kbps",
                                                             "valid_from")  # fmt: skip
    for row in rows.iterator(chunk_size=2_000):
        yield {
            "product": row.product.code, "speed_kbps": row.speed_kbps or None, "reach": row.reach,
            "region": row.region_code, "valid_from": row.valid_from, "valid_to": row.valid_to,
            "one_time": Decimal(row.one_time_fen) / 100, "monthly": Decimal(row.monthly_fen) / 100,
            "source": row.source,
        }  # fmt: skip


TARIFFS = Kind(
    "tariffs", _("Tariffs"), COLUMNS, ("product", "speed_kbps", "reach", "region", "valid_from"), Permission.SETTINGS,
    write, take_back, give, about=_("Prices of products by speed, reach and region, each from a day on."),
    may_lack=("speed_kbps", "reach", "region"),
)  # fmt: skip
