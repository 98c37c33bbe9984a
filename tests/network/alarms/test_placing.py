"""What people place comes back as it was told, and nothing is lost between placing and judging."""

import pytest

from mainstay.network.alarms.actions import intake, placing
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.loading import waiting_reports
from mainstay.network.alarms.models import Alarm, AlarmReport, QuarantinedResource
from mainstay.network.alarms.rejudging import rejudge
from mainstay.network.inventory.choices import LiveState
from tests.cast import World
from tests.network.alarms.conftest import WORKER, Day, at

pytestmark = pytest.mark.django_db


def place(world: World, minute: float, code: str = "link-BC") -> int:
    """Say what the one quarantined name means."""
    return placing.place(QuarantinedResource.objects.get().pk, code, at=at(minute), by=world.actor("li.qiang"))


def test_what_is_placed_is_judged_even_before_the_worker_looked_for_changes(day: Day, world: World) -> None:
    day.report(0, "链路7")
    assert place(world, 3) == 1
    while day.worker.step(at=at(3), by=WORKER):
        pass
    assert day.state(world.logistics_circuit) == LiveState.DOWN
    assert [r.outcome for r in AlarmReport.objects.order_by("id")] == ["quarantined", "stored"]


def test_a_report_placed_an_hour_later_still_began_when_it_happened(day: Day, world: World) -> None:
    day.report(0, "链路7")
    place(world, 60)
    day.wait(60)
    while day.worker.step(at=at(60), by=WORKER):
        pass
    alarm = Alarm.objects.get()
    assert (alarm.raised_at, alarm.clock_off) == (at(0), False)
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, None)]


def test_a_fault_that_came_and_went_before_it_was_placed_is_kept(day: Day, world: World) -> None:
    day.report(0, "链路7")
    day.clear(5, "链路7")
    place(world, 60)
    day.wait(60)
    while day.worker.step(at=at(60), by=WORKER):
        pass
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, 5)]


def test_a_report_judged_while_its_name_was_being_placed_is_judged_again(day: Day, world: World) -> None:
    day.report(0, "链路7")
    intake.accept(world.source, [NewReport("链路7", "LOF", "critical", at(1))], at=at(1), by=WORKER)
    verdicts = day.worker.judge.take(waiting_reports(limit=10))
    place(world, 1)
    day.worker.writer.write(verdicts, at=at(1), by=WORKER)
    while day.worker.step(at=at(2), by=WORKER):
        pass
    assert set(Alarm.objects.values_list("alarm_type", flat=True)) == {"LOS", "LOF"}
    assert not AlarmReport.objects.filter(outcome="").exists()


def test_judging_again_passes_over_what_was_held_back(day: Day, world: World) -> None:
    day.report(0, "链路7", "link-AB")
    day.clear(5, "链路7")
    place(world, 10)
    day.wait(11)
    while day.worker.step(at=at(11), by=WORKER):
        pass
    day.report(20, "link-CD")
    assert [str(difference) for difference in rejudge(at=at(60)).differences] == []
