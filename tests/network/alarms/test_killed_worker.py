"""How often an alarm flapped is remembered through a restart: killed workers must judge as if never killed (PC 11)."""

from datetime import timedelta

import pytest

from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.models import Alarm, Incident
from mainstay.network.alarms.rejudging import rejudge
from tests.cast import World
from tests.network.alarms.conftest import WORKER, Day, at

pytestmark = pytest.mark.django_db


def flap(day: Day, turns: range) -> None:
    """Raise and clear every twelve seconds."""
    for turn in turns:
        day.report(turn * 0.2, "link-BC")
        day.clear(turn * 0.2 + 0.1, "link-BC")


def test_the_fourth_raising_is_held_although_the_worker_was_killed_before_it(day: Day, world: World) -> None:
    flap(day, range(3))
    day.restart(0.55)
    flap(day, range(3, 5))
    assert Alarm.objects.latest("pk").flapping
    assert rejudge(at=at(0) + timedelta(minutes=1)).differences == []


def test_what_flapped_long_ago_does_not_count_after_a_restart(day: Day, world: World) -> None:
    flap(day, range(3))
    day.restart(9)
    day.report(10, "link-BC")
    assert not Alarm.objects.latest("pk").flapping


def test_what_tells_of_one_instant_is_judged_together_however_small_the_batch(day: Day, world: World) -> None:
    day.worker.batch = 2
    reports = [NewReport(ref, "LOS", "critical", at(1)) for ref in ("link-BC", "port-B-east", "port-D-client")]
    intake.accept(world.source, [*reports, NewReport("link-AB", "LOS", "critical", at(2))], at=at(2), by=WORKER)
    assert [day.worker.step(at=at(2), by=WORKER) for _ in range(3)] == [3, 1, 0]


def test_after_a_restart_the_incident_of_the_cause_that_was_restored_last_is_reopened(day: Day, world: World) -> None:
    for minute in (1, 3):
        day.report(minute, "link-BC")
        day.clear(minute + 1, "link-BC")
        day.restart(minute + 1.5)
    day.report(6, "link-BC")
    assert Incident.objects.count() == 1
    assert rejudge(at=at(7)).differences == []


def test_an_incident_reopened_and_over_again_within_one_batch_is_restored(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    day.clear(1, "link-BC")
    told = [("port-D-west", "critical", 2), ("port-D-west", "cleared", 3), ("port-D-west", "critical", 4)]
    told += [("port-D-west", "cleared", 5), ("link-BC", "critical", 6), ("port-B-west", "critical", 7)]
    told += [("link-BC", "cleared", 8), ("port-D-west", "critical", 9), ("port-B-west", "cleared", 10)]
    told += [("port-D-west", "cleared", 11)]
    reports = [NewReport(ref, "LOS", severity, at(minute)) for ref, severity, minute in told]
    intake.accept(world.source, reports, at=at(12), by=WORKER)
    day.worker.step(at=at(12), by=WORKER)
    assert not Incident.objects.filter(restored_at=None, merged_into=None).exists()
