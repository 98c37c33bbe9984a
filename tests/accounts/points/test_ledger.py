"""The ledger of points: each operation once, nothing below zero, whoever tries (B4)."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from mainstay.accounts.points.actions.posting import Wanted, post, post_many
from mainstay.accounts.points.errors import KeyReused, NoSuchTransfer, ReversedAlready
from mainstay.accounts.points.models import Lot, LotUse, OperatorAccount, Purse, Transfer
from mainstay.accounts.points.queries import balance_of
from mainstay.accounts.points.queries.statements import lots, statement
from mainstay.accounts.points.queries.verifying import totals, verify
from mainstay.domain.actor import Actor, system
from mainstay.domain.points.purse import NotEnough
from tests.cast import World, build_world

AT = datetime(2026, 9, 1, tzinfo=UTC)
BY = system("test")


def earn(world: World, points: int = 100, key: str = "e1", **more: object) -> int:
    """Let the bank earn; return the transfer."""
    done = post(Wanted(key, world.bank.pk, "earn", points, **more), at=AT, by=BY)  # type: ignore[arg-type]
    assert done.transfer_id is not None
    return done.transfer_id


def test_it_works(world: World, manager: Actor) -> None:
    earn(world)
    post(Wanted("f", world.bank.pk, "freeze", 40), at=AT, by=BY)
    post(Wanted("r", world.bank.pk, "redeem", 30, frozen=True), at=AT, by=BY)
    post(Wanted("l", world.bank.pk, "release", 10), at=AT, by=BY)
    balance = balance_of([world.bank.pk])[world.bank.pk]
    assert (balance.available, balance.frozen, balance.held) == (70, 0, 70)
    lines = statement(manager, world.bank.pk).object_list
    assert [(line.number, line.change, line.frozen_change) for line in lines] == [
        (4, 10, -10), (3, 0, -30), (2, -40, 40), (1, 100, 0)
    ]  # fmt: skip
    assert [lot.left for lot in lots(manager, world.bank.pk)] == [70]
    assert totals() == {"available": 70, "frozen": 0, "issue": -100, "redemption": 30}
    assert verify() == []


def test_the_same_key_counts_once(world: World) -> None:
    first = earn(world)
    assert earn(world) == first
    again = post_many([Wanted("e1", world.bank.pk, "earn", 100)] * 3, at=AT, by=BY)
    assert [(done.transfer_id, done.repeated) for done in again] == [(first, True)] * 3
    assert Purse.objects.get().available == 100


def test_a_key_of_another_operation_is_refused(world: World) -> None:
    earn(world)
    for other in (Wanted("e1", world.branch.pk, "earn", 100), Wanted("e1", world.bank.pk, "freeze", 100)):
        with pytest.raises(KeyReused):
            post(other, at=AT, by=BY)


def test_nothing_falls_below_zero_and_one_refusal_spoils_no_other(world: World) -> None:
    earn(world)
    done = post_many(
        [Wanted("a", world.bank.pk, "redeem", 60), Wanted("b", world.bank.pk, "redeem", 60),
         Wanted("c", world.bank.pk, "redeem", 40), Wanted("d", world.branch.pk, "freeze", 1)],
        at=AT, by=BY,
    )  # fmt: skip
    assert [one.refusal is None for one in done] == [True, False, True, False]
    assert verify() == []


def test_a_transfer_is_reversed_once_and_no_reversal_is(world: World) -> None:
    earned = earn(world)
    back = post(Wanted("back", world.bank.pk, "reverse", reverses=earned), at=AT, by=BY)
    assert Purse.objects.get().available == 0
    for target in (earned, back.transfer_id):
        with pytest.raises(ReversedAlready):
            post(Wanted(f"again-{target}", world.bank.pk, "reverse", reverses=target), at=AT, by=BY)
    with pytest.raises(NoSuchTransfer):
        post(Wanted("other", world.branch.pk, "reverse", reverses=earned), at=AT, by=BY)


def test_what_was_spent_cannot_be_taken_back_where_it_was_earned(world: World) -> None:
    earned = earn(world)
    post(Wanted("spent", world.bank.pk, "redeem", 1), at=AT, by=BY)
    with pytest.raises(NotEnough):
        post(Wanted("back", world.bank.pk, "reverse", reverses=earned), at=AT, by=BY)


def test_what_expired_is_taken_the_oldest_first_and_what_is_frozen_waits(world: World) -> None:
    earn(world, 10, "old", on=date(2024, 1, 1), expires_on=date(2026, 8, 31))
    earn(world, 10, "young", on=date(2025, 1, 1), expires_on=date(2027, 8, 31))
    post(Wanted("f", world.bank.pk, "freeze", 15), at=AT, by=BY)
    gone = post(Wanted("x", world.bank.pk, "expire", on=date(2026, 9, 1)), at=AT, by=BY)
    assert gone.amount == 5
    assert post(Wanted("y", world.bank.pk, "expire", on=date(2026, 9, 1)), at=AT, by=BY).transfer_id is None
    balance = balance_of([world.bank.pk])[world.bank.pk]
    assert (balance.available, balance.frozen, balance.expiring_soon) == (0, 15, 5)
    assert verify() == []


@pytest.mark.parametrize(
    "attack",
    [
        lambda: Purse.objects.update(available=F("available") - 101),
        lambda: Lot.objects.update(used=F("amount") + 1),
        lambda: Transfer.objects.update(amount=1),
        lambda: LotUse.objects.update(amount=1),
    ],
)
def test_the_database_itself_refuses_what_must_not_be(world: World, attack: Callable[[], int]) -> None:
    earn(world)
    post(Wanted("r", world.bank.pk, "redeem", 1), at=AT, by=BY)
    with pytest.raises(DatabaseError), transaction.atomic():
        attack()


def test_deletions_are_refused_where_the_database_can(world: World) -> None:
    earn(world)
    if connection.vendor != "postgresql":
        pytest.skip("SQLite empties whole databases by deleting rows; gaps are found by verifying")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM points_transfer")


def test_verifying_finds_what_was_done_behind_the_ledger(world: World) -> None:
    earn(world)
    Purse.objects.update(available=99)
    OperatorAccount.objects.update(balance=-98)
    found = {finding.check for finding in verify()}
    assert len(found) == 4


def test_other_managers_see_no_statement(world: World, outsider: Actor) -> None:
    from mainstay.accounts.customers.errors import NoSuchCustomer

    earn(world)
    for read in (statement, lots):
        with pytest.raises(NoSuchCustomer):
            read(outsider, world.bank.pk)


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_lose_and_double_nothing() -> None:
    world = build_world()
    customers = [world.bank.pk, world.branch.pk]
    post_many([Wanted(f"start-{pk}", pk, "earn", 50) for pk in customers], at=AT, by=BY)
    done: list[bool] = []

    def write(number: int) -> None:
        try:
            for turn in range(15):
                own = Wanted(f"{number}-{turn}", customers[turn % 2], "redeem", 3)
                shared = Wanted(f"all-{turn}", customers[turn % 2], "earn", 1)
                outcomes = post_many([own, shared], at=AT, by=BY)
                done.append(outcomes[0].refusal is None)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 60
    assert verify() == []
    assert Transfer.objects.filter(operation="earn").count() == 2 + 15
    assert sum(row.available for row in Purse.objects.all()) == 100 + 15 - 3 * sum(done)
