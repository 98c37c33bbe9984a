"""The archive beside the profile: stores, field history, sites, roles, agents, suggestions; nothing is deleted."""

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

import mainstay
from mainstay.accounts.customers import archive
from mainstay.accounts.customers.actions import agents, contacts, sites, suggestions
from mainstay.accounts.customers.actions.customers import create_customers, move_to_archive, update_customer
from mainstay.accounts.customers.errors import BadCustomer, NoSuchSite, NoSuchSuggestion, NothingDeleted
from mainstay.accounts.customers.making import NewCustomer
from mainstay.accounts.customers.models import Contact, Customer, HeldRole
from mainstay.domain.actor import Actor
from mainstay.network.inventory.actions.sites import place_ends
from mainstay.network.inventory.errors import BadInventory
from mainstay.network.inventory.queries.sites import places
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

TODAY = NOW.date()


@pytest.fixture
def manager(world: World) -> Actor:
    return world.actor("wang.min")


def test_an_individual_is_a_key_account_with_papers(world: World, manager: Actor) -> None:
    new = NewCustomer("P-1", "张三", "4201", kind="individual", identity_kind="id_card", identity_number="420106X",
                      employer="设计院", birthday_on=date(1980, 1, 2), sales_person="liu.fang")  # fmt: skip
    (made,) = create_customers([new], at=NOW, by=manager)
    found = Customer.objects.get(pk=made.pk)
    assert (found.identity_number, found.employer, found.sales_person) == ("420106X", "设计院", world.users["liu.fang"])
    with pytest.raises(BadCustomer, match="identity_kind"):
        create_customers([NewCustomer("P-2", "李四", "4201", identity_kind="library card")], at=NOW, by=manager)


def test_a_masked_value_never_takes_the_place_of_the_real_one(world: World, manager: Actor) -> None:
    with pytest.raises(BadCustomer, match="masked"):
        update_customer(world.bank.pk, {"bank_account": "****7766"}, revision=1, at=NOW, by=manager)
    with pytest.raises(BadCustomer, match="masked"):
        contacts.change_contact(world.bank_contact.pk, {"phone": "138****0001"}, at=NOW, by=manager)


def test_the_retained_archive_says_why_and_since_when_and_history_stays(world: World, manager: Actor) -> None:
    by = manager.because("迁往外省")
    move_to_archive(world.bank.pk, "retained", at=NOW, by=by, reason="lapsed")
    kept = Customer.objects.get(pk=world.bank.pk)
    assert (kept.archive_reason, kept.archive_note, kept.archived_at) == ("lapsed", "迁往外省", NOW)
    with pytest.raises(BadCustomer, match="already"):
        move_to_archive(world.bank.pk, "retained", at=NOW, by=by)
    with pytest.raises(BadCustomer, match="no reason"):
        move_to_archive(world.branch.pk, "retained", at=NOW, by=by, reason="boredom")
    move_to_archive(world.bank.pk, "active", at=NOW + timedelta(days=1), by=manager.because("续约"))
    kept.refresh_from_db()
    assert (kept.archive, kept.archive_reason, kept.archived_at) == ("active", "", None)
    told = [(change.was, change.now, change.why) for change in archive.field_history(manager, world.bank.pk, "archive")]
    assert told == [("retained", "active", "续约"), ("active", "retained", "迁往外省")]


def test_each_field_tells_who_when_from_to_why_and_from_where(world: World, manager: Actor) -> None:
    update_customer(world.bank.pk, {"address": "甲"}, revision=1, at=NOW, by=manager.because("来函"))
    update_customer(world.bank.pk, {"address": "乙", "employer": ""}, revision=2, at=NOW, by=manager)
    newest, first = archive.field_history(manager, world.bank.pk, "address")
    assert (first.who, first.now, first.why, first.source) == ("王敏", "甲", "来函", "console")
    assert (newest.was, newest.now) == ("甲", "乙")
    assert set(archive.latest_changes(manager, world.bank.pk)) == {"address"}


def test_sites_are_named_once_and_show_what_stands_there(world: World, manager: Actor) -> None:
    before, _left = places(manager, world.bank.pk, [])
    assert before
    assert all(place.site is None for place in before)
    site = sites.add_site(world.bank.pk, {"name": "总行", "address": "建设大道"}, at=NOW, by=manager)
    end = world.circuit.ends.get(side="A")
    assert place_ends(site.pk, [end.pk], at=NOW, by=manager) == 1
    assert place_ends(site.pk, [end.pk], at=NOW, by=manager) == 0
    (named, *_others), _left = places(manager, world.bank.pk, archive.sites(world.bank.pk))
    assert (named.name, [each.pk for each in named.ends]) == ("总行", [end.pk])
    assert Entry.objects.get(action="circuit.place_end").after == {"site": "总行", "side": "A"}


def test_ends_of_others_and_sites_of_others_are_out_of_reach(world: World, manager: Actor) -> None:
    site = sites.add_site(world.bank.pk, {"name": "总行"}, at=NOW, by=manager)
    with pytest.raises(BadInventory):
        place_ends(site.pk, [world.logistics_circuit.ends.get(side="A").pk], at=NOW, by=manager)
    with pytest.raises(BadCustomer, match="already"):
        sites.add_site(world.bank.pk, {"name": "总行"}, at=NOW, by=manager)
    with pytest.raises(NoSuchSite):
        sites.change_site(site.pk, {"name": "分行"}, at=NOW, by=world.actor("liu.fang"))
    sites.close_site(site.pk, on=TODAY, at=NOW, by=manager)
    with pytest.raises(BadCustomer, match="closed"):
        sites.close_site(site.pk, on=TODAY, at=NOW, by=manager)


def test_a_person_has_several_roles_with_dates_and_a_deputy(world: World, manager: Actor) -> None:
    new = contacts.NewContact("C0001", "孙丽", "finance", phone="13900002222", since_on=date(2025, 1, 1),
                              roles=("business",))  # fmt: skip
    made = contacts.take_on(new, deputy_id=world.bank_contact.pk, at=NOW, by=manager)
    assert made.deputy == world.bank_contact
    contacts.revise(made.pk, {"role": "decision_maker", "roles": ["technical"]}, at=NOW, by=manager)
    rows = HeldRole.objects.filter(contact=made).values_list("role", "from_on", "until_on")
    assert set(rows) == {("business", date(2025, 1, 1), TODAY), ("finance", None, TODAY), ("technical", TODAY, None)}
    with pytest.raises(BadCustomer, match="deputised"):
        contacts.change_contact(made.pk, {"deputy_id": world.logistics_contact.pk}, at=NOW, by=manager)
    with pytest.raises(BadCustomer, match="not a role"):
        contacts.set_roles(made.pk, ["mascot"], at=NOW, by=manager)


def test_agents_look_after_customers_from_when_until_when(world: World, manager: Actor) -> None:
    agent = agents.add_agent("AG-1", {"name": "代理", "region_id": "4201"}, at=NOW, by=world.actor("admin"))
    row = agents.assign_agent(world.bank.pk, agent.pk, on=date(2026, 1, 1), at=NOW, by=manager)
    with pytest.raises(BadCustomer, match="already"):
        agents.assign_agent(world.bank.pk, agent.pk, on=TODAY, at=NOW, by=manager)
    assert [each.customer for each in archive.customers_of(world.actor("liu.fang"), agent.pk)] == []
    agents.end_agency(row.pk, on=TODAY, at=NOW, by=manager)
    (kept,) = archive.agencies(world.bank.pk)
    assert (kept.from_on, kept.until_on) == (date(2026, 1, 1), TODAY)


def test_suggestions_are_answered_and_overdue_ones_show(world: World, manager: Actor) -> None:
    new = suggestions.NewSuggestion("building", "分开管道", TODAY, world.bank_contact.pk, manager.user_id, TODAY)
    made = suggestions.note_suggestion(world.bank.pk, new, at=NOW, by=manager)
    assert [row.pk for row in archive.overdue_suggestions(manager, on=TODAY + timedelta(days=1))] == [made.pk]
    with pytest.raises(BadCustomer, match="answered"):
        suggestions.answer_suggestion(made.pk, "done", " ", at=NOW, by=manager)
    done = suggestions.answer_suggestion(made.pk, "done", "已照办", at=NOW, by=manager)
    assert (done.answered_by, done.answered_on) == ("王敏", TODAY)
    assert not archive.overdue_suggestions(manager, on=TODAY + timedelta(days=1)).exists()
    with pytest.raises(NoSuchSuggestion):
        suggestions.answer_suggestion(made.pk, "open", "", at=NOW, by=world.actor("liu.fang"))
    other = suggestions.NewSuggestion("service", "快点", TODAY, world.logistics_contact.pk)
    with pytest.raises(BadCustomer, match="person of"):
        suggestions.note_suggestion(world.bank.pk, other, at=NOW, by=manager)


def test_nothing_about_a_customer_can_be_deleted(world: World) -> None:
    with pytest.raises(NothingDeleted):
        Customer.objects.filter(pk=world.trade.pk).delete()
    with pytest.raises(NothingDeleted):
        world.bank.contacts.all().delete()
    assert Contact.objects.filter(pk=world.bank_contact.pk).exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite loses triggers when a table is made anew")
def test_postgresql_refuses_by_itself(world: World) -> None:
    with (
        pytest.raises(DatabaseError, match="Nothing about a customer is deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM customers_contact WHERE id = %s", [world.bank_contact.pk])


def test_no_code_of_the_two_rooms_deletes_anything_but_rules() -> None:
    rooms = Path(mainstay.__file__).parent / "accounts"
    calls = {
        f"{path.name}: {ast.unparse(node.func)}"
        for room in ("customers", "consulting")
        for path in (rooms / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("delete", "_raw_delete")
    }  # fmt: skip
    assert calls == {"delivering.py: row.rules.all().delete"}
