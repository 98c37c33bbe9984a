"""Customers are told in one go, word that was promised is kept, the all-clear ends it (H1, K8)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.customers.models import Contact
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.alarms.models import Incident
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message, QuietHours, Sender
from mainstay.service.tickets.actions import working
from mainstay.service.tickets.actions.telling import Word, tell_incident
from mainstay.service.tickets.actions.texts import reset_text, save_text, set_holding
from mainstay.service.tickets.errors import WrongValue
from mainstay.service.tickets.models import OutageText, Ticket, TicketEvent
from mainstay.service.tickets.queries.bulletin import bulletin
from mainstay.service.tickets.queries.desk import impacted_customers, waiting_for_person
from mainstay.service.tickets.queries.telling import hidden, tell_preview
from mainstay.service.tickets.texts import SHIPPED, Wording
from tests.cast import NOW, World
from tests.service.tickets.network import DOWN, UP, change, happen, incident, minutes, sweep_at, ticket_of

SPLICING = Word(doing={"zh-hans": "抢修人员已到现场", "en": ""})


@pytest.fixture
def cut(world: World) -> Incident:
    """Cut the cable of bank and logistics, who are told at once."""
    cut = incident()
    happen(change(world.circuit, DOWN, NOW, of=cut), change(world.logistics_circuit, DOWN, NOW, of=cut))
    return cut


def restore(world: World, cut: Incident, at: float) -> None:
    """Let both circuits come back."""
    back = minutes(at)
    happen(change(world.circuit, UP, back, of=cut), change(world.logistics_circuit, UP, back, of=cut))


def sent(kind: str, since: float = 0) -> list[tuple[str, str]]:
    """Return (name, body) of the messages of a kind, in order."""
    rows = Message.objects.filter(kind=kind, created_at__gte=minutes(since), contact_id__isnull=False)
    return list(rows.order_by("id").values_list("to_name", "body"))


def test_it_works(world: World, cut: Incident, officer: Actor) -> None:
    done = tell_incident(cut.pk, SPLICING, at=minutes(5), by=officer)
    assert (done.customers, done.people, dict(done.channels)) == (2, 2, {"portal": 2})
    (bank, text), (_logistics, other) = sent("information")
    assert bank == "周颖"
    assert "抢修人员已到现场" in text
    assert world.circuit.number in text
    assert world.logistics_circuit.number not in text
    assert world.circuit.number not in other
    assert "光缆中断" not in text
    assert set(Ticket.objects.values_list("next_update_at", flat=True)) == {minutes(35), minutes(65)}
    assert Entry.objects.get(action="incident.tell").after["people"] == 2


def test_the_same_form_sent_twice_tells_once(cut: Incident, officer: Actor) -> None:
    word = Word(doing=SPLICING.doing, once="abc")
    tell_incident(cut.pk, word, at=minutes(5), by=officer)
    again = tell_incident(cut.pk, word, at=minutes(6), by=officer)
    assert (again.people, again.before) == (0, 2)
    assert len(sent("information")) == 2


def test_who_was_told_gets_an_update_and_who_came_later_the_opening_message(
    world: World, cut: Incident, officer: Actor
) -> None:
    Contact.objects.create(
        customer=world.bank, name="孙倩", role="technical", phone="13800000009", notify=True, user=None
    )
    Contact.objects.create(
        customer=world.bank, name="何静", role="technical", language="en", notify=True, user=world.users["chen.tao"]
    )
    done = tell_incident(cut.pk, SPLICING, at=minutes(5), by=officer)
    assert done.people == 3
    ((name, text),) = sent("notice", since=5)
    assert (name, "Dear 何静" in text) == ("何静", True)


def test_nothing_to_say_is_refused_to_those_who_expect_news(cut: Incident, officer: Actor) -> None:
    with pytest.raises(WrongValue, match="what is being done"):
        tell_incident(cut.pk, Word(), at=minutes(5), by=officer)
    assert not sent("information")


def test_who_may_not_work_on_tickets_tells_nobody(cut: Incident, customer: Actor) -> None:
    with pytest.raises(NotAllowed):
        tell_incident(cut.pk, SPLICING, at=minutes(5), by=customer)


def test_the_preview_says_who_gets_what_and_how_it_reads(world: World, cut: Incident, officer: Actor) -> None:
    Contact.objects.filter(pk=world.logistics_contact.pk).update(user=None, phone="", email="")
    happen(change(world.trade_circuit, DOWN, NOW, of=cut))
    shown = tell_preview(officer, cut.pk, SPLICING, at=minutes(5))
    assert [(row.customer_name, row.contact_name, row.what, row.state) for row in shown.rows] == [
        ("汉江银行", "周颖", "update", "now"),
        ("楚天物流", "吴桐", "update", "now"),
    ]
    assert shown.rows[0].told_at == NOW
    assert "抢修人员已到现场" in shown.samples[0].letter.short
    assert shown.samples[0].measure.parts >= 1


def test_a_customer_whom_nobody_can_tell_shows_on_the_wall_until_somebody_is_told(world: World, officer: Actor) -> None:
    Contact.objects.filter(pk=world.logistics_contact.pk).update(user=None, email="", phone="13800000002")
    cut = incident()
    happen(change(world.logistics_circuit, DOWN, NOW, of=cut))
    ticket = ticket_of(world.logistics_circuit)
    assert (ticket.untold_since, Message.objects.count()) == (NOW, 0)
    assert [waiting.reason for waiting in waiting_for_person(officer, at=minutes(1))] == ["untold"]
    assert impacted_customers(officer, at=minutes(1))[0].told == 0
    assert tell_preview(officer, cut.pk, Word(), at=minutes(1)).rows[0].state == "silent"
    assert tell_incident(cut.pk, SPLICING, at=minutes(2), by=officer).untold == ["楚天物流"]
    assert TicketEvent.objects.filter(kind="nobody_told").count() == 1
    Contact.objects.filter(pk=world.logistics_contact.pk).update(user=world.users["wu.tong"])
    assert tell_incident(cut.pk, SPLICING, at=minutes(3), by=officer).people == 1
    ticket.refresh_from_db()
    assert ticket.untold_since is None
    assert [waiting.reason for waiting in waiting_for_person(officer, at=minutes(4))] == ["unclaimed"]


def test_when_nobody_writes_a_holding_message_goes_out_once_and_promises_the_next(
    world: World, cut: Incident, officer: Actor
) -> None:
    sweep_at(minutes(20))
    assert "update_due" in [waiting.reason for waiting in waiting_for_person(officer, at=minutes(21))]
    assert not sent("information")
    sweep_at(minutes(30))
    sweep_at(minutes(31))
    ((name, text),) = sent("information")
    assert name == "周颖"
    assert "没有新的预计恢复时间" in text
    assert ticket_of(world.circuit).next_update_at == minutes(60)
    assert ticket_of(world.logistics_circuit).next_update_at == minutes(60)
    missed = TicketEvent.objects.get(ticket=ticket_of(world.circuit), kind="escalated", body__percent=100)
    assert missed.body["clock"] == "feedback"
    sweep_at(minutes(60))
    assert [name for name, _ in sent("information", since=60)] == ["周颖", "吴桐"]


def test_an_update_in_time_leaves_nothing_to_hold(cut: Incident, officer: Actor) -> None:
    tell_incident(cut.pk, Word(doing=SPLICING.doing, next_update_at=minutes(90)), at=minutes(25), by=officer)
    sweep_at(minutes(70))
    assert len(sent("information")) == 2


def test_no_holding_message_after_the_all_clear(world: World, cut: Incident) -> None:
    sweep_at(minutes(20))
    restore(world, cut, 25)
    sweep_at(minutes(120))
    assert not sent("information")
    assert [name for name, _ in sent("all_clear")] == ["周颖", "吴桐"]


def test_the_holding_message_can_be_turned_off(cut: Incident, admin: Actor) -> None:
    set_holding(False, at=NOW, by=admin)
    sweep_at(minutes(20))
    sweep_at(minutes(70))
    assert not sent("information")


def test_the_all_clear_goes_to_those_told_and_not_to_those_added_afterwards(
    world: World, cut: Incident, officer: Actor
) -> None:
    tell_incident(cut.pk, SPLICING, at=minutes(5), by=officer)
    Contact.objects.create(
        customer=world.bank, name="何静", role="technical", notify=True, user=world.users["chen.tao"]
    )
    Contact.objects.filter(pk=world.bank_contact.pk).update(notify=False)
    restore(world, cut, 8)
    assert [name for name, _ in sent("all_clear")] == ["周颖", "吴桐"]


def test_told_by_hand_gets_the_all_clear_too(world: World, cut: Incident, officer: Actor) -> None:
    Contact.objects.create(
        customer=world.bank, name="何静", role="technical", notify=True, user=world.users["chen.tao"]
    )
    tell_incident(cut.pk, SPLICING, at=minutes(5), by=officer)
    restore(world, cut, 8)
    assert [name for name, _ in sent("all_clear")] == ["周颖", "何静", "吴桐"]


def test_an_operator_words_a_text_and_goes_back(world: World, cut: Incident, admin: Actor, officer: Actor) -> None:
    key = ("update", "zh-hans", "long")
    with pytest.raises(WrongValue, match="nmae"):
        save_text(key, Wording("{nmae}您好", "x"), at=NOW, by=admin)
    save_text(key, Wording("{name}：{cause}", "进展"), at=NOW, by=admin)
    tell_incident(cut.pk, SPLICING, at=minutes(5), by=officer)
    assert "抢修人员已到现场" in sent("information")[0][1], "nobody gets an empty message"
    save_text(key, Wording("{name}：{doing}", "进展"), at=NOW, by=admin)
    tell_incident(cut.pk, SPLICING, at=minutes(6), by=officer)
    assert sent("information", since=6)[0][1] == "周颖：抢修人员已到现场"
    reset_text(key, at=minutes(7), by=admin)
    assert not OutageText.objects.exists()
    assert Entry.objects.filter(action="outage_text.change").count() == 3
    with pytest.raises(NotAllowed):
        save_text(key, SHIPPED[key], at=NOW, by=officer)


def test_a_wording_for_one_sending_changes_nothing_for_good(cut: Incident, officer: Actor) -> None:
    own = Word(doing={}, bodies={("update", "zh-hans", "long"): "{name}：请稍候"})
    tell_incident(cut.pk, own, at=minutes(5), by=officer)
    assert sent("information")[0][1] == "周颖：请稍候"
    with pytest.raises(WrongValue, match="nothing fills in"):
        tell_incident(cut.pk, Word(bodies={("update", "en", "long"): "{secret}"}), at=minutes(6), by=officer)
    assert not OutageText.objects.exists()


def test_the_bulletin_names_cause_customers_clocks_and_who_is_at_it(cut: Incident, officer: Actor) -> None:
    texts = bulletin(officer, cut.pk, at=minutes(5), doing={"zh-hans": "已派人"}).by_language
    assert "光缆中断" in texts["zh-hans"]
    assert "汉江银行 AAA" in texts["zh-hans"]
    assert "已派人" in texts["zh-hans"]
    assert "nobody yet" in texts["en"]
    tell_incident(cut.pk, SPLICING, at=minutes(6), by=officer)
    assert "抢修人员已到现场" in bulletin(officer, cut.pk, at=minutes(7)).by_language["zh-hans"], "as last said"
    assert "2 customers" in texts["en"]


def test_the_bulletin_of_what_is_over_promises_nothing_and_still_says_who_was_told(
    world: World, cut: Incident, officer: Actor
) -> None:
    tell_incident(cut.pk, Word(doing={"en": "Splicing"}, next_update_at=minutes(90)), at=minutes(5), by=officer)
    restore(world, cut, 20)
    Incident.objects.filter(pk=cut.pk).update(restored_at=minutes(20), next_update_at=minutes(90))
    text = bulletin(officer, cut.pk, at=minutes(21)).by_language["en"]
    assert "restored" in text
    assert "2 customers" in text
    assert "Next" not in text


def test_quiet_hours_show_before_anything_is_sent(world: World, cut: Incident, officer: Actor) -> None:
    QuietHours.objects.update_or_create(grade="A", defaults={"from_minute": 0, "to_minute": 1439, "channels": ["sms"]})
    Sender.objects.create(channel="sms", kind="trial", name="trial", active=True)
    bank, logistics = tell_preview(officer, cut.pk, SPLICING, at=minutes(5)).rows
    assert bank.state == "now"
    assert [way.held_until is not None for way in logistics.ways if way.channel == "sms"] == [True]


@pytest.mark.parametrize(
    ("channel", "to", "seen"),
    [
        ("sms", "13800000002", "138****0002"),
        ("email", "wu.tong@example.com", "w***@example.com"),
        ("dingtalk", "SEC123456@abcdefghijkl", "…ijkl"),
        ("portal", "7", ""),
    ],
)
def test_addresses_are_shown_in_part(channel: str, to: str, seen: str) -> None:
    assert hidden(channel, to) == seen


def test_telling_takes_as_many_queries_for_many_customers_as_for_few(world: World, officer: Actor) -> None:
    taken = []
    for circuits in ([world.circuit], [world.circuit, world.branch_circuit, world.logistics_circuit]):
        cut = incident()
        happen(*(change(circuit, DOWN, NOW, of=cut) for circuit in circuits))
        with CaptureQueriesContext(connection) as told:
            tell_incident(cut.pk, SPLICING, at=minutes(5), by=officer)
        with CaptureQueriesContext(connection) as seen:
            tell_preview(officer, cut.pk, SPLICING, at=minutes(6))
        taken.append((len(told), len(seen)))
        happen(*(change(circuit, UP, minutes(7), of=cut) for circuit in circuits))
        Ticket.objects.update(status="closed")
    assert taken[0] == taken[1]


def test_a_holding_message_wakes_nobody_and_does_not_pile_up(world: World) -> None:
    Sender.objects.create(channel="sms", kind="trial", name="试发")
    QuietHours.objects.update_or_create(
        grade="A", defaults={"from_minute": 8 * 60 + 45, "to_minute": 11 * 60, "channels": ["sms"]}
    )
    Contact.objects.filter(pk=world.logistics_contact.pk).update(user=None, email="")
    happen(change(world.logistics_circuit, DOWN, NOW, of=incident()))
    assert len(sent("notice")) == 1
    for minute in (50, 60, 110, 120):
        sweep_at(minutes(minute))
    assert not sent("information")
    assert ticket_of(world.logistics_circuit).next_update_at == minutes(180)
    sweep_at(minutes(170))
    sweep_at(minutes(180))
    assert len(sent("information")) == 1


def test_whom_we_called_was_told(world: World, officer: Actor) -> None:
    Contact.objects.filter(pk=world.logistics_contact.pk).update(user=None, email="", phone="")
    happen(change(world.logistics_circuit, DOWN, NOW, of=incident()))
    ticket = ticket_of(world.logistics_circuit)
    pk, contact = ticket.pk, world.logistics_contact.pk
    asked = working.record_call(pk, "催修", contact_id=contact, inbound=True, at=minutes(1), by=officer)
    assert asked.untold_since == NOW
    told = working.record_call(pk, "已电话告知", contact_id=contact, inbound=False, at=minutes(2), by=officer)
    assert told.untold_since is None
