"""Take in what billing delivers: new numbers are kept, known ones corrected; bad rows spoil no good ones (P6, A4).

The same for files and programs. Rows come as `Given`: values by column name, typed; money in yuan as Decimal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.accounts.revenue.errors import BadRevenue
from mainstay.accounts.revenue.events import RevenueChanged
from mainstay.accounts.revenue.models import Bill, BillLine, Payment, Usage
from mainstay.accounts.revenue.rolling import note
from mainstay.accounts.revenue.windows import first_of
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import insert_returning
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports import changing
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Given, Written, refused
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

FILE = "file"
"""The source of what came in a file that names none."""
MOST_FEN = 10**15
Key = tuple[Any, ...]


@dataclass
class _There:
    """What is there of what the rows name, read in a fixed number of queries."""

    today: date
    customers: Mapping[str, Customer] = field(default_factory=dict)
    bills: Mapping[str, Bill] = field(default_factory=dict)
    kept: dict[Key, models.Model] = field(default_factory=dict)


@dataclass(frozen=True)
class _Shape:
    """How one kind of row becomes an object: its key, its columns, what it is called in the audit trail."""

    model: type[models.Model]
    kind: str
    key: tuple[str, ...]
    said: str


BILL = _Shape(Bill, "bill", ("number",), "number")
LINE = _Shape(BillLine, "bill_line", ("bill_id", "position"), "bill")
PAYMENT = _Shape(Payment, "payment", ("number",), "number")
USAGE = _Shape(Usage, "usage", ("customer_id", "month", "service", "circuit_number"), "service")
SHAPES = {shape.kind: shape for shape in (BILL, LINE, PAYMENT, USAGE)}


@transaction.atomic
def take(shape: _Shape, rows: Sequence[Given], *, source: str, at: datetime, by: Actor) -> list[Written]:
    """Keep rows of one kind; return what became of each, in order. About 12 queries however many rows.

    `source`: which system says so, where the row itself does not. The same row again changes nothing.
    """
    require(by, Permission.SEND_REVENUE)
    there = _read(shape, rows, at=at, by=by)
    found: dict[int, Written] = {}
    wanted: dict[Key, tuple[Given, dict[str, Any]]] = {}
    for row in rows:
        try:
            columns = _COLUMNS[shape.kind](row.values, there)
            key = tuple(columns[name] for name in shape.key)
            _refuse_twice(key in wanted, row.values.get(shape.said))
            wanted[key] = row, columns | _delivered(shape, row, source, at)
        except MainstayError as error:
            found[row.line] = refused(error)
    there.kept = _kept(shape, wanted)
    found |= _write(shape, wanted, there, at=at, by=by)
    return [found[row.line] for row in rows]


def _refuse_twice(is_there: bool, said: object) -> None:
    if is_there:
        raise BadRevenue(msgid("{what} comes twice in one delivery; send it once."), what=said or "—")


def _delivered(shape: _Shape, row: Given, source: str, at: datetime) -> dict[str, Any]:
    if shape is LINE:
        return {}
    return {"source": (row.values.get("source") or source)[:40], "received_at": at}


def _read(shape: _Shape, rows: Sequence[Given], *, at: datetime, by: Actor) -> _There:
    codes = {row.values["customer"] for row in rows if row.values.get("customer")}
    numbers = {row.values["bill"] for row in rows if row.values.get("bill")}
    return _There(
        timezone.localdate(at),
        {each.code: each for each in customers_visible_to(by).filter(code__in=codes)} if codes else {},
        _visible_bills(numbers, by) if numbers else {},
    )


def _visible_bills(numbers: Iterable[str], by: Actor) -> dict[str, Bill]:
    mine = Bill.objects.filter(number__in=list(numbers), customer__in=customers_visible_to(by))
    return {each.number: each for each in mine.select_related("customer")}


def _kept(shape: _Shape, keys: Iterable[Key]) -> dict[Key, models.Model]:
    """Return what is there under these keys, whoever may see it."""
    firsts = {key[0] for key in keys}
    rows = shape.model._default_manager.filter(**{f"{shape.key[0]}__in": list(firsts)}) if firsts else []
    return {tuple(getattr(row, name) for name in shape.key): row for row in rows}


def _write(
    shape: _Shape, wanted: Mapping[Key, tuple[Given, dict[str, Any]]], there: _There, *, at: datetime, by: Actor
) -> dict[int, Written]:
    owners = {each.pk: each for each in there.customers.values()}
    owners |= {bill.customer_id: bill.customer for bill in there.bills.values()}
    found: dict[int, Written] = {}
    new: list[tuple[Given, dict[str, Any]]] = []
    changed: list[tuple[Given, changing.Changed[Any]]] = []
    for key, (row, columns) in wanted.items():
        row_there: Any = there.kept.get(key)
        if row_there is None:
            new.append((row, columns))
        elif columns.get("customer_id", 0) != getattr(row_there, "customer_id", 0):
            found[row.line] = refused(_of_another(row, shape))
        else:
            changed.append((row, _set(row_there, columns)))
    found |= _insert(shape, new)
    found |= _update(shape, changed)
    _tell(shape, found, there, owners, wanted, at=at, by=by)
    return found


def _of_another(row: Given, shape: _Shape) -> BadRevenue:
    return BadRevenue(
        msgid("The number {number} is taken by something of another customer; correct the number or the customer."),
        number=row.values.get(shape.said, "—"),
    )


def _set(row: Any, columns: dict[str, Any]) -> changing.Changed[Any]:
    """Change what differs; when it came counts only if something else does."""
    told = {name: value for name, value in columns.items() if name not in ("source", "received_at")}
    (changed,) = changing.set_columns([(row, told)])
    if changed.after and "received_at" in columns:
        row.received_at, row.source = columns["received_at"], columns["source"]
    return changed


def _insert(shape: _Shape, new: Sequence[tuple[Given, dict[str, Any]]]) -> dict[int, Written]:
    if not new:
        return {}
    names = list(new[0][1])
    extra = {"open_fen": "amount_fen"} if shape is BILL else {}
    rows = [[*(columns[name] for name in names), *(max(0, columns[of]) for of in extra.values())] for _, columns in new]
    keys = insert_returning(shape.model, [*names, *extra], rows)
    return {
        row.line: Written(Outcome.CREATED, shape.kind, pk, _label(shape, row), after=_told(columns))
        for (row, columns), pk in zip(new, keys, strict=True)
    }


def _told(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name not in ("received_at", "customer_id", "bill_id")}


def _update(shape: _Shape, changed: Sequence[tuple[Given, changing.Changed[Any]]]) -> dict[int, Written]:
    also = () if shape is LINE else ("received_at", "source")
    changing.write_columns([each for _row, each in changed], *also)
    return {
        row.line: Written(
            Outcome.UPDATED if each.after else Outcome.UNCHANGED, shape.kind, each.thing.pk, _label(shape, row),
            before=each.before, after=each.after,
        )
        for row, each in changed
    }  # fmt: skip


def _label(shape: _Shape, row: Given) -> str:
    values = row.values
    if shape is LINE:
        return f"{values['bill']} / {values['position']}"
    return str(values[shape.said]) if shape is not USAGE else f"{values['customer']} {values['service']}"


def _tell(
    shape: _Shape, found: Mapping[int, Written], there: _There, owners: Mapping[int, Customer],
    wanted: Mapping[Key, tuple[Given, dict[str, Any]]], *, at: datetime, by: Actor,
) -> None:  # fmt: skip
    """Write the audit trail, note whose roll-ups are old, and announce."""
    changes: list[tuple[str, Change]] = []
    touched: set[int] = set()
    months: set[date] = set()
    bills = {bill.pk: bill for bill in there.bills.values()}
    for row, columns in wanted.values():
        each = found[row.line]
        if each.outcome not in (Outcome.CREATED, Outcome.UPDATED):
            continue
        customer = owners[columns["customer_id"] if "customer_id" in columns else bills[columns["bill_id"]].customer_id]
        touched.add(customer.pk)
        months |= _months(columns, each.before, bills)
        action = f"{shape.kind}.deliver" if each.outcome == Outcome.CREATED else f"{shape.kind}.correct"
        changes.append((action, Change(shape.kind, each.object_id or 0, each.label, each.before, each.after,
                                       customer.pk, customer.region_id)))  # fmt: skip
    for action in sorted({action for action, _ in changes}):
        journal.record(action, [change for name, change in changes if name == action], at=at, by=by)
    announce(shape, touched, months, at=at, by=by)


def _months(columns: Mapping[str, Any], before: Mapping[str, Any] | None, bills: Mapping[int, Bill]) -> set[date]:
    """Return the months whose figures may be others: those the row is about, before and after."""
    found = {each["month"] for each in (columns, before or {}) if "month" in each}
    found |= {first_of(each["paid_on"]) for each in (columns, before or {}) if "paid_on" in each}
    return found or {bills[columns["bill_id"]].month}


def announce(shape: _Shape, customer_ids: set[int], months: set[date], *, at: datetime, by: Actor) -> None:
    """Note whose roll-ups are old and say so, in the caller's transaction."""
    if not customer_ids:
        return
    if shape in (BILL, PAYMENT):
        note(customer_ids, at=at)
    journal.announce(RevenueChanged(tuple(sorted(customer_ids)), tuple(sorted(months))), by=by)


def _customer(values: Mapping[str, Any], there: _There) -> int:
    found = there.customers.get(values.get("customer") or "")
    if found is None:
        raise BadRevenue(msgid("There is no customer {code} that you may see; correct the code."),
                         code=values.get("customer") or "—")  # fmt: skip
    return found.pk


def _bill(values: Mapping[str, Any], there: _There) -> Bill:
    found = there.bills.get(values["bill"])
    if found is None:
        raise BadRevenue(msgid("There is no bill {number}; send the bill first, or correct its number."),
                         number=values["bill"])  # fmt: skip
    return found


def _fen(values: Mapping[str, Any]) -> int:
    exact = Decimal(values["amount"]) * 100
    if exact != int(exact) or abs(exact) > MOST_FEN:
        raise BadRevenue(msgid("{amount} is not an amount in yuan and fen; give at most two places."),
                         amount=values["amount"])  # fmt: skip
    return int(exact)


def _not_to_come(day: date, there: _There) -> date:
    if day > there.today:
        raise BadRevenue(msgid("{day} is still to come; billing delivers what has happened."), day=day)
    return day


def _bill_columns(values: Mapping[str, Any], there: _There) -> dict[str, Any]:
    if values["due_on"] < values["issued_on"]:
        raise BadRevenue(msgid("Bill {number} would be due before it was issued; correct the dates."),
                         number=values["number"])  # fmt: skip
    return {
        "number": values["number"], "customer_id": _customer(values, there), "month": first_of(values["month"]),
        "issued_on": _not_to_come(values["issued_on"], there), "due_on": values["due_on"], "amount_fen": _fen(values),
    }  # fmt: skip


def _line_columns(values: Mapping[str, Any], there: _There) -> dict[str, Any]:
    if not 0 < values["position"] < 32_000:
        raise BadRevenue(msgid("Positions of bill {number} count from 1."), number=values["bill"])
    return {
        "bill_id": _bill(values, there).pk, "position": values["position"],
        "product_code": values.get("product") or "", "circuit_number": values.get("circuit") or "",
        "words": values.get("words") or "", "amount_fen": _fen(values),
    }  # fmt: skip


def _payment_columns(values: Mapping[str, Any], there: _There) -> dict[str, Any]:
    customer, amount = _customer(values, there), _fen(values)
    bill = _bill(values, there) if values.get("bill") else None
    if bill is not None and bill.customer_id != customer:
        raise BadRevenue(msgid("There is no bill {number}; send the bill first, or correct its number."),
                         number=values["bill"])  # fmt: skip
    if amount < 0:
        raise BadRevenue(msgid("Payment {number} is below zero; correct the payment that came back instead."),
                         number=values["number"])  # fmt: skip
    return {
        "number": values["number"], "customer_id": customer, "bill_id": bill.pk if bill else None,
        "paid_on": _not_to_come(values["paid_on"], there), "amount_fen": amount, "way": values.get("way") or "",
    }  # fmt: skip


def _usage_columns(values: Mapping[str, Any], there: _There) -> dict[str, Any]:
    if values["quantity"] < 0:
        raise BadRevenue(msgid("Usage of {service} is below zero; correct the quantity."), service=values["service"])
    return {
        "customer_id": _customer(values, there), "month": _not_to_come(first_of(values["month"]), there),
        "service": values["service"], "circuit_number": values.get("circuit") or "",
        "quantity": round(Decimal(values["quantity"]), 3), "unit": values["unit"],
    }  # fmt: skip


_COLUMNS = {"bill": _bill_columns, "bill_line": _line_columns, "payment": _payment_columns, "usage": _usage_columns}


def with_lines(rows: Sequence[Given], lines: Mapping[int, Sequence[Mapping[str, Any]]]) -> list[Given]:
    """Return the lines of bills as rows of their own; `lines`: by the bill's place. For `take(LINE, …)`."""
    found = [
        {"bill": row.values["number"], "position": position, **line}
        for row in rows for position, line in enumerate(lines.get(row.line, ()), start=1)
    ]  # fmt: skip
    return [replace(Given(number, values)) for number, values in enumerate(found)]
