"""Customers without a manager are claimed within the rules, by exactly one; assigned and released by a leader."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from mainstay.accounts.customers.actions.customers import hand_over
from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.actions import pool as actions
from mainstay.accounts.portfolios.errors import AlreadyOwned, BadPortfolio
from mainstay.accounts.portfolios.models import HoldingLimit, OwnerSpell
from mainstay.accounts.portfolios.queries import owner_history, owner_on
from mainstay.accounts.portfolios.queries.pool import holders, pool, room_left
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World, build_world


def orphan(world: World) -> Customer:
    Customer.objects.filter(pk=world.bank.pk).update(account_manager=None)
    return Customer.objects.get(pk=world.bank.pk)


def test_it_works(world: World) -> None:
    bank = orphan(world)
    assert list(pool(world.actor("liu.fang"))) == [bank]
    assert actions.claim([bank.pk], at=NOW, by=world.actor("liu.fang")) == 1
    bank.refresh_from_db()
    assert bank.account_manager == world.users["liu.fang"]
    assert list(pool(world.actor("liu.fang"))) == []
    entry = Entry.objects.get(action="customer.claim")
    assert (entry.user_id, entry.customer_id) == (world.users["liu.fang"].pk, bank.pk)
    spell = OwnerSpell.objects.get(customer=bank)
    assert (spell.user, spell.from_at, spell.until_at) == (world.users["liu.fang"], NOW, None)


def test_a_customer_with_a_manager_cannot_be_claimed(world: World) -> None:
    with pytest.raises(AlreadyOwned, match="faster"):
        actions.claim([world.bank.pk], at=NOW, by=world.actor("liu.fang"))


def test_who_may_not_claim(world: World, officer: Actor, leader: Actor, customer: Actor, admin: Actor) -> None:
    bank = orphan(world)
    for actor in (officer, leader, customer, admin):
        with pytest.raises(NotAllowed):
            actions.claim([bank.pk], at=NOW, by=actor)
    assert list(pool(customer)) == []


def test_only_customers_of_one_s_region_are_seen_and_claimed(world: World, manager: Actor) -> None:
    assert list(pool(manager)) == []  # the trading company of Guangdong has nobody, and is not theirs to see
    with pytest.raises(AlreadyOwned):
        actions.claim([world.trade.pk], at=NOW, by=manager)


def test_no_more_of_a_grade_than_one_may_hold(world: World, manager: Actor) -> None:
    HoldingLimit.objects.create(grade="silver", most=0)
    Customer.objects.filter(pk=world.logistics.pk).update(account_manager=None)
    with pytest.raises(BadPortfolio, match="may hold 0"):
        actions.claim([world.logistics.pk], at=NOW, by=manager)
    assert room_left(world.users["wang.min"].pk) == [("silver", 0, 0)]
    assert actions.assign([world.logistics.pk], world.users["wang.min"].pk, at=NOW,
                          by=world.actor("zhao.lei").because("暂管")) == 1  # fmt: skip


def test_a_leader_assigns_and_releases_with_a_reason(world: World, leader: Actor) -> None:
    with pytest.raises(BadPortfolio, match="why"):
        actions.release([world.bank.pk], at=NOW, by=leader)
    assert actions.release([world.bank.pk], at=NOW, by=leader.because("客户投诉，换人")) == 1
    assert actions.assign([world.bank.pk], world.users["liu.fang"].pk, at=NOW + timedelta(days=3), by=leader) == 1
    told = owner_history(leader, world.bank.pk)
    assert [(spell.name, spell.why) for spell in told] == [("刘芳", ""), ("", "客户投诉，换人"), ("王敏", "")]
    with pytest.raises(BadPortfolio, match="no account manager"):
        actions.assign([world.bank.pk], world.users["chen.tao"].pk, at=NOW, by=leader)
    with pytest.raises(NoSuchCustomer):
        actions.assign([world.trade.pk], world.users["liu.fang"].pk, at=NOW, by=leader)


def test_the_owner_of_a_day_is_known(world: World, admin: Actor) -> None:
    bank, wang, liu = world.bank.pk, world.users["wang.min"].pk, world.users["liu.fang"].pk
    assert owner_on(bank, NOW.date()) == wang
    hand_over([bank], "liu.fang", at=NOW + timedelta(days=10), by=admin.because("换人"))
    assert owner_on(bank, (NOW + timedelta(days=9)).date()) == wang
    assert owner_on(bank, (NOW + timedelta(days=10)).date()) == liu
    assert owner_on(bank, (NOW - timedelta(days=400)).date()) is None
    assert [spell.why for spell in owner_history(admin, bank)] == ["换人", ""]


def test_who_holds_how_much(world: World, leader: Actor) -> None:
    found = {holder.user.username: holder for holder in holders(leader, NOW.date())}
    assert (found["wang.min"].held, found["wang.min"].by_grade) == (2, {"gold": 2})
    assert found["liu.fang"].held == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_exactly_one_wins() -> None:
    world = build_world()
    bank = orphan(world)
    actors = [world.actor("wang.min"), world.actor("liu.fang")]
    together = Barrier(2)

    def claim(actor: Actor) -> MainstayError | None:
        try:
            together.wait(timeout=10)
            actions.claim([bank.pk], at=NOW, by=actor)
        except MainstayError as error:
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(claim, actors))
    assert sorted(type(each).__name__ for each in answers) == ["AlreadyOwned", "NoneType"]
    winner = actors[answers.index(None)]
    bank.refresh_from_db()
    assert bank.account_manager_id == winner.user_id
    assert OwnerSpell.objects.filter(customer=bank, until_at__isnull=True).count() == 1
    assert connection.vendor in ("sqlite", "postgresql")
