"""A gift's way: asked for, approved by another, handed out or cancelled; stock and balance never below zero (B4)."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.accounts.points.actions import corrections, gifts, orders
from mainstay.accounts.points.actions.gifts import NewGift
from mainstay.accounts.points.actions.orders import Asked
from mainstay.accounts.points.actions.posting import Wanted, post
from mainstay.accounts.points.errors import BadGift, BadRules, NoSuchOrder, SecondPersonNeeded, WrongStep
from mainstay.accounts.points.models import Gift, GiftOrder, Purse
from mainstay.accounts.points.queries import balance_of
from mainstay.accounts.points.queries.gifts import catalogue, order, order_list
from mainstay.accounts.points.queries.verifying import verify
from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import MainstayError, NotAllowed
from mainstay.domain.points.purse import NotEnough
from tests.cast import World, build_world

AT = datetime(2026, 9, 1, tzinfo=UTC)
BY = system("test")
CUP = NewGift("cup", "茶杯", 100, date(2026, 1, 1), date(2026, 12, 31))


def rich(world: World, points: int = 500) -> None:
    """Give the bank points."""
    post(Wanted("start", world.bank.pk, "earn", points), at=AT, by=BY)


def cup(pieces: int = 5, new: NewGift = CUP) -> int:
    """Put cups into the catalogue."""
    return gifts.save_gift(new, at=AT, by=BY, pieces=pieces).pk


def balance(world: World) -> tuple[int, int]:
    """Return what is available and frozen."""
    found = balance_of([world.bank.pk])[world.bank.pk]
    return found.available, found.frozen


def test_it_works(world: World, customer: Actor, manager: Actor) -> None:
    rich(world)
    gift = cup()
    asked = orders.ask(Asked(world.bank.pk, gift, 2), at=AT, by=customer)
    assert balance(world) == (300, 200)
    assert Gift.objects.get().stock == 3
    orders.approve(asked.pk, at=AT, by=manager)
    done = orders.hand_out(asked.pk, "周颖", at=AT, by=manager)
    assert (done.status, done.receiver, balance(world)) == ("handed_out", "周颖", (300, 0))
    assert verify() == []


def test_cancelled_gives_points_and_gift_free(world: World, manager: Actor, leader: Actor) -> None:
    rich(world)
    asked = orders.ask(Asked(world.bank.pk, cup(), 2), at=AT, by=manager)
    orders.approve(asked.pk, at=AT, by=leader)
    orders.cancel(asked.pk, "改选", at=AT, by=manager)
    assert (balance(world), Gift.objects.get().stock) == ((500, 0), 5)
    with pytest.raises(WrongStep):
        orders.approve(asked.pk, at=AT, by=leader)
    with pytest.raises(WrongStep):
        orders.hand_out(asked.pk, "周颖", at=AT, by=leader)
    with pytest.raises(WrongStep):
        orders.cancel(asked.pk, "再次", at=AT, by=leader)


def test_who_asked_does_not_approve(world: World, manager: Actor) -> None:
    rich(world)
    asked = orders.ask(Asked(world.bank.pk, cup()), at=AT, by=manager)
    with pytest.raises(SecondPersonNeeded):
        orders.approve(asked.pk, at=AT, by=manager)


def test_the_customer_takes_a_wish_back_until_it_is_approved(world: World, customer: Actor, manager: Actor) -> None:
    rich(world)
    gift = cup()
    first, second = (orders.ask(Asked(world.bank.pk, gift), at=AT, by=customer) for _ in range(2))
    orders.cancel(first.pk, "撤回", at=AT, by=customer)
    orders.approve(second.pk, at=AT, by=manager)
    with pytest.raises(NotAllowed):
        orders.cancel(second.pk, "撤回", at=AT, by=customer)
    with pytest.raises(MainstayError):
        orders.approve(second.pk, at=AT, by=customer)
    with pytest.raises(MainstayError):
        orders.hand_out(second.pk, "我", at=AT, by=customer)


def test_others_ask_for_nothing_and_see_nothing(world: World, outsider: Actor, officer: Actor, customer: Actor) -> None:
    rich(world)
    asked = orders.ask(Asked(world.bank.pk, cup()), at=AT, by=customer)
    with pytest.raises(NoSuchCustomer):
        orders.ask(Asked(world.bank.pk, asked.gift_id), at=AT, by=outsider)
    with pytest.raises(NotAllowed):
        orders.ask(Asked(world.bank.pk, asked.gift_id), at=AT, by=officer)
    assert not order_list(outsider).object_list
    with pytest.raises(NoSuchOrder):
        order(outsider, asked.pk)
    with pytest.raises(NoSuchOrder):
        orders.cancel(asked.pk, "x", at=AT, by=outsider)


@pytest.mark.parametrize(
    ("new", "pieces", "quantity", "error"),
    [
        (CUP, 5, 6, BadGift),
        (CUP, 5, 0, BadGift),
        (CUP, 9, 6, NotEnough),
        (NewGift("c", "杯", 100, date(2026, 9, 2)), 5, 1, BadGift),
        (NewGift("c", "杯", 100, date(2026, 1, 1), date(2026, 8, 31)), 5, 1, BadGift),
        (NewGift("c", "杯", 100, date(2026, 1, 1), grades=("silver",)), 5, 1, BadGift),
    ],
)
def test_what_cannot_be_asked_for(
    world: World, customer: Actor, new: NewGift, pieces: int, quantity: int, error: type[Exception]
) -> None:
    rich(world)
    gift = cup(pieces, new)
    with pytest.raises(error):
        orders.ask(Asked(world.bank.pk, gift, quantity), at=AT, by=customer)
    assert (balance(world), Gift.objects.get().stock, GiftOrder.objects.count()) == ((500, 0), pieces, 0)


def test_the_catalogue_says_what_is_short(world: World) -> None:
    cup()
    (one,) = catalogue(date(2026, 9, 1), grade="gold", available=30)
    assert (one.missing, one.can_be_asked) == (70, False)
    assert catalogue(date(2027, 1, 1)) == []


def test_stock_never_falls_below_zero(world: World) -> None:
    gift = cup(2)
    with pytest.raises(BadGift):
        gifts.stock(gift, -3, at=AT, by=BY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Gift.objects.update(stock=-1)


def test_points_are_corrected_by_who_may_with_a_reason_once(world: World, manager: Actor, leader: Actor) -> None:
    with pytest.raises(NotAllowed):
        corrections.correct(world.bank.pk, 50, "x", at=AT, by=manager)
    with pytest.raises(BadRules):
        corrections.correct(world.bank.pk, 50, " ", at=AT, by=leader)
    for _ in range(2):
        done = corrections.correct(world.bank.pk, 50, "补录", at=AT, by=leader, key="form-1")
    assert balance(world) == (50, 0)
    assert done.transfer_id is not None
    corrections.take_back(done.transfer_id, "重复", at=AT, by=leader)
    assert balance(world) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_last_pieces_go_to_as_many_as_there_are() -> None:
    world = build_world()
    rich(world, 10_000)
    gift, got = cup(3), list[bool]()

    def ask() -> None:
        try:
            orders.ask(Asked(world.bank.pk, gift), at=AT, by=BY)
            got.append(True)
        except BadGift:
            got.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(got), len(got), Gift.objects.get().stock) == (3, 6, 0)
    assert Purse.objects.get().frozen == 300
