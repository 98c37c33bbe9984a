"""An alarm becomes impacts, incidents and tickets; the states follow the network in any order."""

from itertools import permutations

import pytest

from mainstay.domain.actor import Actor
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.choices import IncidentStatus
from mainstay.network.alarms.models import Alarm, AlarmReport, Impact, Incident, QuarantinedResource
from mainstay.network.alarms.rejudging import rejudge
from mainstay.network.inventory.choices import LiveState
from mainstay.platform.journal.models import OutboxEvent
from mainstay.service.tickets.actions.pausing import PauseRequest, pause
from mainstay.service.tickets.choices import PauseReason
from mainstay.service.tickets.models import Ticket, TicketEvent
from mainstay.service.tickets.rejudge import untold_troubles
from tests.cast import World
from tests.network.alarms.conftest import WORKER, Day, at

pytestmark = pytest.mark.django_db


def test_it_works(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    assert day.state(world.logistics_circuit) == LiveState.DOWN
    assert day.state(world.circuit) == LiveState.UNPROTECTED
    incident = Incident.objects.get()
    assert incident.cause == world.link("BC")
    assert incident.worst_state == LiveState.DOWN
    assert Ticket.objects.get().customer == world.logistics


def test_first_cut_leaves_the_ring_unprotected_without_a_customers_clock_second_cut_starts_it(
    day: Day, world: World
) -> None:
    day.report(0, "link-AB")
    assert day.state(world.circuit) == LiveState.UNPROTECTED
    assert Incident.objects.count() == 1
    assert not Ticket.objects.filter(customer=world.bank).exists()
    day.report(7, "link-CD")
    assert day.state(world.circuit) == LiveState.DOWN
    ticket = Ticket.objects.get(customer=world.bank)
    clock = ticket.clocks.get(kind="restoration", circuit=world.circuit)
    assert clock.started_at == at(7)
    assert clock.deadline_at == at(67)
    assert day.stretches(world.circuit) == [("UNPROTECTED", 0, 7), ("DOWN", 7, None)]


@pytest.mark.parametrize("order", list(permutations(["link-AB", "link-CD", "link-DA"])))
def test_links_restored_in_any_order_give_the_right_states(day: Day, world: World, order: tuple[str, ...]) -> None:
    day.report(0, "link-AB", "link-CD", "link-DA")
    broken = {"link-AB", "link-CD", "link-DA"}
    for minute, link in enumerate(order, start=1):
        day.clear(minute, link)
        broken.discard(link)
        working, protection = not broken & {"link-AB", "link-BC"}, not broken & {"link-DA", "link-CD"}
        expected = {0: LiveState.DOWN, 1: LiveState.UNPROTECTED, 2: LiveState.UP}[working + protection]
        assert day.state(world.circuit) == expected
    assert not Impact.objects.filter(to_at__isnull=True).exists()


def test_the_instant_a_circuit_went_down_is_the_second_cut_even_when_the_first_is_told_late(
    day: Day, world: World
) -> None:
    day.report(7, "link-CD")
    day.report(3, "link-AB", late=6)
    assert day.stretches(world.circuit)[-1] == ("DOWN", 7, None)
    assert Ticket.objects.get(customer=world.bank).clocks.get(kind="restoration").started_at == at(7)


def test_an_earlier_alarm_told_late_moves_the_beginning_back(day: Day, world: World) -> None:
    day.report(10, "link-BC")
    day.report(4, "fibre-BC", late=8)
    assert day.stretches(world.logistics_circuit) == [("DOWN", 4, None)]
    ticket = Ticket.objects.get(customer=world.logistics)
    assert ticket.clocks.get(kind="restoration").started_at == at(4)


def test_symptoms_stand_under_their_cause_with_the_reason(day: Day) -> None:
    day.report(0, "port-B-east", "port-C-west")
    day.report(0.2, "duct-BC")
    live = Incident.objects.exclude(status=IncidentStatus.MERGED)
    assert live.count() == 1
    assert live.values_list("cause__code", flat=True).get() == "duct-BC"
    reasons = dict(Alarm.objects.values_list("resource__code", "reason__code"))
    assert reasons["duct-BC"] == "cause"
    assert reasons["port-B-east"] == "link_failed"


def test_a_port_alarm_never_downs_its_device(day: Day, world: World) -> None:
    day.report(0, "port-C-west")
    assert day.state(world.logistics_circuit) == LiveState.DOWN
    assert day.state(world.branch_circuit) == LiveState.UP


def test_the_same_alarm_again_is_counted_not_opened(day: Day) -> None:
    day.report(0, "link-BC")
    day.report(1, "link-BC")
    assert Alarm.objects.get().reports == 2
    assert [r.outcome for r in AlarmReport.objects.order_by("id")] == ["stored", "duplicate"]
    assert Ticket.objects.count() == 1


def test_what_the_inventory_does_not_know_waits_in_quarantine(day: Day) -> None:
    day.report(0, "link-XX", "link-XX", "link-BC")
    row = QuarantinedResource.objects.get()
    assert (row.resource_ref, row.reports, row.status) == ("link-XX", 2, "open")
    assert Alarm.objects.count() == 1


def test_flapping_is_held_until_quiet(day: Day, world: World) -> None:
    for turn in range(4):
        day.report(turn * 0.2, "link-BC")
        day.clear(turn * 0.2 + 0.1, "link-BC")
    assert Alarm.objects.filter(flapping=True, cleared_at__isnull=True).count() == 1
    assert day.state(world.logistics_circuit) == LiveState.DOWN
    assert Ticket.objects.filter(customer=world.logistics).count() == 1
    day.wait(10)
    assert day.state(world.logistics_circuit) == LiveState.UP


def test_a_silent_source_opens_an_incident_and_its_next_word_ends_it(day: Day, world: World) -> None:
    world.source.silence_after_s = 600
    world.source.save()
    day.restart(0)
    day.report(0, "link-BC")
    day.wait(11)
    incident = Incident.objects.get(kind="silent_source")
    assert incident.opened_at == at(10)
    day.wait(12)
    day.report(15, "link-BC")
    incident.refresh_from_db()
    assert (incident.status, incident.restored_at) == ("closed", at(15))
    assert Incident.objects.filter(kind="silent_source").count() == 1


def test_a_source_with_a_wrong_clock_is_judged_by_receipt_and_flagged(day: Day, world: World) -> None:
    day.report(0, "link-BC", late=300)
    alarm = Alarm.objects.get()
    assert (alarm.clock_off, alarm.raised_at) == (True, at(300))


def test_a_restarted_worker_goes_on_where_it_was(day: Day, world: World) -> None:
    day.report(0, "link-BC", "link-AB")
    day.restart(1)
    assert Impact.objects.filter(to_at__isnull=True).count() == 2
    day.report(2, "link-BC")
    day.clear(3, "link-BC")
    assert day.state(world.logistics_circuit) == LiveState.UP
    assert day.state(world.circuit) == LiveState.UNPROTECTED
    assert Alarm.objects.count() == 2


def test_the_same_cause_again_soon_reopens_the_incident(day: Day) -> None:
    day.report(0, "link-BC")
    day.clear(5, "link-BC")
    assert Incident.objects.get().status == "restored"
    day.report(8, "link-BC")
    assert Incident.objects.get().status == "open"
    day.clear(9, "link-BC")
    day.wait(25)
    assert Incident.objects.get().status == "closed"
    day.report(30, "link-BC")
    assert Incident.objects.count() == 2


def test_judging_the_log_again_gives_the_same(day: Day) -> None:
    day.report(0, "link-AB", "port-X")
    day.report(3, "link-CD", "link-BC")
    day.clear(5, "link-AB")
    day.report(6, "duct-BC")
    day.clear(9, "link-CD", "link-BC", "duct-BC")
    day.wait(30)
    result = rejudge(at=at(60))
    assert [str(difference) for difference in result.differences] == []
    assert result.reports == 9
    assert list(untold_troubles(result.troubles)) == []
    assert Ticket.objects.count() == 3


def test_a_changed_row_is_found_by_judging_again(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    Impact.objects.filter(circuit=world.logistics_circuit).update(from_at=at(1))
    assert rejudge(at=at(60)).differences


def test_news_of_a_circuit_carries_its_customer(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    news = OutboxEvent.objects.get(kind="circuit", object_id=str(world.logistics_circuit.pk))
    assert (news.customer_id, news.region_code) == (world.logistics.pk, world.logistics_circuit.region_code)


def test_what_began_and_ended_within_one_batch_is_kept(day: Day, world: World) -> None:
    reports = [
        NewReport("link-BC", "LOS", "critical", at(0)),
        NewReport("link-BC", "LOS", "cleared", at(2)),
        NewReport("link-BC", "LOS", "critical", at(5)),
        NewReport("duct-BC", "CUT", "critical", at(5)),
    ]
    intake.accept_timed(world.source, [(report, report.event_at) for report in reports], by=WORKER)
    day.worker.step(at=at(6), by=WORKER)
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, 2), ("DOWN", 5, None)]


def test_alarms_that_expire_together_are_judged_together(day: Day, world: World) -> None:
    world.source.quiet_s = 300
    world.source.save()
    day.restart(0)
    day.report(0, "link-BC", "port-B-east", "port-C-west", "duct-BC", "fibre-BC")
    day.report(0, "link-BC", kind="AIS")
    day.wait(6)
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, 5)]
    assert not Alarm.objects.filter(cleared_at__isnull=True).exists()


def test_a_trouble_no_ticket_tells_of_is_found_by_judging_again(day: Day) -> None:
    day.report(0, "link-BC")
    TicketEvent.objects.filter(kind="circuit_down").update(at=at(1))
    assert len(list(untold_troubles(rejudge(at=at(60)).troubles))) == 2


def test_a_pause_ends_with_the_outage_and_does_not_come_back_with_the_next(
    day: Day, world: World, officer: Actor
) -> None:
    day.report(0, "link-BC")
    ticket = Ticket.objects.get()
    pause(ticket.pk, PauseRequest(PauseReason.CUSTOMER_REQUEST, "asked by phone"), at=at(2), by=officer)
    day.clear(5, "link-BC")
    day.report(8, "link-BC")
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert ticket.pauses.get().to_at == at(5)
    assert ticket.clocks.get(kind="restoration").state == "running"
