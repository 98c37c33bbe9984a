"""Customers are created in bulk, changed without losing changes, handed over, retained; never deleted."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.customers import queries
from mainstay.accounts.customers.actions.contacts import (
    NewContact,
    add_contacts,
    change_contact,
    let_contact_leave,
)
from mainstay.accounts.customers.actions.customers import (
    NewCustomer,
    create_customers,
    hand_over,
    move_to_archive,
    update_customer,
)
from mainstay.accounts.customers.errors import BadCustomer, CustomerMoved, NoSuchContact, NoSuchCustomer
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import CustomerFilters
from mainstay.domain.actor import NOBODY, Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.journal.models import Entry
from mainstay.platform.search.queries import find
from tests.cast import NOW, World

NEW = NewCustomer("C1001", "三峡制造集团", "4201", kind="group", service_grade="gold", account_manager="wang.min")
PART = NewCustomer("C1002", "三峡制造宜昌公司", "42", parent="C1001", phone="0717-1234567")


def test_it_works(world: World, admin: Actor) -> None:
    part, whole = create_customers([PART, NEW], at=NOW, by=admin)
    assert part.parent == whole
    assert Customer.objects.get(code="C1001").account_manager == world.users["wang.min"]
    entry = Entry.objects.get(action="customer.create", object_id=str(part.pk))
    assert (entry.customer_id, entry.region_code, entry.after["phone"]) == (part.pk, "42", "0717-1234567")
    assert [found.label for found in find("sanxia", admin)] == ["三峡制造集团", "三峡制造宜昌公司"]
    assert whole.pk in world.actor("wang.min").customer_ids  # type: ignore[operator]


def test_who_may_not(world: World, officer: Actor, customer: Actor, manager: Actor) -> None:
    for actor in (officer, customer, NOBODY):
        with pytest.raises(NotAllowed):
            create_customers([NEW], at=NOW, by=actor)
        with pytest.raises(NotAllowed):
            update_customer(world.bank.pk, {"name": "别的"}, revision=1, at=NOW, by=actor)
    with pytest.raises(NotAllowed, match="C1001"):
        create_customers([replace(NEW, account_manager="liu.fang")], at=NOW, by=manager)


def test_a_manager_s_new_customer_is_their_own(world: World, manager: Actor) -> None:
    (made,) = create_customers([replace(NEW, account_manager="")], at=NOW, by=manager)
    assert made.account_manager_id == manager.user_id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "C0001"}, "C0001 exists already"),
        ({"name": " "}, "lacks a code or a name"),
        ({"region": "99"}, "no region “99”"),
        ({"industry": "ZZ"}, "no industry “ZZ”"),
        ({"parent": "C9999"}, "no parent “C9999”"),
        ({"parent": "C1001"}, "stand above itself"),
        ({"account_manager": "zhou.ying"}, "no user “zhou.ying”"),
        ({"service_grade": "diamond"}, "“diamond” is not a service_grade"),
        ({"kind": "robot"}, "“robot” is not a kind"),
    ],
)
def test_what_is_refused(world: World, admin: Actor, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadCustomer, match=said):
        create_customers([replace(NEW, **change)], at=NOW, by=admin)
    assert Customer.objects.count() == 4


def test_a_code_given_twice_is_refused(world: World, admin: Actor) -> None:
    with pytest.raises(BadCustomer, match="C1001 is given twice"):
        create_customers([NEW, NEW], at=NOW, by=admin)


def test_a_change_keeps_each_field_before_and_after_and_why(world: World, manager: Actor) -> None:
    changed = {"address": "武汉市武昌区中北路 1 号", "phone": world.bank.phone, "is_special": True}
    update_customer(world.bank.pk, changed, revision=1, at=NOW, by=manager.because("客户搬迁"))
    entry = queries.history(manager, world.bank.pk)[0]
    assert (entry.actor_name, entry.why) == ("王敏", "客户搬迁")
    assert entry.before == {"address": "武汉市江汉区建设大道 100 号", "is_special": False}
    assert entry.after == {"address": "武汉市武昌区中北路 1 号", "is_special": True}
    assert queries.customer(manager, world.bank.pk).revision == 2


def test_a_renamed_customer_s_circuits_and_contracts_are_found_by_the_new_name(world: World, manager: Actor) -> None:
    update_customer(world.bank.pk, {"name": "长江商业银行"}, revision=1, at=NOW, by=manager)
    assert [found.kind for found in find("长江商业银行", manager)] == ["customer", "circuit", "contract"]


def test_a_lost_update_is_refused(world: World, manager: Actor, admin: Actor) -> None:
    update_customer(world.bank.pk, {"phone": "1"}, revision=1, at=NOW, by=manager)
    with pytest.raises(CustomerMoved, match="read it again"):
        update_customer(world.bank.pk, {"phone": "2"}, revision=1, at=NOW, by=admin)
    assert Customer.objects.get(pk=world.bank.pk).phone == "1"


def test_changing_nothing_leaves_no_trace(world: World, manager: Actor) -> None:
    update_customer(world.bank.pk, {"name": world.bank.name}, revision=1, at=NOW, by=manager)
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"archive": "retained"}, "archive cannot be changed here"),
        ({"name": ""}, "needs a name"),
        ({"ownership": "?"}, "is not a ownership"),
        ({"region_id": "99"}, "no region “99”"),
        ({"region_id": ""}, "no region"),
        ({"parent_id": 10**9}, "no parent"),
    ],
)
def test_a_bad_change_is_refused(world: World, manager: Actor, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(BadCustomer, match=said):
        update_customer(world.bank.pk, changed, revision=1, at=NOW, by=manager)


def test_a_group_cannot_stand_below_its_own_subsidiary(world: World, admin: Actor) -> None:
    with pytest.raises(BadCustomer, match="stand above itself"):
        update_customer(world.bank.pk, {"parent_id": world.branch.pk}, revision=1, at=NOW, by=admin)


def test_customers_are_handed_over_once(world: World, admin: Actor, manager: Actor) -> None:
    ids = [world.bank.pk, world.branch.pk, world.logistics.pk]
    assert hand_over(ids, "liu.fang", at=NOW, by=admin.because("王敏调岗")) == 2
    assert hand_over(ids, "liu.fang", at=NOW, by=admin) == 0
    assert queries.portfolio_ids(world.users["wang.min"].pk) == frozenset()
    for name in ("nobody", "zhou.ying"):
        with pytest.raises(BadCustomer, match=name):
            hand_over(ids, name, at=NOW, by=admin)
    with pytest.raises(NoSuchCustomer):
        hand_over([world.trade.pk], "liu.fang", at=NOW, by=manager)


def test_a_customer_who_left_is_retained_with_its_history(world: World, manager: Actor) -> None:
    move_to_archive(world.bank.pk, "retained", at=NOW, by=manager.because("合同终止"))
    assert world.bank not in queries.customer_list(manager).object_list
    retained = queries.customer_list(manager, CustomerFilters(archive="retained"))
    assert list(retained) == [world.bank]
    with pytest.raises(BadCustomer, match="already"):
        move_to_archive(world.bank.pk, "retained", at=NOW, by=manager)
    with pytest.raises(BadCustomer, match="not an archive"):
        move_to_archive(world.bank.pk, "bin", at=NOW, by=manager)
    move_to_archive(world.bank.pk, "active", at=NOW, by=manager)
    assert [entry.action for entry in queries.history(manager, world.bank.pk)] == ["customer.archive"] * 2


def test_only_what_one_may_see_is_found(
    world: World, officer: Actor, manager: Actor, customer: Actor, outsider: Actor
) -> None:
    def codes(actor: Actor, **filters: Any) -> list[str]:
        return [row.code for row in queries.customer_list(actor, CustomerFilters(**filters), sort="code")]

    assert codes(officer) == ["C0001", "C0002", "C0003"]
    assert codes(officer, region="4202", text="汉江") == ["C0002"]
    assert codes(officer, industry="J", kind="group") == ["C0001"]
    assert codes(manager) == codes(customer) == ["C0001", "C0002"]
    assert (codes(outsider), codes(NOBODY)) == (["C0003"], [])
    assert queries.subsidiaries(customer, world.bank.pk) == [world.branch]
    messages = set()
    for pk in (world.bank.pk, 10**9):
        with pytest.raises(NoSuchCustomer) as error:
            queries.customer(outsider, pk)
        messages.add(str(error.value).replace(str(pk), "N"))
    assert len(messages) == 1, "the refusal must not tell whether the customer exists"
    for read in (queries.history, queries.visible_customer):
        with pytest.raises(NoSuchCustomer):
            read(outsider, world.bank.pk)


def test_people_come_change_and_leave(world: World, manager: Actor) -> None:
    (made,) = add_contacts(
        [NewContact("C0001", "孙倩", "decision_maker", phone="13900000009", notify=True)], at=NOW, by=manager
    )
    assert [c.name for c in queries.contacts(world.bank.pk)] == ["孙倩", "周颖"]
    assert {c.name for c in queries.to_notify([world.bank.pk])[world.bank.pk]} == {"孙倩", "周颖"}
    assert [found.kind for found in find("13900000009", manager)] == ["customer"]
    change_contact(made.pk, {"title": "信息部主任"}, at=NOW, by=manager)
    let_contact_leave(made.pk, on=date(2026, 9, 1), at=NOW, by=manager)
    assert [c.name for c in queries.contacts(world.bank.pk)] == ["周颖"]
    assert len(queries.contacts(world.bank.pk, left=True)) == 2
    with pytest.raises(BadCustomer, match="left already"):
        let_contact_leave(made.pk, on=date(2026, 9, 2), at=NOW, by=manager)
    assert [e.action for e in queries.history(manager, world.bank.pk)] == [
        "contact.leave",
        "contact.change",
        "contact.add",
    ]


def test_people_of_others_are_out_of_reach(world: World, manager: Actor, officer: Actor) -> None:
    with pytest.raises(NoSuchContact):
        change_contact(world.logistics_contact.pk, {"title": "x"}, at=NOW, by=manager)
    with pytest.raises(BadCustomer, match="no customer C0003"):
        add_contacts([NewContact("C0003", "甲")], at=NOW, by=manager)
    with pytest.raises(NotAllowed):
        add_contacts([NewContact("C0001", "甲")], at=NOW, by=officer)
    assert queries.visible_contact(officer, world.logistics_contact.pk).name == "吴桐"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "has no name"),
        ({"role": "boss"}, "“boss” is not a role"),
        ({"notify": True}, "neither telephone nor e-mail"),
        ({"username": "wu.tong"}, "is not a user of customer C0001"),
    ],
)
def test_a_bad_contact_is_refused(world: World, manager: Actor, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadCustomer, match=said):
        add_contacts([replace(NewContact("C0001", "甲"), **change)], at=NOW, by=manager)
    with pytest.raises(BadCustomer, match="cannot be changed"):
        change_contact(world.bank_contact.pk, {"user_id": 1}, at=NOW, by=manager)


def test_queries_do_not_grow_with_rows(world: World, admin: Actor) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            for row in queries.customer_list(admin):
                assert row.region.name
                assert row.account_manager is None or row.account_manager.display_name
            queries.contacts(world.bank.pk)
            list(queries.history(admin, world.bank.pk))
        return len(seen)

    few = asked()
    create_customers([replace(NEW, code=f"X{n}") for n in range(20)], at=NOW, by=admin)
    add_contacts([NewContact("C0001", f"甲{n}") for n in range(20)], at=NOW, by=admin)
    assert asked() == few
