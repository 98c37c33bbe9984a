"""Reconciliation: what billing counts against ours, what differs, how that is settled."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mainstay.accounts.revenue import importing_totals
from mainstay.accounts.revenue.actions import reconciling
from mainstay.accounts.revenue.errors import BadRevenue, NoSuchRevenue
from mainstay.accounts.revenue.models import Control, Difference
from mainstay.accounts.revenue.queries import reconciling as queries
from mainstay.domain.errors import NotAllowed
from mainstay.platform.imports.registry import Given, Taken, Written
from mainstay.platform.journal.models import Entry
from tests.accounts.revenue.stage import AT, bill, pay
from tests.cast import World

MONTH = date(2026, 8, 1)


def total(line: int, amount: str, **more: Any) -> Given:
    return Given(line, {"month": date(2026, 8, 9), "what": "bills", "amount": Decimal(amount), **more})


def take(world: World, *rows: Given) -> list[Written]:
    return reconciling.take_totals(rows, source="billing", at=AT, by=world.actor("admin"))


def compare(world: World) -> tuple[int, int]:
    found = reconciling.compare(MONTH, at=AT, by=world.actor("admin"))
    return found.compared, found.differ


def test_what_agrees_leaves_no_difference(world: World) -> None:
    bill(world.bank.pk, MONTH, 10_000)
    pay(world.bank.pk, date(2026, 8, 20), 500)
    take(world, total(1, "100", region="42", count=1), total(2, "100", customer=world.bank.code, count=1),
         total(3, "5", region="42", count=1, what="payments"))  # fmt: skip
    assert compare(world) == (3, 0)
    assert [(each.totals, each.differ) for each in queries.months(world.actor("admin"))] == [(3, 0)]


def test_differences_are_listed_by_region_customer_and_bill(world: World) -> None:
    ours = bill(world.bank.pk, MONTH, 10_000)
    unknown = bill(world.bank.pk, MONTH, 2_000)
    take(world, total(1, "90", region="42", count=1), total(2, "90", customer=world.bank.code, count=1),
         total(3, "90", customer=world.bank.code, number=ours.number),
         total(4, "7", customer=world.bank.code, number="NOT-HERE"))  # fmt: skip
    assert compare(world) == (4, 5)
    told = {(each.level, each.number): (each.theirs_fen, each.ours_fen) for each in Difference.objects.all()}
    assert told == {
        ("region", ""): (9_000, 12_000), ("customer", ""): (9_000, 12_000), ("item", ours.number): (9_000, 10_000),
        ("item", "NOT-HERE"): (700, 0), ("item", unknown.number): (0, 2_000),
    }  # fmt: skip


def test_a_settled_difference_stays_settled_until_figures_move(world: World) -> None:
    ours = bill(world.bank.pk, MONTH, 10_000)
    take(world, total(1, "90", customer=world.bank.code, number=ours.number))
    compare(world)
    found = Difference.objects.get()
    reconciling.settle_difference(found.pk, "accepted", "补收上月", at=AT, by=world.actor("zhao.lei"))
    compare(world)
    found.refresh_from_db()
    assert (found.state, found.why, found.settled_by) == ("settled", "补收上月", "赵磊")
    assert Entry.objects.filter(action="revenue_difference.settle", why="补收上月").exists()
    take(world, total(1, "80", customer=world.bank.code, number=ours.number))
    compare(world)
    found.refresh_from_db()
    assert (found.state, found.why) == ("open", "")
    take(world, total(1, "100", customer=world.bank.code, number=ours.number))
    compare(world)
    found.refresh_from_db()
    assert found.state == "gone"


def test_a_difference_needs_a_why_and_is_settled_once(world: World) -> None:
    take(world, total(1, "90", customer=world.bank.code, count=1))
    compare(world)
    found, by = Difference.objects.get(), world.actor("zhao.lei")
    with pytest.raises(BadRevenue):
        reconciling.settle_difference(found.pk, "accepted", "  ", at=AT, by=by)
    reconciling.settle_difference(found.pk, "accepted", "why", at=AT, by=by)
    with pytest.raises(BadRevenue):
        reconciling.settle_difference(found.pk, "accepted", "why", at=AT, by=by)


def test_others_see_and_settle_nothing(world: World) -> None:
    take(world, total(1, "90", customer=world.bank.code, count=1), total(2, "90", region="42", count=1))
    compare(world)
    found = Difference.objects.filter(level="customer").get()
    assert not queries.differences(world.actor("huang.wei")).exists()
    assert queries.months(world.actor("liu.fang")) == []
    assert [each.level for each in queries.differences(world.actor("wang.min"))] == ["customer"]
    with pytest.raises(NoSuchRevenue):
        queries.visible_difference(world.actor("huang.wei"), found.pk)
    with pytest.raises(NotAllowed):
        reconciling.settle_difference(found.pk, "accepted", "why", at=AT, by=world.actor("wang.min"))


def test_totals_name_exactly_one_thing(world: World) -> None:
    done = take(world, total(1, "1", count=1), total(2, "1", region="42", customer=world.bank.code, count=1),
                total(3, "1", region="42"), total(4, "1", region="99", count=1),
                total(5, "1", customer="nobody", count=1))  # fmt: skip
    assert {each.outcome for each in done} == {"refused"}
    assert not Control.objects.exists()


def test_totals_are_undone(world: World) -> None:
    take(world, total(1, "90", region="42", count=1))
    (changed,) = take(world, total(1, "80", region="42", count=1))
    taken = Taken("control", changed.object_id or 0, changed.label, False, changed.before, changed.after)
    assert importing_totals.TOTALS.take_back([taken], at=AT, by=world.actor("admin")) == [None]
    assert Control.objects.get().amount_fen == 9_000
    assert [each["amount"] for each in importing_totals.TOTALS.give(world.actor("admin"))] == [90]
