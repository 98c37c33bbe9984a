"""Clocks are judged otherwise after the fact, by approval and with what would change shown (PC 7, 11, 15, 26)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.accounts.catalog.terms import Terms, check_terms
from mainstay.domain.errors import MainstayError, NotAllowed
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.actions import settling
from mainstay.service.tickets.actions.rejudging import Wish, approve_rejudging, ask_rejudging, refuse_rejudging
from mainstay.service.tickets.errors import SecondPersonNeeded
from mainstay.service.tickets.models import Pause, Rejudging, Ticket, TicketEvent
from mainstay.service.tickets.queries.page import ticket_page
from mainstay.service.tickets.rejudge import rejudge
from tests.cast import NOW, World
from tests.service.tickets.network import DOWN, UP, change, clock_of, happen, incident, minutes, sweep_at, ticket_of

SINCE = date(2026, 1, 1)


@pytest.fixture
def missed(world: World) -> Ticket:
    """Give the bank's ticket: down at NOW, promised in 60 minutes, back after 80."""
    happen(change(world.circuit, DOWN, NOW, of=incident()))
    ticket = ticket_of(world.circuit)
    sweep_at(minutes(61))
    happen(change(world.circuit, UP, minutes(80), of=ticket.incident))  # type: ignore[arg-type]
    return ticket_of(world.circuit)


def refused_access(from_minute: int = 10, to_minute: int = 50) -> Wish:
    return Wish(
        "pause",
        "08:10 至 08:50 机房不让进，门卫李师傅",
        None,
        minutes(from_minute),
        minutes(to_minute),
        "access_denied",
    )


def test_a_pause_entered_later_moves_the_deadline_once_a_second_person_agrees(world: World, missed: Ticket) -> None:
    officer, leader = world.actor("li.qiang"), world.actor("zhao.lei")
    assert missed.breached_at == minutes(60)
    row = ask_rejudging(missed.pk, refused_access(), at=minutes(90), by=officer)
    (seen,) = row.changes
    assert (seen["before"]["state"], seen["after"]["state"]) == ("breached", "met")
    assert seen["after"]["used_s"] == 40 * 60
    assert clock_of(world.circuit).breached_at == minutes(60)  # nothing changed yet
    with pytest.raises(NotAllowed):
        approve_rejudging(row.pk, at=minutes(91), by=officer)
    letters = Message.objects.filter(dedupe_key__startswith="clock:").count()
    approve_rejudging(row.pk, at=minutes(92), by=leader)
    clock = clock_of(world.circuit)
    assert (clock.state, clock.deadline_at, clock.used_s) == ("met", minutes(100), 40 * 60)
    assert Ticket.objects.get(pk=missed.pk).breached_at is None
    sweep_at(minutes(200))
    assert Message.objects.filter(dedupe_key__startswith="clock:").count() == letters  # nobody is told again
    assert TicketEvent.objects.filter(ticket=missed, kind="breached").exists()  # the evidence stays
    assert Pause.objects.get(ticket=missed).approved_by == "赵磊"
    assert Entry.objects.filter(action="ticket.rejudge").exists()
    assert list(rejudge(at=minutes(201))) == []


def test_nobody_approves_what_they_asked_for_themselves(world: World, missed: Ticket) -> None:
    leader = world.actor("zhao.lei")
    row = ask_rejudging(missed.pk, refused_access(), at=minutes(90), by=leader)
    with pytest.raises(SecondPersonNeeded):
        approve_rejudging(row.pk, at=minutes(91), by=leader)
    refuse_rejudging(row.pk, "撤回", at=minutes(92), by=leader)


def test_what_was_refused_changes_nothing_and_stays_readable(world: World, missed: Ticket) -> None:
    row = ask_rejudging(missed.pk, refused_access(), at=minutes(90), by=world.actor("li.qiang"))
    refuse_rejudging(row.pk, "没有证据", at=minutes(91), by=world.actor("zhao.lei"))
    missed.refresh_from_db()
    assert missed.breached_at == minutes(60)
    page = ticket_page(world.actor("li.qiang"), missed.pk, at=minutes(95))
    assert [(r.state, r.decided_by) for r in page.rejudgings] == [("refused", "赵磊")]
    with pytest.raises(MainstayError, match="decided"):
        approve_rejudging(row.pk, at=minutes(92), by=world.actor("zhao.lei"))


def test_a_clearing_or_a_beginning_entered_later_re_judges_what_followed(world: World, missed: Ticket) -> None:
    by, leader = world.actor("li.qiang"), world.actor("zhao.lei")
    back = Wish("restored", "客户确认 55 分已恢复", world.circuit.pk, minutes(55))
    approve_rejudging(ask_rejudging(missed.pk, back, at=minutes(90), by=by).pk, at=minutes(91), by=leader)
    clock = clock_of(world.circuit)
    assert (clock.state, clock.stopped_at) == ("met", minutes(55))
    began = Wish("began", "网管日志显示更早", world.circuit.pk, minutes(-10))
    approve_rejudging(ask_rejudging(missed.pk, began, at=minutes(95), by=by).pk, at=minutes(96), by=leader)
    clock.refresh_from_db()
    assert (clock.started_at, clock.breached_at, clock.used_s) == (minutes(-10), minutes(50), 65 * 60)
    history = ticket_page(by, missed.pk, at=minutes(97)).rejudgings
    assert [(r.kind, r.changes[0].after.state) for r in history] == [("began", "breached"), ("restored", "met")]
    assert list(rejudge(at=minutes(98))) == []


def test_a_change_of_promise_shows_before_it_is_made(world: World) -> None:
    happen(change(world.circuit, DOWN, NOW, of=incident()))
    ticket = ticket_of(world.circuit)
    PromiseTerm.objects.filter(grade=world.circuit.grade).update(amount=Decimal(120))
    wish = Wish("promise", "合同补充协议")
    row = ask_rejudging(ticket.pk, wish, at=minutes(10), by=world.actor("li.qiang"))
    (seen,) = row.changes
    assert (seen["before"]["total_s"], seen["after"]["total_s"]) == (3600, 7200)
    assert clock_of(world.circuit).deadline_at == minutes(60)
    approve_rejudging(row.pk, at=minutes(12), by=world.actor("zhao.lei"))
    assert clock_of(world.circuit).deadline_at == minutes(120)


def test_responsibility_decided_afterwards_keeps_every_verdict(world: World, missed: Ticket) -> None:
    by = world.actor("li.qiang")
    settling.decide_responsibility(missed.pk, "operator", "初判光缆老化", at=minutes(90), by=by)
    settling.decide_responsibility(missed.pk, "customer", "客户机房断电", at=minutes(95), by=by)
    charges = [row.charge for row in ticket_page(by, missed.pk, at=minutes(99)).rejudgings]
    assert [(c.before_charged, c.after_charged) for c in charges if c] == [(True, False), (True, True)]
    missed.refresh_from_db()
    assert missed.breached_at == minutes(60)  # what happened stays


@pytest.mark.parametrize(
    "wish",
    [
        refused_access(50, 10),
        refused_access(10, 500),
        Wish("pause", "", None, minutes(1), minutes(2), "access_denied"),
        Wish("pause", "无此原因", None, minutes(1), minutes(2), "weather"),
        Wish("restored", "无此电路", 999_999, minutes(5)),
        Wish("began", "太早", None, minutes(5)),
        Wish("nothing", "没有此类"),
        Wish("pause", "恢复之后", None, minutes(82), minutes(85), "access_denied"),
    ],
)
def test_what_is_refused(world: World, missed: Ticket, wish: Wish) -> None:
    with pytest.raises(MainstayError):
        ask_rejudging(missed.pk, wish, at=minutes(90), by=world.actor("li.qiang"))
    assert not Rejudging.objects.exists()


def test_one_wish_at_a_time_and_only_by_those_who_see_the_ticket(world: World, missed: Ticket) -> None:
    with pytest.raises(MainstayError):
        ask_rejudging(missed.pk, refused_access(), at=minutes(90), by=world.actor("huang.wei"))
    row = ask_rejudging(missed.pk, refused_access(), at=minutes(90), by=world.actor("li.qiang"))
    with pytest.raises(MainstayError, match="waits"):
        ask_rejudging(missed.pk, refused_access(20, 30), at=minutes(90), by=world.actor("li.qiang"))
    with pytest.raises(MainstayError):
        approve_rejudging(row.pk, at=minutes(91), by=world.actor("huang.wei"))


def test_a_repeated_fault_has_its_own_clause_and_says_so(world: World) -> None:
    """PC 21: the same circuit again within N days carries a shorter promise, and people are told at once."""
    PromiseTerm.objects.filter(grade=world.circuit.grade).update(
        repeat_days=7, repeat_amount=Decimal(30), repeat_escalates=True
    )
    first = incident()
    happen(change(world.circuit, DOWN, NOW, of=first))
    assert clock_of(world.circuit).deadline_at == minutes(60)
    happen(change(world.circuit, UP, minutes(20), of=first))
    settling.close(ticket_of(world.circuit).pk, at=minutes(30), by=world.actor("li.qiang"))
    again = minutes(24 * 60)
    happen(change(world.circuit, DOWN, again, of=incident(again)))
    ticket = Ticket.objects.order_by("-pk")[0]
    clock = ticket.clocks.get(kind="restoration")
    assert (clock.deadline_at, ticket.is_repeat) == (minutes(24 * 60 + 30), True)
    sweep_at(again)
    told = Message.objects.filter(dedupe_key__startswith=f"clock:{clock.pk}:0")
    assert set(told.values_list("to_name", flat=True)) == {"李强", "赵磊", "王敏"}
    sweep_at(minutes(24 * 60 + 1))
    assert TicketEvent.objects.filter(ticket=ticket, kind="escalated", body__percent=0).count() == 1
    said = ticket_page(world.actor("li.qiang"), ticket.pk, at=again).clocks[0].promise.source
    assert any("Repeated fault" in line or "重复" in line for line in said)
    late = minutes(24 * 60 * 9)
    happen(change(world.circuit, UP, minutes(24 * 60 + 5), of=ticket.incident))  # type: ignore[arg-type]
    settling.close(ticket.pk, at=minutes(24 * 60 + 6), by=world.actor("li.qiang"))
    happen(change(world.circuit, DOWN, late, of=incident(late)))
    assert Ticket.objects.order_by("-pk")[0].clocks.get(kind="restoration").total_s == 3600


def test_a_term_with_a_clause_that_says_nothing_is_refused(world: World) -> None:
    calendars, term = (
        {"24x7": world.calendar_always},
        Terms("restoration", Decimal(60), "natural_minutes", "24x7", SINCE),
    )
    bad = (
        replace(term, repeat_amount=Decimal(5)), replace(term, repeat_escalates=True), replace(term, repeat_days=0),
        replace(term, repeat_days=7, repeat_amount=Decimal(61)),
    )  # fmt: skip
    for each in bad:
        with pytest.raises(MainstayError):
            check_terms("S3", [each], calendars)
    check_terms("S3", [replace(term, repeat_days=7, repeat_amount=Decimal(60))], calendars)
