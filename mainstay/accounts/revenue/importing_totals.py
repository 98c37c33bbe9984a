"""Billing's totals of a month from and to files: what reconciliation compares with (P6, A7)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.revenue.actions.intake import FILE
from mainstay.accounts.revenue.actions.reconciling import take_totals
from mainstay.accounts.revenue.choices import What
from mainstay.accounts.revenue.models import Control
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.imports import changing
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

COLUMNS = (
    Column("month", _("Month"), _("Any day of the month."), "2026-08-01", required=True, reads="date",
           aliases=("账期", "月份", "billing_month")),
    Column("what", _("Bills or payments"), "", "bills", required=True, reads="choice", choices=What.choices,
           aliases=("对账项", "类别", "kind")),
    Column("region", _("Region code"), _("For the total of a region; leave the customer empty then."), "4201",
           longest=12, aliases=("区划代码", "地区")),
    Column("customer", _("Customer code"), _("For the total of a customer, or one of its bills or payments."), "C0001",
           longest=32, aliases=("客户编码", "customer_code")),
    Column("number", _("Bill or payment number"), _("For a single bill or payment of the customer."), "",
           longest=48, aliases=("账单号", "流水号", "bill_no", "payment_no")),
    Column("count", _("How many"), _("Empty for a single one."), "120", reads="integer", aliases=("笔数", "张数")),
    Column("amount", _("Amount in yuan"), "", "880000.00", required=True, reads="decimal",
           aliases=("金额", "合计金额", "合计")),
)  # fmt: skip


def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Keep the totals of a file."""
    return take_totals(rows, source=FILE, at=at, by=by)


@transaction.atomic
def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows: new totals are gone, others as before."""
    require(by, Permission.SEND_REVENUE)
    things = Control.objects.filter(scope(by, customer="customer_id", region="region_code"))

    def take_out(gone: list[Control]) -> None:
        Control.objects.filter(pk__in=[each.pk for each in gone]).delete()

    def change(wanted: list[tuple[Control, dict[str, Any]]]) -> None:
        changing.write_columns(changing.set_columns(wanted))

    errors = changing.take_back(rows, things, take_out=take_out, change=change)
    changes = [Change(row.object_kind, row.object_id, row.label, dict(row.after or {}), dict(row.before or {}))
               for row, error in zip(rows, errors, strict=True) if error is None]  # fmt: skip
    journal.record("control.take_back", changes, at=at, by=by)
    return errors


def give(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Give every total the actor may see as it would be imported."""
    rows = Control.objects.filter(scope(by, customer="customer_id", region="region_code")).order_by("key")
    names = ("month", "what", "region_code", "customer__code", "number", "count", "amount_fen")
    for month, what, region, customer, number, count, fen in rows.values_list(*names).iterator(chunk_size=2_000):
        yield {"month": month, "what": what, "region": "" if customer else region, "customer": customer,
               "number": number, "count": count, "amount": Decimal(fen) / 100}  # fmt: skip


TOTALS = Kind(
    "billing_totals", _("Totals of billing"), COLUMNS, ("month", "what", "region", "customer", "number"),
    Permission.SEND_REVENUE, write, take_back, give, may_lack=("region", "customer", "number"),
    about=_("How many bills and payments billing counts in a month, and their sum, for reconciliation."),
)  # fmt: skip
