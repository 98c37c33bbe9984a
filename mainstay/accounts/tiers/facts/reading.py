"""What are the facts of these customers on a day? In arrays; each reader asks the database once for all of them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

import numpy as np
from django.db import connection

from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.choices import CustomerKind, Ownership
from mainstay.accounts.nominations.queries.nominated import named_ids
from mainstay.accounts.revenue.models import Bill
from mainstay.accounts.revenue.queries import facts as revenue
from mainstay.accounts.tiers.facts.register import TRADES, Column, facts, supplier_of
from mainstay.accounts.tiers.facts.selection import Selection
from mainstay.accounts.tiers.models import CityGroup, HandFact
from mainstay.domain.tiering.facts import UNKNOWN, Value
from mainstay.platform.bulk.reading import table

Columns = dict[str, Column]
PUBLIC_TRADES = ("S90", "S91")
"""Party organs and organs of the state in GB/T 4754; the military has no class there and is named by hand."""
BOUGHT: dict[str, tuple[str, ...]] = {
    "buys_internet": ("internet-line",),
    "buys_ip_gateway": ("ip-gateway",),
    "buys_vpdn": ("vpdn",),
    "uses_dialler": ("dialler", "caller-id"),
}
"""Which products a fact looks for."""


def read(names: Collection[str], chosen: Selection, *, on: date) -> Columns:
    """Return the facts named, each along `chosen.ids`; amounts in fen, UNKNOWN where nobody knows."""
    known = facts()
    found: Columns = {}
    for reader in dict.fromkeys(known[name].reader for name in names):
        found |= READERS[reader](chosen, on)
    asked = [name for name in names if known[name].by_hand]
    if asked:
        found |= _over(found, asked, chosen, on)
    return {name: found.get(name, np.full(len(chosen.ids), UNKNOWN)) for name in names}


def facts_of(names: Collection[str], chosen: Selection, *, on: date) -> dict[int, dict[str, Value]]:
    """Return facts by customer id, as values."""
    columns, known = read(names, chosen, on=on), facts()
    return {
        int(pk): {name: known[name].kind.value(int(column[place])) for name, column in columns.items()}
        for place, pk in enumerate(chosen.ids)
    }


def months_since(days: Column, on: date) -> Column:
    """Return the whole months from days written like 20260901 to a day; UNKNOWN stays."""
    year, month, day = days // 10_000, days // 100 % 100, days % 100
    passed = (on.year - year) * 12 + on.month - month - (on.day < day)
    return np.where(days == UNKNOWN, UNKNOWN, np.maximum(passed, 0))


def _whole(sql: str) -> str:
    return f"CAST({sql} AS bigint)"


def _day(column: str) -> str:
    """Return a day as a number like 20260901, -1 where there is none."""
    text = f"to_char({column}, 'YYYYMMDD')" if connection.vendor == "postgresql" else f"replace({column}, '-', '')"
    return f"COALESCE({_whole(text)}, -1)"


def _option(column: str, options: Iterable[str]) -> str:
    cases = " ".join(f"WHEN '{one}' THEN {place}" for place, one in enumerate(options))
    return _whole(f"CASE {column} {cases} ELSE -1 END")


def _archive(chosen: Selection, on: date) -> Columns:
    public = " OR ".join(f"substr(COALESCE(industry_id, ''), 1, 3) = '{code}'" for code in PUBLIC_TRADES)
    parts = [
        _option("kind", CustomerKind.values), _option("ownership", Ownership.values),
        _option("substr(COALESCE(industry_id, ''), 1, 1)", TRADES), _whole(f"CASE WHEN {public} THEN 1 ELSE 0 END"),
        _day("since_on"),
    ]  # fmt: skip
    keys, kind, ownership, trade, public_column, since = _rows(
        f"SELECT id, {', '.join(parts)} FROM customers_customer WHERE archive = 'active' AND {chosen.where('id')}"  # noqa: S608
    )
    known = {"kind": kind, "ownership": ownership, "trade": trade, "is_public": public_column}
    found = {name: chosen.spread(keys, np.where(c < 0, UNKNOWN, c), UNKNOWN) for name, c in known.items()}
    days = chosen.spread(keys, np.where(since < 0, UNKNOWN, since), UNKNOWN)
    return found | {"months_customer": months_since(days, on)}


def _rows(sql: str) -> tuple[Column, ...]:
    columns = sql.partition(" FROM ")[0].count("CAST(") + 1
    return table(sql, (8,) * columns)


def _units(chosen: Selection, _on: date) -> Columns:
    """Count the units of a customer's group: those below its top, for the top and for each of them."""
    own = chosen.where("c.id")
    keys, units = table(
        "SELECT c.id, CAST(COUNT(m.id) AS bigint) FROM customers_customer c "  # noqa: S608 - whole numbers of ours
        "JOIN customers_customer m ON m.parent_id = COALESCE(c.parent_id, c.id) AND m.archive = 'active' "
        f"WHERE {own} GROUP BY c.id",
        (8, 8),
    )
    return {"affiliated_units": chosen.spread(keys, units, 0)}


def _contracts(chosen: Selection, on: date) -> Columns:
    flags = [
        _whole(f"MAX(CASE WHEN p.code IN ({', '.join(repr(code) for code in codes)}) THEN 1 ELSE 0 END)")
        for codes in BOUGHT.values()
    ]
    day = f"'{on:%Y-%m-%d}'"
    signed = f"k.status = 'active' AND k.starts_on <= {day} AND (k.ends_on IS NULL OR k.ends_on > {day})"
    counted = _whole("COUNT(DISTINCT l.product_id)")
    keys, products, *bought = table(
        f"SELECT k.customer_id, {counted}, {', '.join(flags)} FROM {Contract._meta.db_table} k "  # noqa: S608
        "LEFT JOIN contracts_contractline l ON l.contract_id = k.id LEFT JOIN catalog_product p ON p.id = l.product_id "
        f"WHERE {signed} AND {chosen.where('k.customer_id')} GROUP BY k.customer_id",
        (8,) * (2 + len(BOUGHT)),
    )
    found = {name: chosen.spread(keys, column, 0) for name, column in zip(BOUGHT, bought, strict=True)}
    signed_by = chosen.spread(keys, np.ones(len(keys), np.int64), 0)
    return found | {"agreement": signed_by, "products": chosen.spread(keys, products, 0)}


_REVENUE = (
    "billed_year_fen", "billed_quarter_avg_fen", "billed_month_fen", "paid_year_fen", "arrears_fen",
    "late_payments_year", "purchases_2m",
)  # fmt: skip


def _revenue(chosen: Selection, on: date) -> Columns:
    """Read billing's figures; who was never billed has none, which is unknown and not zero."""
    if chosen.some is None:
        known = list(revenue.facts_between(chosen.first, chosen.last, on))
    else:
        known = sorted(revenue.facts_of(chosen.some, on).values(), key=lambda each: each.customer_id)
    keys = np.array([each.customer_id for each in known], np.int64)
    raw = {name: np.array([getattr(each, name) for each in known], np.int64) for name in _REVENUE}
    last = np.array([_written(each.last_purchase_on) for each in known], np.int64)
    months = np.array([each.months_known for each in known], np.int64)
    year, quarter = raw["billed_year_fen"], raw["billed_quarter_avg_fen"]
    grown = np.where((months >= 12) & (year > 0), quarter * 1_200 // np.maximum(year, 1) - 100, UNKNOWN)
    raw |= {"months_since_purchase": months_since(last, on), "growth_percent": grown}
    return {name: chosen.spread(keys, column, UNKNOWN) for name, column in raw.items()}


def _written(day: date | None) -> int:
    return UNKNOWN if day is None else day.year * 10_000 + day.month * 100 + day.day


def _purchases(chosen: Selection, on: date) -> Columns:
    keys, bills = table(
        f"SELECT customer_id, CAST(COUNT(*) AS bigint) FROM {Bill._meta.db_table} WHERE amount_fen > 0 "  # noqa: S608
        f"AND issued_on <= '{on:%Y-%m-%d}' AND {chosen.where('customer_id')} GROUP BY customer_id",
        (8, 8),
    )
    return {"purchases": chosen.spread(keys, bills, 0)}


def _city(chosen: Selection, _on: date) -> Columns:
    """Return the revenue group of each customer's city; cities not named are in the first."""
    keys, groups = table(
        f"SELECT c.id, CAST(g.number AS bigint) FROM customers_customer c JOIN {CityGroup._meta.db_table} g "  # noqa: S608
        f"ON g.region_code = substr(c.region_id, 1, 4) WHERE {chosen.where('c.id')}",
        (8, 8),
    )
    return {"city_group": chosen.spread(keys, groups, 1)}


def _hand(chosen: Selection, _on: date) -> Columns:
    """Flags people may name are "no" until somebody does; days and counts are unknown."""
    flags = [name for name, fact in facts().items() if fact.reader == "hand" and not fact.is_day]
    return {name: np.zeros(len(chosen.ids), np.int64) for name in flags}


def _nominations(chosen: Selection, on: date) -> Columns:
    if not len(chosen.ids):
        return {"nominated": np.zeros(0, np.int64)}
    between = named_ids(on).filter(customer__gte=int(chosen.ids[0]), customer__lte=int(chosen.ids[-1]))
    named = np.fromiter(between.values_list("customer_id", flat=True), np.int64)
    return {"nominated": np.isin(chosen.ids, named).astype(np.int64)}


def _points(chosen: Selection, on: date) -> Columns:
    supplier = supplier_of("points")
    return {"points": supplier(chosen.ids, on)} if supplier else {}


def _over(found: Mapping[str, Column], names: Collection[str], chosen: Selection, on: date) -> Columns:
    """Lay what people gave over what was read."""
    rows = HandFact.objects.filter(name__in=names)
    rows = rows.filter(customer__in=chosen.some) if chosen.some is not None else rows.filter(
        customer__gte=chosen.first, customer__lte=chosen.last
    )  # fmt: skip
    given = list(rows.order_by("customer_id").values_list("name", "customer_id", "value"))
    laid: Columns = {}
    for name in {name for name, _pk, _value in given}:
        keys, values = (np.array([row[n] for row in given if row[0] == name], np.int64) for n in (1, 2))
        values = months_since(values, on) if facts()[name].is_day else values
        over = chosen.spread(keys, values, UNKNOWN)
        laid[name] = np.where(over == UNKNOWN, found.get(name, np.full(len(chosen.ids), UNKNOWN)), over)
    return laid


Reader = Callable[[Selection, date], Columns]
READERS: dict[str, Reader] = {
    "archive": _archive, "units": _units, "contracts": _contracts, "revenue": _revenue, "purchases": _purchases,
    "city": _city, "hand": _hand, "points": _points, "nominations": _nominations,
}  # fmt: skip
