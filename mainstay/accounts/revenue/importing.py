"""Bills, their lines, payments and usage from and to files (A7, P6)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.revenue.actions import intake
from mainstay.accounts.revenue.models import Bill, BillLine, Payment, Usage
from mainstay.accounts.revenue.windows import first_of
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.imports import changing
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

_CUSTOMER = Column("customer", _("Customer code"), "", "C0001", required=True, longest=32,
                   aliases=("客户编码", "customer_code", "客户号"))  # fmt: skip
_MONTH = Column("month", _("Month"), _("Any day of the month that was billed."), "2026-08-01", required=True,
                reads="date", aliases=("账期", "计费月", "月份", "billing_month"))  # fmt: skip
_AMOUNT = Column("amount", _("Amount in yuan"), "", "8800.00", required=True, reads="decimal",
                 aliases=("金额", "金额（元）", "应收金额", "amount_yuan"))  # fmt: skip
_SOURCE = Column("source", _("Source"), _("Which system says so."), "billing", longest=40,
                 aliases=("来源", "来源系统", "system"))  # fmt: skip
_CIRCUIT = Column("circuit", _("Circuit number"), "", "WH-HS-0001", longest=48,
                  aliases=("电路代号", "电路编号", "专线号"))  # fmt: skip
BILL_COLUMNS = (
    Column("number", _("Bill number"), _("A known number is corrected."), "ZD-202608-0001", required=True, longest=48,
           aliases=("账单号", "账单编号", "bill_no", "billNo", "bill")),
    _CUSTOMER,
    _MONTH,
    Column("issued_on", _("Issued on"), "", "2026-09-02", required=True, reads="date",
           aliases=("出账日期", "出账日", "bill_date", "billDate")),
    Column("due_on", _("Due on"), _("The last day to pay in time."), "2026-09-25", required=True, reads="date",
           aliases=("应缴日期", "缴费期限", "到期日", "due_date", "paymentDueDate")),
    _AMOUNT,
    _SOURCE,
)  # fmt: skip
LINE_COLUMNS = (
    Column("bill", _("Bill number"), _("The bill must be there."), "ZD-202608-0001", required=True, longest=48,
           aliases=("账单号", "账单编号", "bill_no", "billNo")),
    Column("position", _("Line of the bill"), _("From 1."), "1", required=True, reads="integer",
           aliases=("行号", "序号", "line")),
    Column("product", _("Product code"), "", "digital-circuit", longest=32, aliases=("产品", "产品编码")),
    _CIRCUIT,
    Column("words", _("What for"), "", "月租费", longest=120, aliases=("费用项目", "科目", "item", "name")),
    _AMOUNT,
)  # fmt: skip
PAYMENT_COLUMNS = (
    Column("number", _("Payment number"), _("A known number is corrected."), "SK-202609-0001", required=True,
           longest=48, aliases=("缴费流水号", "收款单号", "流水号", "payment_no", "payment")),
    _CUSTOMER,
    Column("paid_on", _("Paid on"), "", "2026-09-20", required=True, reads="date",
           aliases=("缴费日期", "收款日期", "到账日期", "payment_date", "paymentDate")),
    _AMOUNT,
    Column("bill", _("For bill"), _("Empty: the bill that was due first."), "ZD-202608-0001", longest=48,
           aliases=("账单号", "账单编号", "bill_no", "billNo")),
    Column("way", _("Way of payment"), "", "转账", longest=40, aliases=("缴费方式", "付款方式", "paymentMethod")),
    _SOURCE,
)  # fmt: skip
USAGE_COLUMNS = (
    _CUSTOMER,
    _MONTH,
    Column("service", _("Service"), "", "voice", required=True, longest=40, aliases=("业务", "业务类型")),
    _CIRCUIT,
    Column("quantity", _("Quantity"), "", "1250.5", required=True, reads="decimal", aliases=("用量", "数量")),
    Column("unit", _("Unit"), "", "min", required=True, longest=16, aliases=("单位",)),
    _SOURCE,
)  # fmt: skip


def _write(kind: str, rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Keep the rows of a file; see `intake.take`."""
    return intake.take(intake.SHAPES[kind], rows, source=intake.FILE, at=at, by=by)


@transaction.atomic
def _take_back(kind: str, rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows: what was new is gone, what was corrected is as before."""
    require(by, Permission.SEND_REVENUE)
    shape, owner = intake.SHAPES[kind], "bill__customer" if kind == "bill_line" else "customer"
    things = shape.model._default_manager.filter(scope(by, customer=owner, region=f"{owner}__region__code"))
    back = _Back(shape.kind, owner)
    errors = changing.take_back(
        rows, things.select_related(owner), owned={"billline.bill"}, take_out=back.take_out, change=back.change
    )
    back.tell(rows, errors, at=at, by=by)
    return errors


class _Back:
    """What of an import is undone, and whose it is."""

    def __init__(self, kind: str, owner: str) -> None:
        self.shape, self.owner = intake.SHAPES[kind], owner
        self.seen: dict[int, Any] = {}
        self.months: set[date] = set()

    def take_out(self, things: list[Any]) -> None:
        self._see(things)
        self.shape.model._default_manager.filter(pk__in=[each.pk for each in things]).delete()

    def change(self, wanted: list[tuple[Any, dict[str, Any]]]) -> None:
        self._see([thing for thing, _ in wanted])
        changing.write_columns(changing.set_columns(wanted))
        self._see([thing for thing, _ in wanted])

    def _see(self, things: Sequence[Any]) -> None:
        for each in things:
            customer = each.bill.customer if self.owner == "bill__customer" else each.customer
            self.seen[each.pk] = customer
            day = getattr(each, "month", None) or getattr(each, "paid_on", None) or each.bill.month
            self.months.add(first_of(day))

    def tell(self, rows: Sequence[Taken], errors: Sequence[object], *, at: datetime, by: Actor) -> None:
        done = [row for row, error in zip(rows, errors, strict=True) if error is None and row.object_id in self.seen]
        changes = [
            Change(row.object_kind, row.object_id, row.label, dict(row.after or {}), dict(row.before or {}),
                   self.seen[row.object_id].pk, self.seen[row.object_id].region_id)
            for row in done
        ]  # fmt: skip
        journal.record(f"{self.shape.kind}.take_back", changes, at=at, by=by)
        customers = {self.seen[row.object_id].pk for row in done}
        intake.announce(self.shape, customers, self.months, at=at, by=by)


def _give(
    model: type[models.Model], columns: Mapping[str, str], order: Sequence[str], by: Actor, *, owner: str = "customer"
) -> Iterator[Mapping[str, Any]]:
    """Give every row the actor may see as it would be imported; `columns`: where each stands."""
    rows = model._default_manager.filter(scope(by, customer=owner, region=f"{owner}__region__code")).order_by(*order)
    for row in rows.values_list(*columns.values()).iterator(chunk_size=2_000):
        told = dict(zip(columns, row, strict=True))
        yield told | ({"amount": Decimal(told["amount"]) / 100} if "amount" in told else {})


def _kind(
    name: str, title: Any, about: Any, columns: tuple[Column, ...], key: tuple[str, ...], shape: str,
    give: Callable[[Actor], Iterator[Mapping[str, Any]]], **more: Any,
) -> Kind:  # fmt: skip
    return Kind(name, title, columns, key, Permission.SEND_REVENUE, partial(_write, shape),
                partial(_take_back, shape), give, about=about, **more)  # fmt: skip


_OWN = {"customer": "customer__code"}
BILLS = _kind(
    "bills", _("Bills"), _("What customers were billed, one row a bill; a negative amount is a credit note."),
    BILL_COLUMNS, ("number",), "bill",
    partial(_give, Bill, {"number": "number", **_OWN, "month": "month", "issued_on": "issued_on", "due_on": "due_on",
                          "amount": "amount_fen", "source": "source"}, ("number",)),
)  # fmt: skip
BILL_LINES = _kind(
    "bill_lines", _("Lines of bills"), _("What a bill consists of, by product and circuit."),
    LINE_COLUMNS, ("bill", "position"), "bill_line",
    lambda by: _give(BillLine, {"bill": "bill__number", "position": "position", "product": "product_code",
                     "circuit": "circuit_number", "words": "words", "amount": "amount_fen"},
                     ("bill__number", "position"), by, owner="bill__customer"),
)  # fmt: skip
PAYMENTS = _kind(
    "payments", _("Payments"), _("What customers paid, one row a payment."), PAYMENT_COLUMNS, ("number",), "payment",
    partial(_give, Payment, {"number": "number", **_OWN, "paid_on": "paid_on", "amount": "amount_fen",
                             "bill": "bill__number", "way": "way", "source": "source"}, ("number",)),
)  # fmt: skip
USAGES = _kind(
    "usage", _("Usage"), _("How much of each service customers used in a month."), USAGE_COLUMNS,
    ("customer", "month", "service", "circuit"), "usage",
    partial(_give, Usage, {**_OWN, "month": "month", "service": "service", "circuit": "circuit_number",
                           "quantity": "quantity", "unit": "unit", "source": "source"},
            ("customer__code", "month", "service", "circuit_number")),
    may_lack=("circuit",),
)  # fmt: skip
KINDS = (BILLS, BILL_LINES, PAYMENTS, USAGES)
