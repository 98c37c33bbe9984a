"""A whole portfolio is handed over: planned, signed, moved, ticked by the receivers; a part at a time."""

from datetime import date, timedelta

import pytest

from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.actions import handing
from mainstay.accounts.portfolios.actions.handing import Answer
from mainstay.accounts.portfolios.errors import BadPortfolio, NoSuchHandover
from mainstay.accounts.portfolios.models import Handover, HandoverItem
from mainstay.accounts.portfolios.queries import handovers, owner_history
from mainstay.accounts.portfolios.suggesting import Candidate, Taker, suggested
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.identity.actions import set_active
from mainstay.platform.jobs.running import run_at_once
from mainstay.platform.messages.models import Message
from tests.cast import NOW, World


def begun(world: World, by: Actor) -> tuple[Handover, dict[int, HandoverItem]]:
    row = handing.start(world.users["wang.min"].pk, "调往市场部", at=NOW, by=by)
    return row, {item.customer_id: item for item in HandoverItem.objects.filter(handover=row)}


def test_it_works(world: World, leader: Actor) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(ends_on=date(2026, 10, 1))
    row, items = begun(world, leader)
    liu = world.users["liu.fang"]
    handing.plan(row.pk, {item.pk: (liu.pk, "先拜访") for item in items.values()}, at=NOW, by=leader)
    job = run_at_once(handing.sign(row.pk, at=NOW, by=leader), now=lambda: NOW)
    assert (job.state, job.done) == ("done", 2)
    assert set(Customer.objects.filter(account_manager=liu).values_list("pk", flat=True)) >= set(items)
    item = HandoverItem.objects.get(pk=items[world.bank.pk].pk)
    assert {fact["check"]: fact["count"] for fact in item.facts} == {"renewals": 1}
    assert Message.objects.filter(user=liu, object_kind="portfolio-handover").count() == 1
    receiver = world.actor("liu.fang")
    assert [(found.pk, n) for found, n in handovers.waiting_for(receiver)] == [(row.pk, 2)]
    handing.answer(row.pk, {item.pk: Answer(True)}, at=NOW, by=receiver)
    other = items[world.branch.pk].pk
    with pytest.raises(BadPortfolio, match="why"):
        handing.answer(row.pk, {other: Answer(False)}, at=NOW, by=receiver)
    handing.answer(row.pk, {other: Answer(False, "不在我的区域")}, at=NOW, by=receiver)
    assert Customer.objects.get(pk=world.branch.pk).account_manager is None
    assert Handover.objects.get(pk=row.pk).ended_at == NOW
    assert [spell.why for spell in owner_history(receiver_of_bank(world), world.bank.pk)] == ["调往市场部", ""]


def receiver_of_bank(world: World) -> Actor:
    return world.actor("liu.fang")


def test_a_part_goes_and_the_rest_stays_planned(world: World, leader: Actor) -> None:
    row, items = begun(world, leader)
    with pytest.raises(BadPortfolio, match="Nobody receives"):
        handing.sign(row.pk, at=NOW, by=leader)
    handing.plan(row.pk, {items[world.bank.pk].pk: (world.users["liu.fang"].pk, "")}, at=NOW, by=leader)
    run_at_once(handing.sign(row.pk, at=NOW, by=leader), now=lambda: NOW)
    states = dict(HandoverItem.objects.filter(handover=row).values_list("customer_id", "state"))
    assert states == {world.bank.pk: "moved", world.branch.pk: "draft"}
    handing.discard(row.pk, at=NOW, by=leader)
    assert HandoverItem.objects.filter(handover=row).count() == 1


def test_one_that_changed_hands_meanwhile_is_sent_back(world: World, leader: Actor) -> None:
    row, items = begun(world, leader)
    handing.plan(row.pk, {items[world.bank.pk].pk: (world.users["liu.fang"].pk, "")}, at=NOW, by=leader)
    job = handing.sign(row.pk, at=NOW, by=leader)
    Customer.objects.filter(pk=world.bank.pk).update(account_manager=None)
    run_at_once(job, now=lambda: NOW)
    item = HandoverItem.objects.get(handover=row, customer=world.bank)
    assert (item.state, item.answer) == ("refused", "It changed hands meanwhile.")
    assert Customer.objects.get(pk=world.bank.pk).account_manager is None


def test_locked_users_with_customers_are_found(world: World, admin: Actor, leader: Actor) -> None:
    assert handovers.leavers(leader) == []
    set_active(world.users["wang.min"], False, at=NOW, by=admin)
    assert [(each.user.username, each.customers) for each in handovers.leavers(leader)] == [("wang.min", 2)]
    assert handovers.leavers(world.actor("huang.wei")) == []
    begun(world, leader)
    assert handovers.leavers(leader) == []


def test_who_may_not(world: World, manager: Actor, leader: Actor, officer: Actor, customer: Actor) -> None:
    liu = world.actor("liu.fang")
    for actor in (liu, officer, customer):
        with pytest.raises(NotAllowed):
            begun(world, actor)
    row, items = begun(world, manager)  # their own portfolio
    for actor in (liu, customer, officer):
        with pytest.raises(NoSuchHandover):
            handovers.visible_handover(actor, row.pk)
    handing.plan(row.pk, {items[world.bank.pk].pk: (liu.user_id, "")}, at=NOW, by=leader)
    run_at_once(handing.sign(row.pk, at=NOW, by=manager), now=lambda: NOW)
    with pytest.raises(NotAllowed):
        handing.plan(row.pk, {items[world.branch.pk].pk: (liu.user_id, "")}, at=NOW, by=liu)
    seen = handovers.items(liu, handovers.visible_handover(liu, row.pk))
    assert [item.customer for item in seen] == [world.bank]
    with pytest.raises(BadPortfolio):
        handing.answer(row.pk, {items[world.bank.pk].pk: Answer(True)}, at=NOW, by=manager)


def test_the_giver_cannot_receive_nor_can_a_technician(world: World, leader: Actor) -> None:
    row, items = begun(world, leader)
    for name in ("wang.min", "chen.tao"):
        with pytest.raises(BadPortfolio):
            handing.plan(row.pk, {items[world.bank.pk].pk: (world.users[name].pk, "")}, at=NOW, by=leader)


def test_a_suggestion_fills_what_has_no_receiver(world: World, leader: Actor) -> None:
    row, items = begun(world, leader)
    assert handing.suggest(row.pk, [], at=NOW, by=leader) == 2
    assert {i.to for i in HandoverItem.objects.filter(handover=row)} == {world.users["liu.fang"]}
    assert items


def test_region_comes_first_then_load_and_groups_stay_together() -> None:
    takers = [Taker(1, ("42",), {"gold": 5}), Taker(2, ("42",), {}), Taker(3, ("4201",), {"gold": 9})]
    wuhan, yichang = Candidate(10, "420106", "gold"), Candidate(11, "4205", "silver")
    assert suggested([wuhan, yichang], takers, {}) == {10: 3, 11: 2}
    group = [Candidate(20 + n, "4205", "standard", group_id=20) for n in range(4)]
    assert set(suggested(group, takers, {}).values()) == {2}
    assert suggested([wuhan], takers, {"gold": 9}) == {10: 2}
    assert suggested([Candidate(30, "4401", "gold")], takers, {}) == {}


def test_five_hundred_customers_go_in_one_job(world: World, leader: Actor) -> None:
    Customer.objects.bulk_create(
        Customer(code=f"D{n:04d}", name=f"客户 {n}", region_id="4201", account_manager=world.users["wang.min"],
                 created_at=NOW, changed_at=NOW)
        for n in range(498)
    )  # fmt: skip
    row, _items = begun(world, leader)
    assert handing.suggest(row.pk, [], at=NOW, by=leader) == 500
    job = handing.sign(row.pk, at=NOW, by=leader)
    assert (job.total, job.at_once) == (500, False)
    run_at_once(job, now=lambda: NOW + timedelta(minutes=1))
    assert Customer.objects.filter(account_manager=world.users["liu.fang"]).count() == 501
    assert not Customer.objects.filter(account_manager=world.users["wang.min"]).exists()
