"""How often an alarm flapped is remembered through a restart: killed workers must judge as if never killed (PC 11)."""

from datetime import timedelta

import pytest

from mainstay.network.alarms.models import Alarm
from mainstay.network.alarms.rejudging import rejudge
from tests.cast import World
from tests.network.alarms.conftest import Day, at

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
