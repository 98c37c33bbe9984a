"""What people do with tickets, who may not, what is refused (H1, H2, H6; PC 6-8, 11, 15)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, NotFound, Refused
from mainstay.platform.messages.models import Message
from mainstay.service.promises.models import CircuitTerm
from mainstay.service.tickets.actions import linking, opening, pausing, regrading, settling, working
from mainstay.service.tickets.actions.opening import Report
from mainstay.service.tickets.actions.pausing import PauseRequest
from mainstay.service.tickets.actions.settling import Resolution
from mainstay.service.tickets.errors import SecondPersonNeeded, TicketMoved, WrongState, WrongValue
from mainstay.service.tickets.models import Clock, Pause, Ticket, TicketEvent
from mainstay.service.tickets.queries.known import known_faults
from mainstay.service.tickets.queries.page import ticket_page
from mainstay.service.tickets.rejudge import rejudge
from tests.cast import NOW, World
from tests.service.tickets.network import DOWN, UP, change, clock_of, happen, incident, minutes, sweep_at, ticket_of

ACCESS = PauseRequest("access_denied", "门卫 20:05 拒绝进入，电话 027-85550100")
CUT = Resolution("cable_cut", "operator", "已熔接")


@pytest.fixture
def down(world: World) -> Ticket:
    """Give the ticket of the bank's circuit, down since NOW, promised within 60 minutes."""
    happen(change(world.circuit, DOWN, NOW, of=incident()))
    return ticket_of(world.circuit)


def restore(world: World, at_minute: float) -> None:
    """Let the network say that the bank's circuit is back."""
    ticket = ticket_of(world.circuit)
    assert ticket.incident is not None
    happen(change(world.circuit, UP, minutes(at_minute), of=ticket.incident))


def test_it_works(world: World, down: Ticket, officer: Actor, customer: Actor) -> None:
    working.claim(down.pk, at=minutes(2), by=officer)
    working.note(down.pk, "抢修队已出发", at=minutes(3), by=officer, for_customer=True)
    restore(world, 40)
    settling.confirm(down.pk, at=minutes(50), by=customer)
    ticket = settling.close(down.pk, at=minutes(60), by=officer)
    assert ticket.status == "closed"
    assert clock_of(world.circuit).state == "met"
    kinds = list(TicketEvent.objects.order_by("at", "id").values_list("kind", flat=True))
    assert kinds == [
        "opened", "circuit_down", "customer_told", "claimed", "note", "circuit_restored", "resolved", "customer_told",
        "confirmed", "closed",
    ]  # fmt: skip
    assert not list(rejudge(at=minutes(61)))


def test_those_who_may_not(world: World, down: Ticket, outsider: Actor, customer: Actor) -> None:
    huang = world.actor("huang.wei")
    for by in (outsider, huang):
        with pytest.raises((NotFound, NotAllowed)):
            working.claim(down.pk, at=minutes(1), by=by)
        with pytest.raises(NotFound):
            working.note(down.pk, "看看", at=minutes(1), by=by)
    with pytest.raises(NotAllowed):
        working.claim(down.pk, at=minutes(1), by=customer)
    with pytest.raises(NotAllowed):
        pausing.pause(down.pk, ACCESS, at=minutes(1), by=customer)
    with pytest.raises(NotFound):
        settling.reopen(down.pk, "还是不通", at=minutes(1), by=outsider)


def test_a_stale_form_is_refused(down: Ticket, officer: Actor, technician: Actor) -> None:
    working.claim(down.pk, at=minutes(1), by=technician, revision=down.revision)
    with pytest.raises(TicketMoved, match=down.number):
        working.claim(down.pk, at=minutes(1), by=officer, revision=down.revision)


def test_a_pause_holds_the_clock_and_a_second_one_says_since_when(world: World, down: Ticket, officer: Actor) -> None:
    pausing.pause(down.pk, ACCESS, at=minutes(15), by=officer)
    clock = clock_of(world.circuit)
    assert (clock.state, clock.used_s, clock.deadline_at) == ("paused", 15 * 60, None)
    with pytest.raises(WrongState, match=f"{down.number} is already paused since 2026-09-01 08:15; resume it first"):
        pausing.pause(down.pk, ACCESS, at=minutes(20), by=officer)
    sweep_at(minutes(100))
    assert not TicketEvent.objects.filter(kind__in=("escalated", "breached"), body__clock="restoration").exists()
    ticket = pausing.resume(down.pk, at=minutes(105), by=officer)
    assert ticket.deadline_at == minutes(150)
    with pytest.raises(WrongState, match="not paused"):
        pausing.resume(down.pk, at=minutes(106), by=officer)
    assert not list(rejudge(at=minutes(120)))


def test_a_pause_ends_at_its_limit_by_itself(world: World, down: Ticket, officer: Actor) -> None:
    limited = PauseRequest("access_denied", "保安不在", limit_minutes=30)
    pausing.pause(down.pk, limited, at=minutes(10), by=officer)
    sweep_at(minutes(45))
    down.refresh_from_db()
    assert (down.status, down.deadline_at) == ("open", minutes(90))
    assert Pause.objects.get().to_at == minutes(40)
    sweep_at(minutes(91))
    assert clock_of(world.circuit).breached_at == minutes(90)
    assert not list(rejudge(at=minutes(95)))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (PauseRequest("weather", "下雨"), "no reason to pause"),
        (PauseRequest("access_denied", "  "), "evidence"),
        (PauseRequest("access_denied", "门锁", limit_minutes=10_000), "480"),
        (PauseRequest("access_denied", "门锁", happened_at=minutes(-5)), "before ticket"),
        (PauseRequest("access_denied", "门锁", happened_at=minutes(500)), "future"),
        (PauseRequest("access_denied", "门锁", happened_at=minutes(5).replace(tzinfo=None)), "time zone"),
    ],
)
def test_a_pause_without_reason_proof_or_possible_time_is_refused(
    down: Ticket, officer: Actor, wanted: PauseRequest, said: str
) -> None:
    with pytest.raises(WrongValue, match=said):
        pausing.pause(down.pk, wanted, at=minutes(10), by=officer)
    assert not Pause.objects.exists()


def test_a_pause_that_needs_a_second_person_counts_from_when_it_was_asked_for(
    world: World, down: Ticket, officer: Actor, leader: Actor
) -> None:
    pausing.pause(down.pk, PauseRequest("customer_fault", "客户路由器断电"), at=minutes(20), by=officer)
    row = Pause.objects.get()
    down.refresh_from_db()
    assert (down.status, clock_of(world.circuit).state) == ("open", "running")
    with pytest.raises(NotAllowed):
        pausing.approve_pause(row.pk, at=minutes(30), by=officer)
    sweep_at(minutes(61))
    assert clock_of(world.circuit).state == "breached"
    pausing.approve_pause(row.pk, at=minutes(70), by=leader)
    clock = clock_of(world.circuit)
    assert (clock.state, clock.used_s, clock.breached_at) == ("paused", 20 * 60, None)
    down.refresh_from_db()
    assert (down.status, down.breached_at) == ("paused", None)
    assert TicketEvent.objects.filter(kind="breached").exists(), "evidence is never destroyed"
    with pytest.raises(WrongState, match="decided"):
        pausing.approve_pause(row.pk, at=minutes(71), by=leader)
    assert not list(rejudge(at=minutes(80)))


def test_nobody_approves_their_own_pause(down: Ticket, leader: Actor) -> None:
    pausing.pause(down.pk, PauseRequest("force_majeure", "特大暴雨红色预警"), at=minutes(5), by=leader)
    with pytest.raises(SecondPersonNeeded):
        pausing.approve_pause(Pause.objects.get().pk, at=minutes(6), by=leader)


def test_a_refused_pause_changes_no_clock(world: World, down: Ticket, officer: Actor, leader: Actor) -> None:
    pausing.pause(down.pk, PauseRequest("customer_fault", "疑似客户设备"), at=minutes(5), by=officer)
    pausing.refuse_pause(Pause.objects.get().pk, "测试未证明", at=minutes(9), by=leader)
    assert clock_of(world.circuit).deadline_at == minutes(60)


def test_a_circuit_that_goes_down_during_a_pause_runs(world: World, down: Ticket, officer: Actor) -> None:
    world.branch_circuit.customer = world.bank
    world.branch_circuit.save()
    pausing.pause(down.pk, ACCESS, at=minutes(5), by=officer)
    assert down.incident is not None
    happen(change(world.branch_circuit, DOWN, minutes(10), of=down.incident))
    assert clock_of(world.branch_circuit).state == "running"
    assert clock_of(world.circuit).state == "paused"


def test_resolving_needs_the_network_to_agree(world: World, down: Ticket, officer: Actor) -> None:
    with pytest.raises(WrongState, match=world.circuit.number):
        settling.resolve(down.pk, CUT, at=minutes(5), by=officer)


def test_a_customers_own_ticket_runs_from_the_report_and_is_resolved_by_us(
    world: World, customer: Actor, officer: Actor
) -> None:
    answer = opening.report_fault(
        Report("网银不通\n营业厅排队", "portal", circuit_id=world.circuit.pk), at=NOW, by=customer
    )
    assert (answer.was_known, answer.ticket.title, answer.ticket.deadline_at) == (False, "网银不通", minutes(60))
    with pytest.raises(WrongValue, match="no cause"):
        settling.resolve(answer.ticket.pk, Resolution("ghosts", "operator"), at=minutes(5), by=officer)
    ticket = settling.resolve(
        answer.ticket.pk, Resolution("configuration", "operator", happened_at=minutes(30)), at=minutes(70), by=officer
    )
    assert (ticket.status, ticket.breached_at, ticket.cause_code) == ("resolved", None, "configuration")
    assert clock_of(world.circuit).used_s == 30 * 60
    assert not list(rejudge(at=minutes(80)))


def test_reopening_continues_the_clock_without_the_time_resolved(world: World, customer: Actor, officer: Actor) -> None:
    ticket = opening.report_fault(Report("断线", "portal", circuit_id=world.circuit.pk), at=NOW, by=customer).ticket
    settling.resolve(ticket.pk, CUT, at=minutes(20), by=officer)
    with pytest.raises(WrongState, match="resolved since"):
        settling.resolve(ticket.pk, CUT, at=minutes(21), by=officer)
    ticket = settling.reopen(ticket.pk, "还是丢包", at=minutes(120), by=customer)
    assert (ticket.status, ticket.deadline_at) == ("open", minutes(160))
    with pytest.raises(WrongState, match="nothing to reopen"):
        settling.reopen(ticket.pk, "还是丢包", at=minutes(121), by=customer)


def test_a_report_of_a_known_fault_is_answered_and_put_on_its_ticket(
    world: World, down: Ticket, officer: Actor, customer: Actor
) -> None:
    report = Report("专线断了", "phone", circuit_id=world.circuit.pk, contact_id=world.bank_contact.pk)
    assert [f.number for f in known_faults(world.bank.pk, world.circuit.pk, actor=officer)] == [down.number]
    answer = opening.report_fault(report, at=minutes(12), by=officer)
    assert (answer.ticket, answer.was_known, answer.known_since) == (down, True, NOW)
    assert answer.next_update_at == minutes(30)
    assert Ticket.objects.count() == 1
    restore(world, 20)
    again = opening.report_fault(Report("还是不通", "portal", circuit_id=world.circuit.pk), at=minutes(25), by=customer)
    assert (again.ticket, again.ticket.status) == (down, "open")
    assert clock_of(world.circuit).state == "running"


def test_an_alarm_after_the_report_joins_the_same_ticket(world: World, customer: Actor) -> None:
    answer = opening.report_fault(Report("断线", "portal", circuit_id=world.circuit.pk), at=minutes(4), by=customer)
    cut = incident()
    happen(change(world.circuit, DOWN, minutes(5), of=cut))
    answer.ticket.refresh_from_db()
    assert (Ticket.objects.count(), answer.ticket.incident) == (1, cut)
    assert clock_of(world.circuit).started_at == minutes(4)


def test_nobody_reports_on_what_they_may_not_see(world: World, outsider: Actor, officer: Actor) -> None:
    for report in (
        Report("?", "portal", circuit_id=world.circuit.pk),
        Report("?", "portal", customer_id=world.bank.pk),
    ):
        with pytest.raises(NotFound):
            opening.report_fault(report, at=NOW, by=outsider)
    with pytest.raises(NotFound):
        opening.report_fault(Report("?", "phone", circuit_id=world.trade_circuit.pk), at=NOW, by=officer)
    assert not Ticket.objects.exists()


def test_a_changed_promise_keeps_used_time_and_the_pause(
    world: World, down: Ticket, officer: Actor, leader: Actor
) -> None:
    with pytest.raises(Refused, match="Nothing changes"):
        regrading.change_promise(down.pk, "升级", at=minutes(9), by=leader)
    pausing.pause(down.pk, ACCESS, at=minutes(10), by=officer)
    CircuitTerm.objects.create(
        circuit=world.circuit, metric="restoration", amount=Decimal(30), unit="natural_minutes",
        calendar=world.calendar_always, valid_from=date(2026, 1, 1),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        regrading.change_promise(down.pk, "升级", at=minutes(20), by=officer)
    regrading.change_promise(down.pk, "重要活动升级", at=minutes(20), by=leader)
    clock = clock_of(world.circuit)
    assert (clock.state, clock.used_s, clock.total_s) == ("paused", 10 * 60, 30 * 60)
    ticket = pausing.resume(down.pk, at=minutes(40), by=officer)
    assert ticket.deadline_at == minutes(60)
    assert PromiseTerm.objects.exists()
    assert not list(rejudge(at=minutes(41)))


def test_a_backdated_resume_re_judges_and_shows_as_backdated(world: World, down: Ticket, officer: Actor) -> None:
    pausing.pause(down.pk, ACCESS, at=minutes(10), by=officer)
    pausing.resume(down.pk, at=minutes(100), by=officer, happened_at=minutes(30))
    assert clock_of(world.circuit).breached_at == minutes(80)
    page = ticket_page(officer, down.pk, at=minutes(100))
    assert [e.kind for e in page.story if e.backdated] == ["resumed"]


def test_responsibility_can_be_decided_after_closing(world: World, down: Ticket, officer: Actor) -> None:
    restore(world, 20)
    settling.close(down.pk, at=minutes(30), by=officer)
    ticket = settling.decide_responsibility(down.pk, "other_operator", "对端运营商确认", at=minutes(900), by=officer)
    assert ticket.responsibility == "other_operator"
    assert ticket.cause_code == ""
    ticket = settling.decide_responsibility(
        down.pk, "operator", "挖断光缆", cause_code="cable_cut", at=minutes(901), by=officer
    )
    assert (ticket.cause_code, ticket.responsibility) == ("cable_cut", "operator")
    with pytest.raises(WrongValue, match="is no cause"):
        settling.decide_responsibility(down.pk, "operator", "?", cause_code="ghosts", at=minutes(902), by=officer)
    with pytest.raises(WrongState, match="closed since"):
        settling.close(down.pk, at=minutes(901), by=officer)


def test_a_duplicate_gives_its_story_to_the_ticket_that_stays(world: World, customer: Actor, officer: Actor) -> None:
    first = opening.report_fault(Report("网慢", "portal", customer_id=world.bank.pk), at=NOW, by=customer).ticket
    second = opening.report_fault(
        Report("断线", "portal", circuit_id=world.circuit.pk), at=minutes(3), by=customer
    ).ticket
    assert first != second
    linking.mark_duplicate(second.pk, first.pk, at=minutes(5), by=officer)
    second.refresh_from_db()
    assert (second.status, second.parent) == ("closed", first)
    assert Clock.objects.get(ticket=first, circuit=world.circuit).deadline_at == minutes(63)
    with pytest.raises(WrongState, match="taken over"):
        settling.reopen(second.pk, "?", at=minutes(6), by=officer)


def test_parents_make_no_circle(world: World, customer: Actor, officer: Actor) -> None:
    cut = incident()
    happen(change(world.circuit, DOWN, NOW, of=cut), change(world.branch_circuit, DOWN, NOW, of=cut))
    one, two = Ticket.objects.order_by("id")
    linking.link_to_parent(one.pk, two.pk, at=minutes(1), by=officer)
    with pytest.raises(WrongValue, match="circle"):
        linking.link_to_parent(two.pk, one.pk, at=minutes(2), by=officer)


def test_assigning_goes_to_people_of_the_region(world: World, down: Ticket, officer: Actor) -> None:
    chen = world.users["chen.tao"]
    assert working.assign(down.pk, chen.pk, at=minutes(1), by=officer).status == "assigned"
    with pytest.raises(WrongState, match="already"):
        working.assign(down.pk, chen.pk, at=minutes(2), by=officer)
    with pytest.raises(WrongValue):
        working.assign(down.pk, world.users["huang.wei"].pk, at=minutes(2), by=officer)


def test_news_for_the_customer_keeps_the_promised_update(world: World, down: Ticket, officer: Actor) -> None:
    with pytest.raises(WrongValue, match="not in the future"):
        working.promise_next_update(down.pk, minutes(1), at=minutes(5), by=officer)
    ticket = working.tell_customer(
        down.pk, "断点已找到，正在熔接", at=minutes(20), by=officer, next_update_at=minutes(60)
    )
    assert ticket.next_update_at == minutes(60)
    assert Message.objects.filter(kind="information", contact_id=world.bank_contact.pk).count() == 1
    restore(world, 30)
    assert Message.objects.filter(kind="all_clear", contact_id=world.bank_contact.pk).count() == 1


def test_a_call_is_written_down_with_who_called(world: World, down: Ticket, officer: Actor) -> None:
    working.record_call(down.pk, "催修", at=minutes(5), by=officer, contact_id=world.bank_contact.pk)
    assert TicketEvent.objects.get(kind="call").body["name"] == "周颖"
    with pytest.raises(WrongValue):
        working.record_call(down.pk, "催修", at=minutes(5), by=officer, contact_id=world.logistics_contact.pk)


def test_every_refusal_can_be_translated(down: Ticket, officer: Actor) -> None:
    with pytest.raises(MainstayError) as refused:
        pausing.resume(down.pk, at=minutes(1) + timedelta(), by=officer)
    assert down.number in refused.value.explain(lambda text: text)
