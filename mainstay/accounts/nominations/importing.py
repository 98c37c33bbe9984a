"""Figures of accounts from and to files: one row is an account on a day (A7, B6)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.nominations.actions.intake import DayFigures, give_back
from mainstay.accounts.nominations.cells import MISSING, unpacked
from mainstay.accounts.nominations.choices import AccountKind, Figure
from mainstay.accounts.nominations.delivering import deliver
from mainstay.accounts.nominations.models import Account, AccountMonth
from mainstay.accounts.nominations.queries.waves import masked, visible_accounts
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports import changing
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused
from mainstay.platform.journal.actions import Change, record

COLUMNS = (
    Column("account", _("Account number"), "", "6217000000000001", required=True, longest=40,
           aliases=("账号", "帐号", "账户")),
    Column("customer", _("Customer code"), "", "C0001", required=True, longest=32,
           aliases=("客户编码", "客户号", "customer_code")),
    Column("kind", _("Kind of account"), "", "demand", required=True, reads="choice", choices=AccountKind.choices,
           aliases=("账户类型", "存款种类", "种类")),
    Column("on", _("Day"), "", "2026-09-01", required=True, reads="date", aliases=("日期", "账务日期", "date")),
    Column("balance", _("Balance in yuan"), _("At the end of the day."), "1250000.00", reads="decimal",
           aliases=("余额", "日终余额")),
    Column("count", _("Number of transactions"), "", "12", reads="integer", aliases=("交易笔数", "笔数")),
    Column("amount", _("Amount of transactions in yuan"), "", "380000.00", reads="decimal",
           aliases=("交易金额", "发生额")),
    Column("settled", _("Settled through us, in yuan"), "", "210000.00", reads="decimal",
           aliases=("结算量", "结算金额")),
    Column("contribution", _("Contribution in yuan"), "", "320.00", reads="decimal", aliases=("贡献度", "贡献")),
)  # fmt: skip
_AMOUNTS = (Figure.BALANCE, Figure.AMOUNT, Figure.SETTLED, Figure.CONTRIBUTION)


@transaction.atomic
def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Take the figures of rows in; what is there already is replaced. The same queries however many good rows."""
    figures = [_figures(row.values) for row in rows]
    answer = deliver(figures, at=at, by=by)
    found = []
    for position, each in enumerate(figures):
        if position in answer.refused:
            found.append(refused(answer.refused[position]))
            continue
        before, after = answer.before[position], each.given
        outcome = Outcome.UNCHANGED if before == after else Outcome.UPDATED
        outcome = Outcome.CREATED if all(value is None for value in before.values()) else outcome
        key = {"on": each.on.isoformat()}
        found.append(Written(outcome, "account", answer.accounts[position], f"{masked(each.account)} {each.on}", None,
                             before | key, after | key))  # fmt: skip
    if answer.accepted:
        change = Change("account", "", f"{answer.accepted}", None, {"rows": answer.accepted})
        record("account.import", [change], at=at, by=by)
    return found


def _figures(given: Mapping[str, Any]) -> DayFigures:
    amounts = {name: _fen(given.get(name)) for name in _AMOUNTS}
    return DayFigures(given["account"], given["customer"], given["kind"], given["on"], count=given.get("count"),
                      **amounts)  # fmt: skip


def _fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else round(yuan * 100)


@transaction.atomic
def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import: days get their former figures, or become unknown again. Accounts stay."""
    ids = [row.object_id for row in rows]
    numbers = dict(visible_accounts(by).filter(pk__in=ids).values_list("pk", "number"))
    former = []
    for row in rows:
        if row.object_id in numbers:
            values = {name: value for name, value in (row.before or {}).items() if name in Figure.values}
            former.append((numbers[row.object_id], date.fromisoformat((row.before or {})["on"]), values))
    give_back(former, at=at, by=by)
    record("account.take_back", [Change("account", "", f"{len(former)}", None, {"rows": len(former)})], at=at, by=by)
    return [None if row.object_id in numbers else changing.gone(row) for row in rows]


def give(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Give every day of every account the actor may see, as it would be imported."""
    accounts = visible_accounts(by).select_related("customer").order_by("number")
    for account in accounts.iterator(chunk_size=500):
        for month in AccountMonth.objects.filter(account=account).order_by("month"):
            yield from _days(account, month)


def _days(account: Account, month: AccountMonth) -> Iterator[Mapping[str, Any]]:
    cells = {name: unpacked(getattr(month, name)) for name in Figure.values}
    for day in range(31):
        known = {name: int(values[day]) for name, values in cells.items() if values[day] != MISSING}
        if known:
            told = {name: Decimal(value) / 100 if name in _AMOUNTS else value for name, value in known.items()}
            yield {"account": account.number, "customer": account.customer.code, "kind": account.kind,
                   "on": month.month + timedelta(days=day), **told}  # fmt: skip


FIGURES = Kind(
    "account-figures", _("Balances and transactions"), COLUMNS, ("account", "on"), Permission.SEND_BALANCES, write,
    take_back, give, about=_("Accounts of customers day by day: balance, transactions, settlement, contribution."),
)  # fmt: skip
