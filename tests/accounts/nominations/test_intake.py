"""Figures of accounts are taken in once, replaced when they come again, refused one by one; sums stay in step."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.accounts.nominations.actions.intake import DayFigures
from mainstay.accounts.nominations.cells import MISSING, unpacked
from mainstay.accounts.nominations.delivering import deliver
from mainstay.accounts.nominations.importing import give, take_back, write
from mainstay.accounts.nominations.models import Account, AccountMonth, RegionDay
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.imports.registry import Given, Taken
from tests.accounts.nominations.figures import DAY, figures, lay_figures
from tests.cast import NOW, World


def kept() -> dict[tuple[str, date], int]:
    """Return every balance that is kept."""
    return {
        (month.account.number, month.month + timedelta(days=n)): int(value)
        for month in AccountMonth.objects.select_related("account")
        for n, value in enumerate(unpacked(month.balance)) if value != MISSING
    }  # fmt: skip


def test_it_works(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    assert kept()["62170001", DAY] == 100_000_000
    row = Account.objects.get(number="62170002")
    assert (row.customer, row.kind, row.latest_on, row.latest_fen) == (world.bank, "time", DAY, 50_000_000)


def test_the_same_again_changes_nothing_and_another_figure_replaces(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    before, sums = kept(), list(RegionDay.objects.order_by("pk").values_list())
    lay_figures(world, admin)
    assert (kept(), list(RegionDay.objects.order_by("pk").values_list())) == (before, sums)
    deliver(figures("62170001", world.bank.code, 7), at=NOW, by=admin)
    assert kept() == before | {("62170001", DAY): 700}
    assert Account.objects.get(number="62170001").latest_fen == 700


def test_bad_figures_spoil_no_good_ones(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    good = DayFigures("62170009", world.bank.code, "demand", DAY, balance=5)
    batch = [
        good,
        DayFigures("62170001", world.logistics.code, "demand", DAY, balance=5),
        DayFigures("62170001", world.bank.code, "time", DAY, balance=5),
        DayFigures("62170010", "nobody", "demand", DAY, balance=5),
        DayFigures("62170010", world.bank.code, "gold", DAY, balance=5),
        DayFigures("62170010", world.bank.code, "demand", date(2099, 1, 1), balance=5),
        DayFigures("62170010", world.bank.code, "demand", DAY),
        DayFigures("62170010", world.bank.code, "demand", DAY, count=-1),
    ]
    answer = deliver(batch, at=NOW, by=admin)
    assert (answer.accepted, sorted(answer.refused)) == (1, list(range(1, 8)))
    assert "another customer" in str(answer.refused[1])
    assert not Account.objects.filter(number="62170010").exists()


def test_nobody_delivers_without_the_permission_or_for_customers_out_of_sight(world: World) -> None:
    for name in ("wang.min", "li.qiang", "zhou.ying"):
        with pytest.raises(NotAllowed):
            deliver([DayFigures("1", world.bank.code, "demand", DAY, balance=1)], at=NOW, by=world.actor(name))


def test_figures_cost_the_same_for_two_accounts_and_forty(world: World, admin: Actor) -> None:
    def cost(count: int, first: int) -> int:
        batch = [DayFigures(f"6{first + n}", world.bank.code, "demand", DAY, balance=n) for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            deliver(batch, at=NOW, by=admin)
        return len(queries)

    assert cost(2, 1_000) == cost(40, 2_000)


step = st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(-(10**9), 10**9))


@given(st.lists(st.lists(step, max_size=6), max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sums_of_regions_are_always_those_of_the_accounts(
    world: World, admin: Actor, batches: list[list[tuple[int, int, int]]]
) -> None:
    Account.objects.all().delete()
    RegionDay.objects.all().delete()
    wanted: dict[tuple[str, date], int] = {}
    owners = (world.bank, world.logistics, world.trade)
    for batch in batches:
        given = [DayFigures(f"a{n}", owners[n].code, "demand", DAY - timedelta(days=d), balance=fen)
                 for n, d, fen in batch]  # fmt: skip
        deliver(given, at=NOW, by=admin)
        wanted |= {(each.account, each.on): each.balance or 0 for each in given}
    assert kept() == wanted
    by_day = dict(RegionDay.objects.values_list("on").annotate(fen=Sum("balance_fen")).order_by())
    for day in {day for _number, day in wanted}:
        assert by_day.get(day, 0) == sum(fen for (_n, on), fen in wanted.items() if on == day)


def test_an_import_is_undone_whole(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    before, sums = kept(), list(RegionDay.objects.order_by("pk").values_list())
    values = {"customer": world.bank.code, "kind": "demand", "on": DAY}
    rows = [
        Given(2, values | {"account": "62170001", "balance": 9}),
        Given(3, values | {"account": "new", "balance": 4}),
    ]
    told = write(rows, at=NOW, by=admin)
    assert [each.outcome for each in told] == ["updated", "created"]
    assert kept() != before
    taken = [Taken("account", t.object_id or 0, t.label, t.outcome == "created", t.before, t.after) for t in told]
    assert take_back(taken, at=NOW, by=admin) == [None, None]
    assert kept() == before
    now = [row for row in RegionDay.objects.order_by("pk").values_list() if row[-1] or row[-2]]
    assert now == sums
    assert Account.objects.get(number="62170001").latest_fen == 100_000_000


def test_an_export_can_be_imported_again(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    rows = [Given(n, values) for n, values in enumerate(give(admin), start=2)]
    assert len(rows) == 60
    assert {each.outcome for each in write(rows, at=NOW, by=admin)} == {"unchanged"}
