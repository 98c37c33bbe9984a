"""How many alarms stand is what the list of alarms shows, for whoever asks."""

import pytest

from mainstay.domain.actor import NOBODY, Actor, ActorKind
from mainstay.network.alarms.queries import alarms
from mainstay.network.inventory.models import Resource
from mainstay.platform.identity.choices import Permission
from tests.cast import World
from tests.network.alarms.conftest import Day


def staff(*regions: str) -> Actor:
    return Actor(ActorKind.STAFF, "x", regions=regions, permissions=frozenset({Permission.READ_ALARMS}))


@pytest.fixture
def day(world: World) -> Day:
    return Day(world)


@pytest.mark.parametrize(
    "regions", [("42",), ("43",), ("44",), ("",), ("4201",), ("42", "44"), ("4",), (), ("41",), ("99",)]
)
def test_the_count_of_a_region_is_what_its_list_shows(day: Day, regions: tuple[str, ...]) -> None:
    Resource.objects.filter(code="link-EF").update(region_code="4403")
    Resource.objects.filter(code="link-DA").update(region_code="")
    day.report(1, "link-BC", "link-EF", "link-DA")
    day.clear(2, "link-BC")
    day.report(3, "link-BC", "port-B-east")
    shown = alarms.alarm_list(staff(*regions), alarms.AlarmFilter()).paginator.count
    assert alarms.count_standing(staff(*regions)) == shown


def test_it_works(day: Day) -> None:
    day.report(1, "link-BC")
    assert alarms.count_standing(staff("42")) == alarms.count_standing(staff("")) == 1
    assert alarms.count_standing(staff("44")) == 0


def test_who_may_not_read_alarms_counts_none(day: Day, world: World) -> None:
    day.report(1, "link-BC")
    assert alarms.count_standing(NOBODY) == alarms.count_standing(world.actor("wang.min")) == 0
