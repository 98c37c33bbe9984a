"""Suspected pairs are found by a job over everybody and soon after a customer is new; "not the same" is remembered."""

from datetime import timedelta

import pytest

from mainstay.accounts.customers.actions.customers import NewCustomer, create_customers, update_customer
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.duplicates import following, many, queries
from mainstay.accounts.duplicates.actions import pairs
from mainstay.accounts.duplicates.errors import BadMerge, NoSuchPair
from mainstay.accounts.duplicates.likeness import Facts
from mainstay.accounts.duplicates.models import CommonKey, MatchKey, Pair, Waiting
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.jobs.running import run_at_once
from mainstay.platform.timers.actions import sweep
from tests.cast import NOW, World

TWIN = NewCustomer("C0900", "汉江银行有限公司", "4201", phone="027-85550100")


def scan(by: Actor) -> None:
    job = run_at_once(many.ask_for_scan(at=NOW, by=by), now=lambda: NOW)
    assert (job.state, job.failed) == ("done", 0)


def test_it_works(world: World, admin: Actor, leader: Actor) -> None:
    (twin,) = create_customers([TWIN], at=NOW, by=admin)
    scan(leader)
    (pair,) = queries.pairs(leader)
    assert {pair.one_id, pair.other_id} == {world.bank.pk, twin.pk}
    assert {each["kind"] for each in pair.evidence} == {"core", "phone"}
    assert pair.score == 88


def test_a_new_customer_is_compared_soon(world: World, admin: Actor, leader: Actor, machinery: Actor) -> None:
    following.lay_keys([world.bank.pk])
    create_customers([TWIN], at=NOW, by=admin)
    assert not queries.pairs(leader)
    sweep(at=NOW + timedelta(minutes=2), by=machinery)
    assert queries.pairs(leader).count() == 1
    assert not Waiting.objects.exists()


def test_a_renamed_customer_is_keyed_anew(world: World, admin: Actor) -> None:
    update_customer(world.bank.pk, {"name": "大江银行"}, revision=1, at=NOW, by=admin)
    assert queries.like(admin, Facts(0, "大江银行", region_code="4201"))[0].customer == world.bank
    assert list(Waiting.objects.values_list("pk", flat=True)) == [world.bank.pk]


def test_not_the_same_is_remembered(world: World, admin: Actor, leader: Actor) -> None:
    create_customers([TWIN], at=NOW, by=admin)
    scan(leader)
    (pair,) = queries.pairs(leader)
    pairs.call_different(pair.pk, at=NOW, by=leader.because("两家独立法人"))
    with pytest.raises(BadMerge):
        pairs.call_different(pair.pk, at=NOW, by=leader)
    scan(leader)
    assert not queries.pairs(leader)
    assert queries.pairs(leader, state="different").get().why == "两家独立法人"
    pairs.take_up(pair.pk, at=NOW, by=leader)
    assert queries.pairs(leader).count() == 1


def test_who_sees_only_one_of_two_sees_no_pair(world: World, admin: Actor, leader: Actor, manager: Actor) -> None:
    create_customers([TWIN], at=NOW, by=admin)
    scan(leader)
    pair = Pair.objects.get()
    for actor in (manager, world.actor("huang.wei"), world.actor("zhou.ying")):
        assert not queries.pairs(actor)
        with pytest.raises(NoSuchPair):
            queries.visible_pair(actor, pair.pk)
    assert not queries.like(world.actor("liu.fang"), Facts(0, "汉江银行", region_code="4201"))
    with pytest.raises(NotAllowed):
        many.ask_for_scan(at=NOW, by=manager)


def test_what_everybody_shares_says_nothing(world: World, leader: Actor) -> None:
    Customer.objects.bulk_create(
        Customer(code=f"D{n:03d}", name=f"客户{chr(0x4E00 + 40 * n)}{chr(0x5E00 + 30 * n)}{n}号", region_id="4201",
                 phone="027-88888888", created_at=NOW, changed_at=NOW)
        for n in range(60)
    )  # fmt: skip
    scan(leader)
    assert CommonKey.objects.exists()
    assert not MatchKey.objects.filter(key__in=CommonKey.objects.values("key")).exists()
    assert not queries.pairs(leader)
    scan(leader)  # again: nothing is laid twice
    assert not MatchKey.objects.filter(key__in=CommonKey.objects.values("key")).exists()


def test_an_import_says_which_of_its_customers_are_there_already(world: World, admin: Actor, machinery: Actor) -> None:
    following.lay_keys([world.bank.pk])
    (twin,) = create_customers([TWIN], at=NOW, by=admin)
    told = {"kind": "customers", "file_name": "x.csv", "size_bytes": 1, "columns": [], "total": 1, "user_name": "x"}
    run = ImportRun.objects.create(**told, digest="0" * 64, made_at=NOW)
    ImportRow.objects.create(run=run, line=2, cells=[], outcome="created", object_kind="customer", object_id=twin.pk)
    assert queries.pairs_of_import(admin, run.pk) == []
    sweep(at=NOW + timedelta(minutes=2), by=machinery)
    assert [pair.other for pair in queries.pairs_of_import(admin, run.pk)] == [twin]
