"""Figures of accounts for the tests: a few deposits of the cast's customers, day by day."""

from datetime import date, timedelta

from mainstay.accounts.nominations.actions.intake import DayFigures
from mainstay.accounts.nominations.delivering import deliver
from mainstay.domain.actor import Actor
from tests.cast import NOW, World

DAY = date(2026, 8, 31)


def figures(account: str, customer: str, *balances: int, kind: str = "demand", last: date = DAY,
            **more: int) -> list[DayFigures]:  # fmt: skip
    """Return figures of days that end on `last`, the balances given in yuan."""
    days = [last - timedelta(days=len(balances) - 1 - n) for n in range(len(balances))]
    return [DayFigures(account, customer, kind, day, balance=yuan * 100, **more)
            for day, yuan in zip(days, balances, strict=True)]  # fmt: skip


def lay_figures(world: World, by: Actor) -> None:
    """Give the bank two deposits and a loan, its branch, logistics and trade one deposit each: ten days."""
    given = [
        *figures("62170001", world.bank.code, *[1_000_000] * 10, count=3, amount=50_000_00, settled=20_000_00),
        *figures("62170002", world.bank.code, *[500_000] * 10, kind="time"),
        *figures("62179001", world.bank.code, *[-900_000] * 10, kind="loan"),
        *figures("62170003", world.branch.code, *[10_000] * 10),
        *figures("62170004", world.logistics.code, *[2_000_000] * 10, count=1),
        *figures("62170005", world.trade.code, *[80_000] * 10),
    ]
    assert deliver(given, at=NOW, by=by).refused == {}
