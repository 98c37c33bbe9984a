"""A worker that starts again goes on where the last one stopped."""

from datetime import UTC, datetime, timedelta

import pytest

from mainstay.domain.actor import Actor, system
from mainstay.network.alarms.actions.intake import NewReport, accept
from mainstay.network.alarms.models import Alarm, Incident
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.platform.journal.models import Entry
from tests.cast import World

AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
WORKER = system("impact worker")


def _cut_and_mend(world: World, machinery: Actor) -> ImpactWorker:
    worker = ImpactWorker.start(at=AT, by=WORKER)
    for severity, minute in (("critical", 1), ("cleared", 2)):
        at = AT + timedelta(minutes=minute)
        accept(world.source, [NewReport("link-BC", "LOS", severity, at)], at=at, by=machinery)
        while worker.step(at=at, by=WORKER):
            pass
    assert Incident.objects.get().status == "restored"
    return worker


def test_an_incident_restored_before_the_restart_still_closes(world: World, machinery: Actor) -> None:
    _cut_and_mend(world, machinery)
    again = ImpactWorker.start(at=AT + timedelta(minutes=5), by=WORKER)
    again.tick(at=AT + timedelta(minutes=20), by=WORKER)
    incident = Incident.objects.get()
    assert (incident.status, incident.closed_at) == ("closed", AT + timedelta(minutes=17))


def test_the_same_cause_failing_again_after_the_restart_reopens_it(world: World, machinery: Actor) -> None:
    _cut_and_mend(world, machinery)
    again = ImpactWorker.start(at=AT + timedelta(minutes=5), by=WORKER)
    at = AT + timedelta(minutes=6)
    accept(world.source, [NewReport("link-BC", "LOS", "critical", at)], at=at, by=machinery)
    while again.step(at=at, by=WORKER):
        pass
    assert [incident.status for incident in Incident.objects.all()] == ["open"]


@pytest.mark.parametrize("first", [True, False])
def test_a_raising_that_a_clear_overtook_does_not_stand_after_the_restart(
    world: World, machinery: Actor, first: bool
) -> None:
    """The clear finds nothing (`first`), or an alarm raised later than it: either way the older raising is over."""
    worker, at = ImpactWorker.start(at=AT, by=WORKER), AT + timedelta(minutes=5)
    told = [] if first else [NewReport("link-BC", "LOS", "critical", at)]
    told += [NewReport("link-BC", "LOS", "cleared", AT + timedelta(minutes=2))]
    accept(world.source, told, at=at, by=machinery)
    worker.step(at=at, by=WORKER)
    worker = ImpactWorker.start(at=at, by=WORKER)
    late = NewReport("link-BC", "LOS", "critical", AT + timedelta(minutes=1))
    accept(world.source, [late], at=at, by=machinery)
    worker.step(at=at, by=WORKER)
    (alarm,) = Alarm.objects.all()
    expected = (late.event_at, late.event_at + timedelta(minutes=1)) if first else (at, None)
    assert (alarm.raised_at, alarm.cleared_at) == expected


def test_a_cause_told_late_is_written_into_the_incidents_story(world: World, machinery: Actor) -> None:
    worker = ImpactWorker.start(at=AT, by=WORKER)
    for ref, minute in (("port-D-client", 1), ("device-D", 1.5)):
        at = AT + timedelta(minutes=minute)
        accept(world.source, [NewReport(ref, "LOS", "critical", at)], at=at, by=machinery)
        while worker.step(at=at, by=WORKER):
            pass
    incident = Incident.objects.get()
    entry = Entry.objects.get(action="incident.revise", object_id=str(incident.pk))
    assert (entry.before, entry.after["cause"]) == ({"cause": "大冶 client 口"}, "大冶 MSTP")
    assert (entry.at, entry.after["reason"]["code"]) == (at, "cause")
