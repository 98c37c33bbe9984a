"""A file of customers is taken over, mended, taken over again and undone (A7)."""

import pytest

from mainstay.accounts.customers.actions.customers import update_customer
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.platform.imports import queries
from mainstay.platform.imports.choices import State
from mainstay.platform.journal.models import Entry
from mainstay.platform.search.queries import find
from tests.cast import NOW, World
from tests.platform.imports.files import table, take, undo

HEAD = ("客户编码", "名称", "区划代码", "服务等级", "parent")


def test_it_works(world: World, admin: Actor) -> None:
    run = take(
        "customers",
        table(HEAD, ("N1", "江城医院", "4201", "金牌", ""), ("N2", "江城医院分院", "4202", "", "N1")),
        by=admin,
    )
    assert (run.state, run.created, run.refused) == (State.DONE, 2, 0)
    branch = Customer.objects.get(code="N2")
    assert (branch.parent.code, branch.service_grade, branch.created_by) == ("N1", "standard", "系统管理员")
    assert [found.label for found in find("江城医院分", admin)] == ["江城医院分院"]


def test_a_bad_row_spoils_no_good_one(world: World, admin: Actor) -> None:
    run = take(
        "customers",
        table(
            HEAD,
            ("N1", "江城医院", "9999", "", ""),
            ("N2", "市一中", "4201", "钻石", ""),
            ("N3", "二中", "4201", "", ""),
        ),
        by=admin,
    )
    assert (run.created, run.refused) == (1, 2)
    assert [row.line for row in queries.refused_rows(run)] == [2, 3]


def test_a_parent_may_stand_later_in_the_file_than_a_part_ends(
    world: World, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mainstay.platform.imports.running.CHUNK", 1)
    run = take("customers", table(HEAD, ("N2", "分院", "4201", "", "N1"), ("N1", "医院", "4201", "", "")), by=admin)
    assert (run.created, run.refused) == (2, 0)


def test_an_existing_code_is_updated_and_the_same_file_again_changes_nothing(world: World, admin: Actor) -> None:
    raw = table(("code", "name", "phone"), ("C0001", "汉江银行股份公司", ""), ("C0003", "楚天物流有限公司", "027-1"))
    first, again = take("customers", raw, by=admin), take("customers", raw, by=admin)
    assert (first.updated, again.updated, again.unchanged) == (2, 0, 2)
    bank = Customer.objects.get(code="C0001")
    assert (bank.name, bank.phone, bank.revision) == ("汉江银行股份公司", "027-8555 0100", 2)
    entry = Entry.objects.get(object_kind="customer", object_id=str(bank.pk))
    assert entry.after == {"name": "汉江银行股份公司"}


def test_all_or_nothing_takes_nothing_and_says_why(world: World, admin: Actor) -> None:
    run = take(
        "customers",
        table(HEAD, ("N1", "医院", "4201", "", ""), ("N2", "院", "99", "", "")),
        by=admin,
        mode="all-or-nothing",
    )
    assert (run.state, run.created, run.refused) == (State.REFUSED, 0, 1)
    assert not Customer.objects.filter(code="N1").exists()
    assert [row.line for row in queries.refused_rows(run)] == [3]


def test_undo_takes_out_what_was_created_and_gives_back_what_was_changed(world: World, admin: Actor) -> None:
    run = take(
        "customers",
        table(
            ("code", "name", "region", "since_on"),
            ("N1", "医院", "4201", "2020/5/1"),
            ("C0001", "改名", "4201", "2020-05-01"),
        ),
        by=admin,
    )
    undone = undo(run, by=admin)
    assert (undone.state, undone.undone) == (State.UNDONE, 2)
    gone = Customer.objects.get(code="N1")
    assert (gone.archive, gone.archive_reason) == ("retained", "undone")
    bank = Customer.objects.get(code="C0001")
    assert (bank.name, bank.since_on) == ("汉江银行股份有限公司", None)
    assert find("医院", admin) == []


def test_what_was_undone_comes_back_with_the_next_file_and_goes_again(world: World, admin: Actor) -> None:
    undo(take("customers", table(HEAD, ("N1", "医院", "4201", "", "")), by=admin), by=admin)
    again = take("customers", table(HEAD, ("N1", "第二医院", "4201", "", "")), by=admin)
    found = Customer.objects.get(code="N1")
    assert (again.updated, found.name, found.archive, found.archive_reason) == (1, "第二医院", "active", "")
    assert [hit.label for hit in find("第二医院", admin)] == ["第二医院"]
    undo(again, by=admin)
    found.refresh_from_db()
    assert (found.archive, found.archive_reason) == ("retained", "undone")


def test_undo_leaves_what_somebody_changed_since_and_names_them(world: World, admin: Actor, manager: Actor) -> None:
    run = take("customers", table(("code", "name"), ("C0001", "甲"), ("C0003", "乙")), by=admin)
    update_customer(world.bank.pk, {"phone": "1"}, revision=2, at=NOW, by=manager)
    undone = undo(run, by=admin)
    assert (undone.undone, [row.error_values["who"] for row in queries.kept_rows(undone)]) == (1, ["王敏"])


def test_undo_leaves_a_customer_that_has_people_by_now(world: World, admin: Actor) -> None:
    run = take("customers", table(HEAD, ("N1", "医院", "4201", "", "")), by=admin)
    world.bank_contact.customer = Customer.objects.get(code="N1")
    world.bank_contact.save()
    assert undo(run, by=admin).undone == 0


def test_undo_takes_groups_apart_in_any_order(world: World, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.platform.imports.undoing.CHUNK", 1)
    run = take("customers", table(HEAD, ("N2", "分院", "4201", "", "N1"), ("N1", "医院", "4201", "", "")), by=admin)
    assert undo(run, by=admin).undone == 2


def test_nobody_touches_what_they_do_not_see(world: World, manager: Actor) -> None:
    run = take(
        "customers",
        table(("code", "name", "region"), ("C0001", "银行", "4201"), ("C0003", "物流", "4202"), ("X9", "新", "4202")),
        by=manager,
    )
    assert (run.updated, run.created, run.refused) == (1, 1, 1)
    assert Customer.objects.get(code="X9").account_manager_id == manager.user_id


def test_origin_is_kept_for_administrators_only(world: World, admin: Actor, manager: Actor) -> None:
    raw = table(("code", "name", "region", "创建时间", "创建人"), ("N1", "医院", "4201", "2020-05-01 09:30", "张三"))
    assert take("customers", raw, by=manager).refused == 1
    assert take("customers", raw, by=admin).created == 1
    made = Customer.objects.get(code="N1")
    assert (made.created_by, made.created_at.isoformat()) == ("张三", "2020-05-01T01:30:00+00:00")


def test_one_object_in_two_rows_is_refused_once(world: World, admin: Actor) -> None:
    run = take("customers", table(HEAD, ("N1", "甲", "4201", "", ""), ("N1", "乙", "4201", "", "")), by=admin)
    assert (run.created, run.refused) == (1, 1)


def test_rings_of_parents_are_refused(world: World, admin: Actor) -> None:
    run = take("customers", table(("code", "parent"), ("C0001", "C0002")), by=admin)
    assert (run.updated, run.refused) == (0, 1)
