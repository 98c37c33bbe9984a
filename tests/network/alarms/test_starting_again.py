"""What stood goes on standing when the worker starts again, whatever changed meanwhile; nothing is forgotten."""

import pytest

from mainstay.network.alarms.actions import intake, steering
from mainstay.network.alarms.choices import IncidentStatus
from mainstay.network.alarms.models import Alarm, Impact, Incident
from mainstay.network.inventory.choices import CircuitStatus, LiveState
from mainstay.network.inventory.models import Circuit, Dependency
from mainstay.network.inventory.queries import topology
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.network.alarms.conftest import WORKER, Day, at

pytestmark = pytest.mark.django_db


def test_a_source_that_is_silent_stays_so_through_a_restart(day: Day, world: World) -> None:
    world.source.silence_after_s = 600
    world.source.save()
    day.restart(0)
    day.report(0, "link-BC")
    day.wait(11)
    day.restart(12)
    day.wait(13)
    assert Incident.objects.get(kind="silent_source").status == IncidentStatus.OPEN


def test_a_sign_of_life_without_alarms_keeps_a_source_from_being_silent(day: Day, world: World) -> None:
    world.source.silence_after_s = 600
    world.source.save()
    day.restart(0)
    day.report(0, "link-BC")
    intake.accept_batch(world.source.pk, [], key="", at=at(8), by=WORKER)
    day.wait(11)
    assert not Incident.objects.filter(kind="silent_source").exists()
    day.wait(19)
    silent = Incident.objects.get(kind="silent_source")
    assert silent.opened_at == at(18)
    intake.accept_batch(world.source.pk, [], key="", at=at(25), by=WORKER)
    day.wait(26)
    silent.refresh_from_db()
    assert (silent.status, silent.restored_at) == (IncidentStatus.CLOSED, at(25))
    world.source.refresh_from_db()
    assert (world.source.silent_since, world.source.last_report_at) == (None, at(25))


def test_a_flapping_alarm_that_was_raised_last_is_not_cleared_by_a_restart(day: Day, world: World) -> None:
    for turn in range(4):
        day.report(turn * 0.2, "link-BC")
        day.clear(turn * 0.2 + 0.1, "link-BC")
    day.report(1, "link-BC")
    day.restart(1.5)
    day.wait(10)
    assert day.state(world.logistics_circuit) == LiveState.DOWN
    day.clear(11, "link-BC")
    day.restart(11.5)
    day.wait(14)
    assert day.state(world.logistics_circuit) == LiveState.UP


def test_an_incident_closed_by_hand_opens_again_when_its_cause_fails_again(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    day.clear(5, "link-BC")
    steering.close(Incident.objects.get().pk, "checked", at=at(6), by=world.actor("li.qiang"))
    day.report(8, "link-BC")
    incident = Incident.objects.get()
    assert (incident.status, incident.closed_at) == (IncidentStatus.OPEN, None)


def test_an_outage_told_late_after_a_restart_does_not_overlap_the_one_before(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    day.clear(5, "link-BC")
    day.restart(6)
    day.report(3, "fibre-BC", late=4)
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, 5), ("DOWN", 5, None)]


def test_a_circuit_that_is_given_up_while_down_is_no_longer_down(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    Circuit.objects.filter(pk=world.logistics_circuit.pk).update(status=CircuitStatus.CEASED)
    day.restart(10)
    assert day.state(world.logistics_circuit) == LiveState.UP
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, 10)]
    assert Ticket.objects.get(customer=world.logistics).status == "resolved"


def test_incidents_that_a_changed_network_makes_one_are_merged(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    day.report(20, "port-D-client")
    assert Incident.objects.count() == 2
    Dependency.objects.create(resource=world.resources["port-D-client"], on=world.link("BC"))
    day.restart(21)
    kept, gone = Incident.objects.order_by("pk")
    assert (gone.status, gone.merged_into) == (IncidentStatus.MERGED, kept)
    assert {alarm.incident for alarm in Alarm.objects.all()} == {kept}
    assert not Impact.objects.filter(incident=gone).exists()
    day.clear(25, "link-BC", "port-D-client")
    kept.refresh_from_db()
    assert kept.status == IncidentStatus.RESTORED


def test_nothing_is_announced_twice_by_starting_again(day: Day, world: World) -> None:
    day.report(0, "link-BC", "link-AB")
    before = list(Ticket.objects.values())
    day.restart(1)
    assert list(Ticket.objects.values()) == before
    assert topology.revision() == day.worker.revision


def test_what_waited_through_a_restart_is_judged_by_when_it_came(day: Day, world: World) -> None:
    world.source.quiet_s = 300
    world.source.save()
    day.restart(0)
    for minute in (1, 3, 5):
        intake.accept(world.source, [_raised(minute)], at=at(minute), by=WORKER)
    day.restart(60)
    assert day.worker.step(at=at(60), by=WORKER) == 3
    day.wait(60)
    alarm = Alarm.objects.get()
    assert (alarm.reports, alarm.cleared_at) == (3, at(10))
    assert Incident.objects.get().detected_at == at(1)


def _raised(minute: float) -> intake.NewReport:
    return intake.NewReport("link-BC", "LOS", "critical", at(minute))
