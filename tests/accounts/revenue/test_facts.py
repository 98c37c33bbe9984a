"""Facts of customers: roll-ups equal what is reckoned slowly, on every day."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.accounts.revenue.figures import figures, read, settled
from mainstay.accounts.revenue.models import Standing, Touched
from mainstay.accounts.revenue.queries.facts import facts, facts_between, facts_of, trend
from mainstay.accounts.revenue.rolling import note, roll_all
from mainstay.accounts.revenue.windows import window
from tests.accounts.revenue.stage import AT, ON, bill, pay, rolled
from tests.cast import World

MONTH = date(2026, 8, 1)


def test_it_works(world: World) -> None:
    pk = world.bank.pk
    bills = [bill(pk, date(2026, month, 1), 100_000) for month in range(1, 9)]
    for each in bills[:4]:
        pay(pk, each.due_on, 100_000)
    pay(pk, bills[4].due_on + timedelta(days=3), 100_000)
    rolled([pk])
    found = facts_of([pk, world.trade.pk], ON)
    assert asdict(found[pk]) == {
        "customer_id": pk, "billed_month_fen": 100_000, "billed_quarter_avg_fen": 100_000, "billed_year_fen": 800_000,
        "paid_year_fen": 500_000, "arrears_fen": 200_000, "oldest_due_on": date(2026, 8, 1), "late_payments_year": 3,
        "purchases_2m": 2, "last_purchase_on": date(2026, 9, 2), "months_known": 8,
    }  # fmt: skip
    assert world.trade.pk not in found


def test_a_month_counts_as_closed_from_the_fifth_of_the_next_on() -> None:
    assert window(date(2026, 9, 4)).closed == date(2026, 7, 1)
    assert window(date(2026, 9, 5)).closed == date(2026, 8, 1)
    assert window(date(2026, 1, 5)).year == date(2025, 1, 1)
    assert window(date(2026, 9, 5)).until == date(2026, 10, 5)
    assert window(date(2026, 9, 4)).until == date(2026, 9, 5)


def test_what_was_touched_is_reckoned_before_it_is_rolled(world: World) -> None:
    pk = world.bank.pk
    first = bill(pk, MONTH, 5_000, due_after=1)
    rolled([pk])
    assert facts_of([pk], ON)[pk].arrears_fen == 5_000
    pay(pk, ON, 5_000, first)
    note([pk], at=AT)
    assert facts_of([pk], ON)[pk].arrears_fen == 0
    assert [each.arrears_fen for each in facts_between(0, 10**9, ON)] == [0]


def test_a_customer_without_bills_any_more_has_no_standing(world: World) -> None:
    only = bill(world.bank.pk, MONTH, 5_000)
    rolled([world.bank.pk])
    only.delete()
    rolled([world.bank.pk])
    assert not Standing.objects.exists()
    assert facts_of([world.bank.pk], ON) == {}


def test_facts_of_everybody_come_by_ascending_id(world: World) -> None:
    ids = [world.trade.pk, world.bank.pk, world.logistics.pk]
    for pk in ids:
        bill(pk, MONTH, pk)
    rolled(ids[:2])
    note(ids[2:], at=AT)
    assert [each.customer_id for each in facts_between(0, 10**9, ON)] == sorted(ids)
    assert [each.customer_id for each in facts_between(ids[0], ids[0], ON)] == [ids[0]]


def test_few_queries_for_many_customers(world: World, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    ids = [world.trade.pk, world.bank.pk, world.logistics.pk]
    for pk in ids:
        bill(pk, MONTH, pk)
    rolled(ids)
    with django_assert_max_num_queries(2):
        facts_of(ids, ON)
    with django_assert_max_num_queries(2):
        list(facts_between(0, 10**9, ON))
    with django_assert_max_num_queries(4):
        facts_of(ids, ON + timedelta(days=60))


def test_the_trend_shows_gaps_as_gaps(world: World) -> None:
    pk = world.bank.pk
    bill(pk, date(2026, 5, 1), 300)
    bill(pk, date(2026, 7, 1), 700, due_after=5)
    pay(pk, date(2026, 6, 20), 300)
    told = trend(world.actor("wang.min"), pk, months=5, on=date(2026, 8, 31))
    assert [(each.month.month, each.billed_fen, each.paid_fen, each.arrears_fen) for each in told] == [
        (4, None, None, None), (5, 300, 0, 0), (6, None, 300, 0), (7, 700, 0, 0), (8, None, 0, 700),
    ]  # fmt: skip


def test_a_trend_of_somebody_elses_customer_is_not_shown(world: World) -> None:
    with pytest.raises(NoSuchCustomer):
        trend(world.actor("huang.wei"), world.bank.pk)


DAYS = st.integers(0, 420).map(lambda n: date(2025, 7, 1) + timedelta(days=n))
BILLS = st.lists(st.tuples(DAYS, st.integers(-400, 900), st.integers(0, 60)), max_size=12)
PAYMENTS = st.lists(st.tuples(DAYS, st.integers(0, 900), st.integers(0, 30)), max_size=10)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BILLS, PAYMENTS, DAYS, st.lists(st.integers(0, 150), max_size=4), st.booleans())
def test_roll_ups_equal_what_is_reckoned_slowly(
    world: World,
    bills: list[tuple[date, int, int]],
    payments: list[tuple[date, int, int]],
    rolled_on: date,
    later: list[int],
    earlier: bool,
) -> None:
    pk = world.bank.pk
    with transaction.atomic():
        laid = [bill(pk, month.replace(day=1), amount, due_after=due) for month, amount, due in bills]
        for day, amount, number in payments:
            pay(pk, day, amount, laid[number] if number < len(laid) else None)
        note([pk], at=AT)
        roll_all(on=rolled_on)
        for days in (0, *later):
            on = rolled_on + timedelta(days=-days if earlier else days)
            assert facts_of([pk], on) == slowly(pk, on), on
            assert {each.customer_id: each for each in facts_between(0, 10**9, on)} == slowly(pk, on)
        kept = Standing.objects.filter(pk=pk).first()
        if kept is not None:
            last = kept.until_on - timedelta(days=1)
            assert facts_of([pk], last) == slowly(pk, last)
        transaction.set_rollback(True)


def slowly(pk: int, on: date) -> dict[int, Any]:
    """Reckon from the rows, looking at no roll-up."""
    bills, payments = read([pk])
    if not bills and not payments:
        return {}
    known, paid = [b for b in bills[pk] if b.issued_on <= on], [p for p in payments[pk] if p.paid_on <= on]
    return {pk: facts(pk, figures(settled(known, paid), paid, window(on)))}


def test_rolling_leaves_nobody_touched(world: World) -> None:
    bill(world.bank.pk, MONTH, 1)
    rolled([world.bank.pk])
    assert not Touched.objects.exists()
