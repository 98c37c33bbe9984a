"""The comparison of roll-ups with their rows finds what somebody spoiled, and nothing else."""

from datetime import date

from mainstay.accounts.revenue.comparing import differing
from mainstay.accounts.revenue.models import Bill, Standing
from mainstay.accounts.revenue.rolling import note
from tests.accounts.revenue.stage import AT, ON, bill, pay, rolled
from tests.cast import World

MONTH = date(2026, 7, 1)


def test_it_finds_what_was_spoiled(world: World) -> None:
    owed = bill(world.bank.pk, MONTH, 10_000)
    bill(world.trade.pk, MONTH, 500)
    pay(world.bank.pk, date(2026, 8, 20), 4_000, owed)
    rolled([world.bank.pk, world.trade.pk])
    assert list(differing(ON)) == []
    Standing.objects.filter(pk=world.bank.pk).update(arrears_fen=1)
    Bill.objects.filter(pk=owed.pk).update(open_fen=7)
    found = [(each.customer_id, each.column) for each in differing(ON)]
    assert found == [(world.bank.pk, f"bill {owed.pk}"), (world.bank.pk, "arrears_fen")]


def test_it_finds_a_standing_that_is_missing_and_leaves_out_what_waits(world: World) -> None:
    bill(world.bank.pk, MONTH, 10_000)
    rolled([world.bank.pk])
    Standing.objects.all().delete()
    assert [each.column for each in differing(ON)] == ["standing"]
    note([world.bank.pk], at=AT)
    assert list(differing(ON)) == []
