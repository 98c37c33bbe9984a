"""Impacts become tickets, clocks and notices (PC 16, 22-26; H1)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.domain.actor import Actor
from mainstay.network.alarms.events import CircuitNotAffected, IncidentMerged
from mainstay.platform.journal.models import Entry, OutboxEvent
from mainstay.platform.messages.models import Message
from mainstay.service.promises.models import CircuitTerm
from mainstay.service.tickets.actions import pausing, working
from mainstay.service.tickets.actions.pausing import PauseRequest
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent
from mainstay.service.tickets.queries.desk import customers_told, impacted_customers
from mainstay.service.tickets.rejudge import rejudge
from tests.cast import NOW, World
from tests.service.tickets.network import (
    DEGRADED,
    DOWN,
    UNPROTECTED,
    UP,
    change,
    clock_of,
    happen,
    incident,
    minutes,
    sweep_at,
    tell,
    ticket_of,
)  # fmt: skip


def test_it_works(world: World) -> None:
    cut = incident()
    happen(change(world.circuit, DOWN, NOW, of=cut), change(world.logistics_circuit, DOWN, NOW, of=cut))
    bank, logistics = ticket_of(world.circuit), ticket_of(world.logistics_circuit)
    assert (bank.customer, bank.status, bank.grade, bank.origin) == (world.bank, "open", "AAA", "impact")
    assert bank.deadline_at == minutes(60)
    assert logistics.deadline_at == minutes(180)
    assert bank.incident == logistics.incident == cut
    assert clock_of(world.circuit).started_at == NOW
    assert not list(rejudge(at=minutes(5)))


def test_the_clock_starts_when_the_circuit_went_down_not_when_we_noticed(world: World) -> None:
    happen(change(world.circuit, DOWN, NOW, of=incident(), detected_at=minutes(3)))
    assert clock_of(world.circuit).started_at == NOW


def test_an_unprotected_circuit_opens_no_ticket_and_no_clock(world: World) -> None:
    happen(change(world.circuit, UNPROTECTED, NOW, of=incident(), was=UP))
    assert not Ticket.objects.exists()
    assert not Clock.objects.exists()
    assert not Message.objects.exists()


def test_a_ring_cut_twice_starts_the_clock_at_the_second_cut(world: World) -> None:
    cut = incident()
    happen(change(world.circuit, UNPROTECTED, NOW, of=cut, was=UP))
    happen(change(world.circuit, DOWN, minutes(7), of=cut, was=UNPROTECTED))
    assert clock_of(world.circuit).started_at == minutes(7)
    happen(change(world.circuit, UNPROTECTED, minutes(20), of=cut))
    assert clock_of(world.circuit).stopped_at == minutes(20)
    happen(change(world.circuit, UP, minutes(30), of=cut, was=UNPROTECTED))
    assert clock_of(world.circuit).used_s == 13 * 60


def test_planned_work_opens_nothing_but_its_overrun_does(world: World) -> None:
    work = incident()
    happen(change(world.circuit, DOWN, NOW, of=work, planned=True))
    assert not Ticket.objects.exists()
    happen(change(world.circuit, DOWN, minutes(120), of=work, was=DOWN))
    assert clock_of(world.circuit).started_at == minutes(120)


def test_a_degraded_circuit_opens_a_ticket_without_a_clock(world: World) -> None:
    cut = incident()
    happen(change(world.circuit, DEGRADED, NOW, of=cut))
    assert ticket_of(world.circuit).deadline_at is None
    assert not Clock.objects.filter(kind="restoration").exists()
    happen(change(world.circuit, DOWN, minutes(5), of=cut, was=DEGRADED))
    assert clock_of(world.circuit).started_at == minutes(5)


def test_one_ticket_per_customer_and_one_clock_per_circuit_breach_is_per_circuit(world: World) -> None:
    world.branch_circuit.customer = world.bank
    world.branch_circuit.save()
    cut = incident()
    happen(change(world.circuit, DOWN, NOW, of=cut), change(world.branch_circuit, DOWN, minutes(1), of=cut))
    ticket = Ticket.objects.get()
    assert Clock.objects.filter(kind="restoration").count() == 2
    assert ticket.deadline_at == minutes(60)
    happen(change(world.circuit, UP, minutes(30), of=cut))
    ticket.refresh_from_db()
    assert ticket.deadline_at == minutes(91)
    assert ticket.status == "open"
    sweep_at(minutes(95))
    assert clock_of(world.circuit).breached_at is None
    assert clock_of(world.branch_circuit).breached_at == minutes(91)
    ticket.refresh_from_db()
    assert ticket.breached_at == minutes(91)


def test_restored_settles_the_ticket_and_down_again_continues_the_clock(world: World) -> None:
    cut = incident()
    happen(change(world.circuit, DOWN, NOW, of=cut))
    happen(change(world.circuit, UP, minutes(10), of=cut))
    ticket = ticket_of(world.circuit)
    assert (ticket.status, ticket.resolved_at, ticket.deadline_at) == ("resolved", minutes(10), None)
    assert clock_of(world.circuit).state == "met"
    happen(change(world.circuit, DOWN, minutes(40), of=cut))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.deadline_at) == ("open", minutes(90))
    assert Ticket.objects.count() == 1
    assert not list(rejudge(at=minutes(50)))


def test_the_same_news_twice_changes_nothing(world: World) -> None:
    cut = incident()
    for _ in range(2):
        happen(change(world.circuit, DOWN, NOW, of=cut))
    assert TicketEvent.objects.filter(kind="circuit_down").count() == 1
    for _ in range(2):
        happen(change(world.circuit, UP, minutes(9), of=cut))
    assert TicketEvent.objects.filter(kind="circuit_restored").count() == 1
    assert Message.objects.filter(contact_id=world.bank_contact.pk).count() == 2


def test_overlapping_incidents_of_a_circuit_are_one_outage(world: World) -> None:
    first, second = incident(), incident()
    happen(change(world.circuit, DOWN, NOW, of=first))
    happen(change(world.circuit, DOWN, minutes(5), of=second, was=DOWN))
    happen(change(world.circuit, UP, minutes(30), of=second))
    assert Ticket.objects.count() == 1
    assert clock_of(world.circuit).used_s == 30 * 60


def test_a_grade_changed_later_never_touches_running_clocks(world: World) -> None:
    happen(change(world.circuit, DOWN, NOW, of=incident()))
    PromiseTerm.objects.filter(grade="AAA").update(amount=5, valid_from=date(2020, 1, 1))
    world.circuit.grade = "III"
    world.circuit.save()
    sweep_at(minutes(31))
    assert clock_of(world.circuit).deadline_at == minutes(60)


def test_not_affected_withdraws_the_clock_and_settles_the_ticket(world: World) -> None:
    cut = incident()
    happen(change(world.circuit, DOWN, NOW, of=cut))
    tell(CircuitNotAffected(cut.pk, world.circuit.pk, world.bank.pk, minutes(6)))
    ticket = ticket_of(world.circuit)
    assert ticket.status == "resolved"
    assert Clock.objects.get(circuit=world.circuit).state == "cancelled"
    tell(CircuitNotAffected(cut.pk, world.circuit.pk, world.bank.pk, minutes(6)))
    assert TicketEvent.objects.filter(kind="not_affected").count() == 1


def test_merged_incidents_bring_their_tickets_together_and_lose_nothing(world: World) -> None:
    world.branch_circuit.customer = world.bank
    world.branch_circuit.save()
    first, second = incident(), incident()
    happen(change(world.circuit, DOWN, NOW, of=first))
    happen(change(world.branch_circuit, DOWN, minutes(2), of=second))
    happen(change(world.logistics_circuit, DOWN, minutes(3), of=first))
    older, younger = Ticket.objects.filter(customer=world.bank).order_by("pk")
    tell(IncidentMerged(first.pk, second.pk, minutes(4)))
    older.refresh_from_db()
    younger.refresh_from_db()
    assert (older.status, older.incident) == ("open", second)
    assert (younger.status, younger.parent) == ("closed", older)
    moved = Clock.objects.get(ticket=older, circuit=world.branch_circuit)
    assert (moved.started_at, moved.deadline_at) == (minutes(2), minutes(92))
    assert ticket_of(world.logistics_circuit).incident == second
    assert Clock.objects.get(ticket=younger, circuit=world.branch_circuit).state == "cancelled"
    assert not list(rejudge(at=minutes(9)))
    happen(change(world.branch_circuit, UP, minutes(9), of=second))
    moved.refresh_from_db()
    assert moved.stopped_at == minutes(9)


def test_a_pause_taken_over_by_a_merge_ends_at_its_limit_and_its_clock_still_warns(
    world: World, officer: Actor
) -> None:
    world.branch_circuit.customer = world.bank
    world.branch_circuit.save()
    first, second = incident(), incident()
    happen(change(world.circuit, DOWN, NOW, of=first))
    happen(change(world.branch_circuit, DOWN, minutes(2), of=second))
    wanted = PauseRequest("access_denied", "门禁", limit_minutes=30)
    pausing.pause(ticket_of(world.branch_circuit).pk, wanted, at=minutes(5), by=officer)
    tell(IncidentMerged(second.pk, first.pk, minutes(6)))
    assert clock_of(world.branch_circuit).state == "paused"
    sweep_at(minutes(35))
    assert clock_of(world.branch_circuit).deadline_at == minutes(122)
    sweep_at(minutes(122))
    assert clock_of(world.branch_circuit).breached_at == minutes(122)
    assert not list(rejudge(at=minutes(123)))


def test_customers_are_told_once_per_ticket_and_the_all_clear_goes_to_those_told(world: World) -> None:
    cut = incident()
    world.branch_circuit.customer = world.bank
    world.branch_circuit.save()
    happen(change(world.circuit, DOWN, NOW, of=cut), change(world.branch_circuit, DOWN, NOW, of=cut))
    notice = Message.objects.get(contact_id=world.bank_contact.pk)
    assert (notice.kind, notice.channel) == ("notice", "portal")
    assert world.circuit.number in notice.body
    assert "2026-09-01 08:30" in notice.body
    assert customers_told() == 1
    world.bank_contact.notify = False
    world.bank_contact.save()
    happen(change(world.circuit, UP, minutes(8), of=cut), change(world.branch_circuit, UP, minutes(9), of=cut))
    assert list(Message.objects.order_by("id").values_list("kind", "contact_id")) == [
        ("notice", world.bank_contact.pk),
        ("all_clear", world.bank_contact.pk),
    ]


def test_a_subsidiary_without_contacts_is_told_through_its_group(world: World) -> None:
    happen(change(world.branch_circuit, DOWN, NOW, of=incident()))
    assert Message.objects.get().contact_id == world.bank_contact.pk


def test_every_write_leaves_an_audit_entry_and_news(world: World, officer: Actor) -> None:
    happen(change(world.circuit, DOWN, NOW, of=incident()))
    ticket = ticket_of(world.circuit)
    working.claim(ticket.pk, at=minutes(1), by=officer)
    opened, claimed = Entry.objects.filter(object_kind="ticket").order_by("id")
    assert (opened.actor_name, opened.customer_id) == ("impact worker", world.bank.pk)
    assert claimed.after["assigned_to_id"] == officer.user_id
    assert claimed.before["status"] == "open"
    assert OutboxEvent.objects.filter(kind="ticket", customer_id=world.bank.pk).count() == 2


def test_the_response_clock_runs_from_detection_until_somebody_takes_it(world: World, officer: Actor) -> None:
    PromiseTerm.objects.create(
        profile=world.profile, grade="AAA", metric="response", amount=15, unit="natural_minutes",
        calendar=world.calendar_always, valid_from=date(2020, 1, 1),
    )  # fmt: skip
    happen(change(world.circuit, DOWN, NOW, of=incident(), detected_at=minutes(2)))
    ticket = ticket_of(world.circuit)
    clock = Clock.objects.get(kind="response")
    assert (clock.started_at, clock.deadline_at, ticket.deadline_at) == (minutes(2), minutes(17), minutes(60))
    working.claim(ticket.pk, at=minutes(10), by=officer)
    clock.refresh_from_db()
    assert (clock.state, clock.used_s) == ("met", 8 * 60)


def test_work_a_moment_apart_never_judges_backwards(world: World, officer: Actor) -> None:
    cut = incident()
    happen(change(world.circuit, DOWN, NOW, of=cut))
    ticket = ticket_of(world.circuit)
    working.claim(ticket.pk, at=minutes(10), by=officer)
    happen(change(world.circuit, UP, minutes(9), of=cut))
    assert clock_of(world.circuit).stopped_at == minutes(9)
    assert not list(rejudge(at=minutes(11)))


def test_a_clearing_before_its_fault_ends_it_where_it_began(world: World) -> None:
    cut = incident()
    happen(change(world.circuit, DOWN, minutes(5), of=cut))
    happen(change(world.circuit, UP, minutes(2), of=cut, detected_at=minutes(6)))
    assert (ticket_of(world.circuit).status, clock_of(world.circuit).used_s) == ("resolved", 0)


def test_a_late_alarm_moves_the_beginning_back(world: World) -> None:
    cut = incident()
    happen(change(world.circuit, DOWN, minutes(5), of=cut))
    happen(change(world.circuit, DOWN, minutes(1), of=cut, was=DOWN, detected_at=minutes(8)))
    assert clock_of(world.circuit).deadline_at == minutes(61)
    assert not list(rejudge(at=minutes(9)))


def test_working_minutes_run_by_the_office_calendar(world: World, officer: Actor) -> None:
    CircuitTerm.objects.create(
        circuit=world.circuit, metric="restoration", amount=240, unit="working_minutes",
        calendar=world.calendar_office, valid_from=date(2026, 1, 1),
    )  # fmt: skip
    happen(change(world.circuit, DOWN, minutes(9 * 60), of=incident()))  # 17:00 in Shanghai, an hour before closing
    assert clock_of(world.circuit).deadline_at == minutes(24 * 60 + 3 * 60)
    row = impacted_customers(officer, at=minutes(13 * 60))[0]
    assert row.clock is not None
    assert (row.clock.counting, row.clock.remaining_seconds) == (False, 3 * 3600)


def test_a_verdict_that_was_tampered_with_is_found(world: World) -> None:
    happen(change(world.circuit, DOWN, NOW, of=incident()))
    Clock.objects.update(deadline_at=minutes(600))
    found = {(d.column, d.stored, d.judged) for d in rejudge(at=minutes(5)) if d.clock_id}
    assert found == {("deadline_at", minutes(600), minutes(60))}


def test_a_repeated_fault_is_marked(world: World) -> None:
    first, second = incident(), incident()
    happen(change(world.circuit, DOWN, NOW, of=first))
    happen(change(world.circuit, UP, minutes(5), of=first))
    happen(change(world.circuit, DOWN, minutes(600), of=second))
    assert [t.is_repeat for t in Ticket.objects.order_by("id")] == [False, True]


def test_impacted_customers_come_by_grade_then_by_time_left(world: World, officer: Actor) -> None:
    cut = incident()
    happen(
        change(world.logistics_circuit, DOWN, NOW, of=cut),
        change(world.branch_circuit, DOWN, minutes(1), of=cut),
        change(world.circuit, DOWN, minutes(2), of=cut),
    )
    rows = impacted_customers(officer, at=minutes(3))
    assert [row.customer_id for row in rows] == [world.bank.pk, world.branch.pk, world.logistics.pk]
    assert rows[0].clock is not None
    assert rows[0].clock.remaining_seconds == 59 * 60


@pytest.mark.parametrize("state", [DOWN, UP])
def test_a_storm_takes_the_same_number_of_queries(world: World, state: int) -> None:
    cut = incident()
    circuits = [world.circuit, world.branch_circuit, world.logistics_circuit, world.trade_circuit]
    if state == UP:
        happen(*(change(circuit, DOWN, NOW, of=cut) for circuit in circuits))
    counts = []
    for group, at in ((circuits[:1], minutes(1)), (circuits[1:], minutes(2))):
        with CaptureQueriesContext(
            connection,
        ) as told:
            happen(*(change(circuit, state, at, of=cut) for circuit in group))
        counts.append(len(told))
    assert counts[1] <= counts[0] + 3
    assert counts[0] < 60
