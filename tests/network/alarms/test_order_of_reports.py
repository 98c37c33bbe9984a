"""Reports that overtake each other say the same as in their own order."""

from datetime import timedelta

import pytest

from mainstay.network.alarms.models import Alarm, AlarmReport
from mainstay.network.alarms.rejudging import rejudge
from mainstay.network.inventory.choices import LiveState
from tests.cast import World
from tests.network.alarms.conftest import Day, at

pytestmark = pytest.mark.django_db


def outcomes() -> list[str]:
    """Return what became of the reports, in order of receipt."""
    return list(AlarmReport.objects.order_by("id").values_list("outcome", flat=True))


def test_a_clear_overtaken_by_the_next_raising_does_not_clear_it(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    day.report(10, "link-BC")
    day.report(5, "link-BC", severity="cleared", late=6)
    assert day.state(world.logistics_circuit) == LiveState.DOWN
    assert outcomes() == ["stored", "duplicate", "nothing"]
    day.clear(20, "link-BC")
    assert day.state(world.logistics_circuit) == LiveState.UP


def test_a_raising_overtaken_by_its_clear_does_not_stand(day: Day, world: World) -> None:
    day.clear(5, "link-BC")
    day.report(1, "link-BC", late=5)
    alarm = Alarm.objects.get()
    assert (alarm.raised_at, alarm.cleared_at) == (at(1), at(5))
    assert day.stretches(world.logistics_circuit) == [("DOWN", 1, 5)]
    assert outcomes() == ["nothing", "stored"]
    assert [str(difference) for difference in rejudge(at=at(60)).differences] == []


def test_a_late_repetition_of_what_was_cleared_does_not_stand(day: Day, world: World) -> None:
    day.report(0, "link-BC")
    day.clear(5, "link-BC")
    day.report(3, "link-BC", late=3)
    assert day.state(world.logistics_circuit) == LiveState.UP
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, 5)]


def test_a_clear_of_the_same_instant_clears(day: Day, world: World) -> None:
    day.report(3, "link-BC")
    day.clear(3, "link-BC")
    assert day.state(world.logistics_circuit) == LiveState.UP


def test_a_raising_of_the_same_instant_as_a_clear_raises(day: Day, world: World) -> None:
    day.report(1, "link-BC")
    day.clear(3, "link-BC")
    day.report(3, "link-BC")
    assert day.state(world.logistics_circuit) == LiveState.DOWN


def test_a_clock_set_back_beyond_the_tolerance_does_not_hold_an_alarm(day: Day, world: World) -> None:
    day.report(600, "link-BC")
    day.report(0, "link-BC", severity="cleared", late=610)
    assert day.state(world.logistics_circuit) == LiveState.UP


def test_a_clock_ahead_set_right_within_the_tolerance_does_not_hold_an_alarm(day: Day, world: World) -> None:
    day.report(10, "link-BC", late=-8)
    day.clear(3, "link-BC")
    assert day.state(world.logistics_circuit) == LiveState.UP


def test_an_older_severity_told_late_changes_nothing(day: Day, world: World) -> None:
    day.report(0, "link-BC", severity="minor", kind="BER")
    day.report(10, "link-BC", severity="critical", kind="BER")
    day.report(5, "link-BC", severity="major", kind="BER", late=6)
    assert day.state(world.logistics_circuit) == LiveState.DOWN
    assert day.stretches(world.logistics_circuit) == [("DOWN", 10, None)]


def test_an_alarm_without_effect_that_comes_to_have_one_opens_an_incident(day: Day, world: World) -> None:
    day.report(0, "link-BC", severity="minor", kind="BER")
    assert Alarm.objects.get().incident is None
    day.report(3, "link-BC", severity="critical", kind="BER")
    alarm = Alarm.objects.get()
    assert alarm.incident is not None
    assert (alarm.raised_at, alarm.began_at) == (at(0), at(3))
    day.report(6, "link-BC", severity="major", kind="BER")
    assert day.stretches(world.logistics_circuit) == [("DOWN", 3, 6), ("DEGRADED", 6, None)]
    day.report(9, "link-BC", severity="warning", kind="BER")
    assert day.state(world.logistics_circuit) == LiveState.UP
    assert day.stretches(world.logistics_circuit)[-1] == ("DEGRADED", 6, 9)


def test_the_first_instant_of_an_alarm_moves_back_when_its_raising_comes_after_a_repetition(
    day: Day, world: World
) -> None:
    day.report(10, "link-BC")
    day.report(4, "link-BC", late=8)
    assert Alarm.objects.get().raised_at == at(4)
    assert day.stretches(world.logistics_circuit) == [("DOWN", 4, None)]
    assert [str(difference) for difference in rejudge(at=at(10) + timedelta(hours=1)).differences] == []
