"""A filtered list of customers is locked as a group: its members stay, whatever becomes of the customers (A6)."""

from typing import Any

import pytest

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import CustomerFilters, filtered
from mainstay.accounts.target_groups import actions, queries
from mainstay.accounts.target_groups.actions import NewGroup, lock, retire
from mainstay.accounts.target_groups.choices import GroupState
from mainstay.accounts.target_groups.errors import BadGroup, NoSuchGroup
from mainstay.accounts.target_groups.models import TargetGroup
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World


def locked(world: World, who: str, text: str = "", **more: Any) -> TargetGroup:
    actor = world.actor(who)
    rows = filtered(actor, CustomerFilters(text=text))
    return lock(NewGroup(f"{who} 的目标群", query=f"q={text}"), rows, at=NOW, by=actor, **more)


def members(actor: Actor, group: TargetGroup) -> set[int]:
    return set(queries.members(actor, group.pk).values_list("pk", flat=True))


def test_it_works(world: World) -> None:
    group = locked(world, "zhao.lei")
    assert (group.state, group.count, group.region_code) == (GroupState.LOCKED, 3, "42")
    assert members(world.actor("zhao.lei"), group) == {world.bank.pk, world.branch.pk, world.logistics.pk}
    entry = Entry.objects.get(action="target_group.lock")
    assert (entry.object_label, entry.after["count"]) == ("zhao.lei 的目标群", 3)


def test_members_stay_whatever_becomes_of_the_customers(world: World) -> None:
    group = locked(world, "wang.min")
    before = members(world.actor("admin"), group)
    Customer.objects.filter(pk=world.bank.pk).update(archive="retained", service_grade="bronze")
    Customer.objects.filter(pk=world.logistics.pk).update(account_manager=world.users["wang.min"])
    assert members(world.actor("admin"), group) == before == {world.bank.pk, world.branch.pk}


def test_only_what_the_locker_may_see_is_locked(world: World) -> None:
    everybody = Customer.objects.all()
    group = lock(NewGroup("全部"), everybody, at=NOW, by=world.actor("wang.min"))
    assert members(world.actor("admin"), group) == {world.bank.pk, world.branch.pk}


def test_readers_see_only_members_they_may_see(world: World) -> None:
    group = locked(world, "wang.min")
    Customer.objects.filter(pk=world.branch.pk).update(account_manager=world.users["liu.fang"])
    assert members(world.actor("wang.min"), group) == {world.bank.pk}
    assert members(world.actor("li.qiang"), group) == {world.bank.pk, world.branch.pk}


@pytest.mark.parametrize("stranger", ["liu.fang", "huang.wei", "wu.tong"])
def test_others_do_not_learn_of_a_group(world: World, stranger: str) -> None:
    group, actor = locked(world, "wang.min"), world.actor(stranger)
    assert not queries.visible_to(actor).exists()
    with pytest.raises(NoSuchGroup):
        queries.members(actor, group.pk)
    with pytest.raises((NoSuchGroup, NotAllowed)):
        retire(group.pk, at=NOW, by=actor)


def test_a_group_across_provinces_is_for_its_locker_and_those_who_see_everything(world: World) -> None:
    group = locked(world, "admin")
    assert group.region_code == ""
    assert not queries.visible_to(world.actor("zhao.lei")).exists()
    assert queries.visible_to(world.actor("admin")).get() == group


def test_who_may_not_lock_does_not(world: World) -> None:
    with pytest.raises(NotAllowed):
        locked(world, "li.qiang")


def test_nothing_is_no_group(world: World) -> None:
    with pytest.raises(BadGroup):
        locked(world, "wang.min", "没有这家")
    with pytest.raises(BadGroup):
        lock(NewGroup(" "), Customer.objects.all(), at=NOW, by=world.actor("wang.min"))
    assert not TargetGroup.objects.exists()


def test_it_is_compared_with_now(world: World) -> None:
    group, actor = locked(world, "zhao.lei", "汉江"), world.actor("zhao.lei")
    Customer.objects.filter(pk=world.branch.pk).update(archive="retained")
    now = filtered(actor, CustomerFilters(text=""))
    told = queries.compared(actor, group.pk, now)
    assert (told.entering, told.leaving) == (1, 1)
    assert [each.pk for each in told.enter] == [world.logistics.pk]
    assert [each.pk for each in told.leave] == [world.branch.pk]


def test_it_is_retired_with_a_reason_and_once(world: World) -> None:
    group, by = locked(world, "wang.min"), world.actor("wang.min").because("活动结束")
    retired = retire(group.pk, at=NOW, by=by)
    assert (retired.state, retired.why_retired, retired.retired_by_name) == (GroupState.RETIRED, "活动结束", "王敏")
    assert members(by, group)
    with pytest.raises(BadGroup):
        retire(group.pk, at=NOW, by=by)
    assert not queries.newest(by)


def test_long_lists_are_written_part_by_part(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    Customer.objects.bulk_create(replace_customer(world.bank, number) for number in range(7))
    assert locked(world, "zhao.lei").count == 10


def replace_customer(like: Customer, number: int) -> Customer:
    return Customer(code=f"X{number}", name=f"新客户{number}", region_id=like.region_id, created_at=NOW, changed_at=NOW)
