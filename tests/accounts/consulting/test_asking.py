"""Asking to read sensitive fields: who is trusted at once, who waits for a second person, what stays on record (A3)."""

from datetime import timedelta

import pytest

from mainstay.accounts.consulting import registry
from mainstay.accounts.consulting.actions import asking
from mainstay.accounts.consulting.actions.asking import Question, ask, consult, decide, note_readings, withdraw
from mainstay.accounts.consulting.actions.rules import NewRule, set_rule
from mainstay.accounts.consulting.errors import BadConsultation, NoSuchConsultation, NotGranted
from mainstay.accounts.consulting.masking import masked
from mainstay.accounts.consulting.models import Reading
from mainstay.accounts.consulting.queries import records
from mainstay.accounts.consulting.queries.sight import cover, sight
from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

PHONE = "contact.phone"
ACCOUNT = "customer.bank_account"


@pytest.fixture
def manager(world: World) -> Actor:
    return world.actor("wang.min")


@pytest.fixture
def officer(world: World) -> Actor:
    return world.actor("li.qiang")


@pytest.fixture
def leader(world: World) -> Actor:
    return world.actor("zhao.lei")


def shown(world: World, actor: Actor, key: str, value: str, minutes: float = 0) -> str:
    """Return how a value of the bank is shown so many minutes later."""
    seen = sight(actor, at=NOW + timedelta(minutes=minutes))
    return seen.show(key, value, customer_id=world.bank.pk, object_id=1, label="周颖").text


def test_it_works(world: World, manager: Actor) -> None:
    assert shown(world, manager, PHONE, "13800000001") == "138****0001"
    (made,) = ask(Question(world.bank.pk, (PHONE,), "fault"), at=NOW, by=manager)
    assert (made.state, made.at_once) == ("granted", True)
    assert shown(world, manager, PHONE, "13800000001") == "13800000001"
    assert Entry.objects.get(action="consultation.grant").after["fields"] == [PHONE]


def test_the_day_ends_it(world: World, manager: Actor) -> None:
    ask(Question(world.bank.pk, (PHONE,), "visit"), at=NOW, by=manager)
    assert shown(world, manager, PHONE, "13800000001", minutes=15 * 60) == "13800000001"
    assert shown(world, manager, PHONE, "13800000001", minutes=24 * 60) == "138****0001"


def test_it_opens_this_customer_and_this_field_alone(world: World, leader: Actor) -> None:
    ask(Question(world.bank.pk, (PHONE,), "fault"), at=NOW, by=leader)
    seen = sight(leader, at=NOW)
    assert seen.show(PHONE, "13800000002", customer_id=world.logistics.pk).covered
    assert seen.show("contact.email", "zhou@example.com", customer_id=world.bank.pk).covered


def test_somebody_else_waits_for_a_second_person(world: World, officer: Actor, leader: Actor) -> None:
    (made,) = ask(Question(world.bank.pk, (ACCOUNT,), "billing", "退款"), at=NOW, by=officer)
    assert made.state == "asked"
    assert shown(world, officer, ACCOUNT, "6222020200099887766") == "****7766"
    assert [row.pk for row in records.waiting(leader)] == [made.pk]
    decide(made.pk, grant=True, at=NOW + timedelta(minutes=5), by=leader)
    assert shown(world, officer, ACCOUNT, "6222020200099887766", minutes=34) == "6222020200099887766"
    assert shown(world, officer, ACCOUNT, "6222020200099887766", minutes=36) == "****7766"


def test_an_officer_with_a_live_ticket_calls_at_once(
    world: World, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(world.bank.pk, (PHONE,), "fault")
    monkeypatch.setattr(registry, "has_live_ticket", lambda _customer_id: True)
    assert ask(question, at=NOW, by=officer)[0].state == "granted"


def test_nobody_approves_their_own(world: World, leader: Actor) -> None:
    (made,) = ask(Question(world.bank.pk, (ACCOUNT,), "check"), at=NOW, by=leader)
    assert not records.waiting(leader).exists()
    with pytest.raises(BadConsultation, match="somebody else must decide"):
        decide(made.pk, grant=True, at=NOW, by=leader)


def test_a_refusal_says_why_and_shows_nothing(world: World, officer: Actor, leader: Actor) -> None:
    (made,) = ask(Question(world.bank.pk, (ACCOUNT,), "billing"), at=NOW, by=officer)
    with pytest.raises(BadConsultation, match="Say why"):
        decide(made.pk, grant=False, at=NOW, by=leader)
    decide(made.pk, grant=False, note="没有工单", at=NOW, by=leader)
    assert shown(world, officer, ACCOUNT, "6222020200099887766") == "****7766"
    with pytest.raises(BadConsultation, match="answered already"):
        decide(made.pk, grant=True, at=NOW, by=leader)


def test_who_may_not_see_the_customer_learns_nothing(world: World, manager: Actor) -> None:
    with pytest.raises(NoSuchCustomer):
        ask(Question(world.logistics.pk, (PHONE,), "fault"), at=NOW, by=manager)
    (made,) = ask(Question(world.bank.pk, (ACCOUNT,), "billing"), at=NOW, by=manager)
    with pytest.raises(NotAllowed):
        decide(made.pk, grant=True, at=NOW, by=world.actor("huang.wei"))
    with pytest.raises(NoSuchConsultation):
        withdraw(made.pk, at=NOW, by=world.actor("liu.fang"))
    assert not records.consultations(world.actor("liu.fang")).exists()


@pytest.mark.parametrize(
    ("fields", "reason", "words"),
    [((), "fault", ""), (("name",), "fault", ""), ((PHONE,), "", ""), ((PHONE,), "other", "")],
)
def test_without_field_or_reason_it_is_refused(
    world: World, manager: Actor, fields: tuple[str, ...], reason: str, words: str
) -> None:
    with pytest.raises(BadConsultation):
        ask(Question(world.bank.pk, fields, reason, words), at=NOW, by=manager)


def test_asking_twice_for_what_waits_is_refused(world: World, officer: Actor) -> None:
    question = Question(world.bank.pk, (ACCOUNT,), "billing")
    ask(question, at=NOW, by=officer)
    with pytest.raises(BadConsultation, match="already"):
        ask(question, at=NOW, by=officer)


def test_what_one_was_granted_can_be_closed(world: World, manager: Actor) -> None:
    (made,) = ask(Question(world.bank.pk, (PHONE,), "fault"), at=NOW, by=manager)
    withdraw(made.pk, at=NOW, by=manager)
    assert shown(world, manager, PHONE, "13800000001", minutes=1) == "138****0001"


def test_each_reading_is_kept_once_and_listed(world: World, manager: Actor, leader: Actor) -> None:
    ask(Question(world.bank.pk, (PHONE,), "fault"), at=NOW, by=manager)
    for _again in range(2):
        seen = sight(manager, at=NOW)
        seen.show(PHONE, "13800000001", customer_id=world.bank.pk, object_id=world.bank_contact.pk, label="周颖")
        note_readings(seen, at=NOW)
    reading = Reading.objects.get()
    assert (reading.key, reading.label) == (PHONE, "周颖")
    assert Entry.objects.filter(action="consultation.read").count() == 1
    assert records.consultations(world.actor("admin")).count() == 1
    assert [row.read_count for row in records.consultations(leader)] == [1]  # type: ignore[attr-defined]


def test_consult_returns_the_value_once_and_keeps_it(world: World, manager: Actor, officer: Actor) -> None:
    contact = world.bank_contact.pk
    assert consult(manager, "contact", contact, "phone", "回访客户", NOW) == "13800000001"
    assert Reading.objects.get().object_id == contact
    with pytest.raises(NotGranted):
        consult(officer, "customer", world.bank.pk, "bank_account", "billing", NOW)


def test_an_administrator_says_what_is_sensitive(world: World, manager: Actor) -> None:
    admin = world.actor("admin")
    assert shown(world, manager, "customer.phone", "027-8555 0100") == "027-8555 0100"
    set_rule("customer.phone", NewRule(True, "whole", ()), at=NOW, by=admin)
    assert shown(world, manager, "customer.phone", "027-8555 0100") == "****"
    assert masked("customer.phone", "027-8555 0100") == "****"
    set_rule(PHONE, NewRule(False, "phone", ()), at=NOW, by=admin)
    assert shown(world, manager, PHONE, "13800000001") == "13800000001"
    with pytest.raises(NotAllowed):
        set_rule(PHONE, NewRule(False, "phone", ()), at=NOW, by=manager)
    with pytest.raises(BadConsultation):
        set_rule("customer.name", NewRule(True, "whole", ()), at=NOW, by=admin)


def test_histories_are_masked_and_nested_values_too(world: World, manager: Actor) -> None:
    seen = sight(manager, at=NOW)
    told = seen.hide("contact", {"phone": "13800000001", "name": "周颖"}, customer_id=world.bank.pk)
    assert told == {"phone": "138****0001", "name": "周颖"}
    nested = seen.hide("circuit", {"a": {"contact_phone": "13911112222"}, "z_contact_phone": "13911113333"},
                       customer_id=None)  # fmt: skip
    assert nested == {"a": {"contact_phone": "139****2222"}, "z_contact_phone": "139****3333"}


def test_exports_are_masked_but_for_who_may_hand_on(world: World, manager: Actor) -> None:
    assert cover(manager)(PHONE, "13800000001", {}) == "138****0001"
    assert cover(manager)("contact.birthday_on", "1985-03-08", {}) == ""
    assert cover(manager)("customer.phone", "13900001111", {"kind": "individual"}) == "139****1111"
    assert cover(manager)("customer.phone", "027-1", {"kind": "organisation"}) == "027-1"
    assert cover(world.actor("admin"))(PHONE, "13800000001", {}) == "13800000001"


def test_a_customers_own_people_see_their_own(world: World) -> None:
    assert shown(world, world.actor("zhou.ying"), PHONE, "13800000001") == "13800000001"


def test_masking_costs_two_queries_for_any_number_of_rows(
    world: World, manager: Actor, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        seen = sight(manager, at=NOW)
        for number in range(500):
            seen.show(PHONE, f"1380000{number:04}", customer_id=world.bank.pk, object_id=number)


def test_the_standing_is_that_of_the_customer(world: World) -> None:
    bank = Customer.objects.get(pk=world.bank.pk)
    assert asking.standing_of(world.actor("wang.min"), bank) == {"manager"}
    assert asking.standing_of(world.actor("zhao.lei"), bank) == {"leader"}
    assert asking.standing_of(world.actor("li.qiang"), bank) == frozenset()
