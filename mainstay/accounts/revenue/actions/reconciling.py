"""Hold what billing counts and sums against what is kept here; settle what differs, with a record (P6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.accounts.revenue.choices import DifferenceState, Level, Settling, What
from mainstay.accounts.revenue.errors import BadRevenue
from mainstay.accounts.revenue.models import Bill, Control, Difference, Payment
from mainstay.accounts.revenue.queries.reconciling import visible_difference
from mainstay.accounts.revenue.windows import add_months, first_of
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Given, Written, refused
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.places.models import Region

AT_ONCE = 1_000
_SAME = ("key", "month", "what", "level", "region_code", "customer_id", "number")
Total = tuple[int, int]
"""How many, and their sum in fen."""


def key_of(month: date, what: str, level: str, about: str) -> str:
    """Return what tells a control total apart: month, bills or payments, level, code or number."""
    return f"{month:%Y-%m}|{what}|{level}|{about}"


@transaction.atomic
def take_totals(rows: Sequence[Given], *, source: str, at: datetime, by: Actor) -> list[Written]:
    """Keep billing's totals: of a region (`region`), a customer (`customer`), or one bill or payment (and `number`).

    Returns what became of each. The same total again replaces. Compare afterwards with `compare`.
    """
    require(by, Permission.SEND_REVENUE)
    customers = {c.code: c for c in customers_visible_to(by).filter(
        code__in={row.values["customer"] for row in rows if row.values.get("customer")})}  # fmt: skip
    named = {row.values["region"] for row in rows if row.values.get("region")}
    regions = set(Region.objects.filter(code__in=named).values_list("code", flat=True))
    columns: dict[int, dict[str, Any]] = {}
    found: dict[int, Written] = {}
    for row in rows:
        try:
            columns[row.line] = _columns(row.values, customers, regions)
        except MainstayError as error:
            found[row.line] = refused(error)
    kept = {each.key: each for each in Control.objects.filter(key__in=[each["key"] for each in columns.values()])}
    names = (*_SAME, "count", "amount_fen", "source", "received_at")
    values = [(*(each[name] for name in (*_SAME, "count", "amount_fen")), source[:40], at) for each in columns.values()]
    insert_many(Control, names, values, unique=("key",), update=("count", "amount_fen", "source", "received_at"))
    keys = dict(Control.objects.filter(key__in=[each["key"] for each in columns.values()]).values_list("key", "pk"))
    for line, wanted in columns.items():
        found[line] = _outcome(wanted, kept.get(wanted["key"]), keys[wanted["key"]])
    months = sorted({str(each["month"]) for each in columns.values()})
    if columns:
        told = Change("control", source, source, None, {"totals": len(columns), "months": months})
        journal.record("control.deliver", [told], at=at, by=by)
    return [found[row.line] for row in rows]


def _columns(values: Mapping[str, Any], customers: Mapping[str, Customer], regions: set[str]) -> dict[str, Any]:
    month, what = first_of(values["month"]), values["what"]
    code, number, region = (values.get(name) or "" for name in ("customer", "number", "region"))
    count, amount = values.get("count"), round(Decimal(values["amount"]) * 100)
    if what not in What.values or bool(code) == bool(region) or (number and not code):
        raise BadRevenue(msgid("A total is about bills or payments of a region or of a customer; name exactly one."))
    if code and code not in customers:
        raise BadRevenue(msgid("There is no customer {code} that you may see; correct the code."), code=code)
    if region and region not in regions:
        raise BadRevenue(msgid("There is no region {code}; correct the code."), code=region)
    if not number and count is None:
        raise BadRevenue(msgid("A total without how many there are cannot be compared; give the number of rows."))
    level = Level.REGION if region else Level.ITEM if number else Level.CUSTOMER
    customer = customers.get(code)
    about = region or (f"{code}/{number}" if number else code)
    return {
        "key": key_of(month, what, level, about), "month": month, "what": what, "level": level,
        "region_code": customer.region_id if customer else region, "customer_id": customer.pk if customer else None,
        "number": number, "count": 1 if number else count, "amount_fen": amount,
    }  # fmt: skip


def _outcome(wanted: Mapping[str, Any], kept: Control | None, pk: int) -> Written:
    same = kept is not None and (kept.count, kept.amount_fen) == (wanted["count"], wanted["amount_fen"])
    outcome = Outcome.CREATED if kept is None else Outcome.UNCHANGED if same else Outcome.UPDATED
    before = None if kept is None else {"count": kept.count, "amount_fen": kept.amount_fen}
    after = {"count": wanted["count"], "amount_fen": wanted["amount_fen"]}
    return Written(outcome, "control", pk, wanted["key"], before=before, after=after)


@dataclass(frozen=True)
class Compared:
    """What a comparison found."""

    compared: int
    differ: int


@transaction.atomic
def compare(month: date, *, at: datetime, by: Actor) -> Compared:
    """Compare a month's totals with ours: note new differences, close those that agree by now (P6).

    A settled difference stays settled while both figures stay what they were.
    """
    require(by, Permission.RECONCILE_REVENUE)
    controls = list(Control.objects.filter(month=month).select_related("customer"))
    ours = _ours(month, controls)
    wrong = {each.key: (each, ours.get(each.key, (0, 0))) for each in controls
             if ours.get(each.key, (0, 0)) != (each.count, each.amount_fen)}  # fmt: skip
    missing = _unknown_to_billing(month, controls)
    rows = [(*(getattr(each, name) for name in _SAME), each.count, each.amount_fen, *mine, at)
            for each, mine in wrong.values()] + [(*each, at) for each in missing]  # fmt: skip
    _keep(month, rows, at=at)
    told = Change("control", f"{month:%Y-%m}", f"{month:%Y-%m}", None, {"compared": len(controls), "differ": len(rows)})
    journal.record("control.compare", [told], at=at, by=by)
    return Compared(len(controls), len(rows))


def _ours(month: date, controls: Iterable[Control]) -> dict[str, Total]:
    found: dict[str, Total] = {}
    by_sort: dict[tuple[str, str], list[Control]] = {}
    for each in controls:
        by_sort.setdefault((each.what, each.level), []).append(each)
    for (what, level), part in by_sort.items():
        found |= _OURS[level](_rows(what, month), part)
    return found


def _rows(what: str, month: date) -> "QuerySet[Any]":
    if what == What.BILLS:
        return Bill.objects.filter(month=month)
    return Payment.objects.filter(paid_on__gte=month, paid_on__lt=add_months(month, 1))


def _of_regions(rows: "QuerySet[Any]", controls: Sequence[Control]) -> dict[str, Total]:
    found = {}
    for each in controls:
        inside = rows.filter(customer__region__code__startswith=each.region_code)
        told = inside.aggregate(n=Count("pk"), fen=Sum("amount_fen"))
        found[each.key] = (told["n"], told["fen"] or 0)
    return found


def _of_customers(rows: "QuerySet[Any]", controls: Sequence[Control]) -> dict[str, Total]:
    keys = {each.customer_id: each.key for each in controls}
    found: dict[str, Total] = {}
    for part in _parts(list(keys)):
        told = rows.filter(customer__in=part).order_by().values("customer_id")
        for row in told.annotate(n=Count("pk"), fen=Sum("amount_fen")):
            found[keys[row["customer_id"]]] = (row["n"], row["fen"] or 0)
    return found


def _of_items(rows: "QuerySet[Any]", controls: Sequence[Control]) -> dict[str, Total]:
    keys = {(each.customer_id, each.number): each.key for each in controls}
    found: dict[str, Total] = {}
    for part in _parts([number for _customer, number in keys]):
        for customer, number, fen in rows.filter(number__in=part).values_list("customer_id", "number", "amount_fen"):
            if (customer, number) in keys:
                found[keys[customer, number]] = (1, fen)
    return found


_OURS: dict[str, Callable[[QuerySet[Any], Sequence[Control]], dict[str, Total]]] = {
    Level.REGION: _of_regions,
    Level.CUSTOMER: _of_customers,
    Level.ITEM: _of_items,
}


def _parts(ids: list[Any]) -> Iterable[list[Any]]:
    return (ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE))


def _unknown_to_billing(month: date, controls: Iterable[Control]) -> list[tuple[Any, ...]]:
    """Return ours that billing does not name, of customers whose items it names one by one."""
    named: dict[str, dict[int, set[str]]] = {}
    customers: dict[int, Customer] = {}
    for each in controls:
        if each.level == Level.ITEM and each.customer is not None:
            named.setdefault(each.what, {}).setdefault(each.customer.pk, set()).add(each.number)
            customers[each.customer.pk] = each.customer
    found = []
    for what, numbers in named.items():
        for part in _parts(list(numbers)):
            mine = _rows(what, month).filter(customer__in=part).values_list("customer_id", "number", "amount_fen")
            for pk, number, fen in mine:
                if number not in numbers[pk]:
                    key = key_of(month, what, Level.ITEM, f"{customers[pk].code}/{number}")
                    where = customers[pk].region_id
                    found.append((key, month, what, Level.ITEM, where, pk, number, 0, 0, 1, fen))
    return found


_FIGURES = ("theirs_count", "theirs_fen", "ours_count", "ours_fen")


def _keep(month: date, rows: Sequence[tuple[Any, ...]], *, at: datetime) -> None:
    kept = {each.key: each for each in Difference.objects.filter(month=month)}
    new = [row for row in rows if row[0] not in kept or _moved(kept[row[0]], row)]
    columns = (*_SAME, *_FIGURES, "found_at", "state", "settling", "why", "settled_by", "settled_at")
    blank = (DifferenceState.OPEN, "", "", "", None)
    insert_many(Difference, columns, [(*row, *blank) for row in new], unique=("key",), update=columns[len(_SAME) :])
    gone = set(kept) - {row[0] for row in rows}
    agree = Difference.objects.filter(key__in=gone, state=DifferenceState.OPEN)
    agree.update(state=DifferenceState.GONE, settled_at=at)


def _moved(kept: Difference, row: Sequence[Any]) -> bool:
    figures = tuple(row[len(_SAME) : len(_SAME) + len(_FIGURES)])
    same = figures == (kept.theirs_count, kept.theirs_fen, kept.ours_count, kept.ours_fen)
    return not same or kept.state == DifferenceState.GONE


@transaction.atomic
def settle_difference(difference_id: int, settling: str, why: str, *, at: datetime, by: Actor) -> Difference:
    """Settle a difference with how and why (P6). Raises NoSuchRevenue; BadRevenue: not open, or no why."""
    require(by, Permission.RECONCILE_REVENUE)
    found = visible_difference(by, difference_id, lock=True)
    if found.state != DifferenceState.OPEN:
        raise BadRevenue(msgid("The difference {key} is settled already; nothing was changed."), key=found.key)
    if settling not in Settling.values or not why.strip():
        raise BadRevenue(msgid("Say how the difference is settled, and why."))
    found.state, found.settling, found.why = DifferenceState.SETTLED, settling, why.strip()[:400]
    found.settled_at, found.settled_by = at, by.name[:80]
    found.save(update_fields=["state", "settling", "why", "settled_at", "settled_by"])
    after = {"state": found.state, "settling": settling, "theirs_fen": found.theirs_fen, "ours_fen": found.ours_fen}
    told = Change("revenue_difference", found.pk, found.key, {"state": DifferenceState.OPEN}, after, found.customer_id,
                  found.region_code)  # fmt: skip
    journal.record("revenue_difference.settle", [told], at=at, by=by.because(found.why))
    return found
