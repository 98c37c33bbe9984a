"""Who is told: the nearest desk, the asked level, and never nobody while someone is on duty."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mainstay.domain.actor import system
from mainstay.platform.duty import actions, queries
from mainstay.platform.duty.actions import PlannedShift
from mainstay.platform.duty.models import Desk, Shift
from mainstay.platform.identity.models import User
from tests.cast import NOW, World

BY = system("test")
HOUR = timedelta(hours=1)


@pytest.fixture
def wuhan(world: World) -> Desk:
    return actions.create_desk("wuhan", "武汉值班台", "4201", at=NOW, by=BY)


def put(desk: Desk, user: User, level: int = 1) -> Shift:
    return actions.plan_shifts(desk, [PlannedShift(user.pk, NOW - HOUR, NOW + HOUR, level)], at=NOW, by=BY)[0]


def names(region: str, level: int = 1, at: datetime = NOW) -> list[str]:
    return [user.username for user in queries.on_duty(region, level, at)]


def test_it_works(world: World) -> None:
    assert names("4201") == ["li.qiang"]
    assert names("4201", 2) == ["zhao.lei"]
    assert names("4401") == ["huang.wei"]


def test_the_nearest_desk_wins(world: World, wuhan: Desk) -> None:
    put(wuhan, world.users["chen.tao"])
    assert names("4201") == names("420106") == ["chen.tao"]
    assert names("4202") == ["li.qiang"]


def test_a_desk_with_nobody_at_the_level_leaves_it_to_the_region_above(world: World, wuhan: Desk) -> None:
    assert names("4201") == ["li.qiang"]
    put(wuhan, world.users["chen.tao"])
    assert names("4201", 2) == ["zhao.lei"]


def test_a_level_with_nobody_falls_to_the_next_lower(world: World, wuhan: Desk) -> None:
    assert names("4201", 3) == ["zhao.lei"]
    assert names("4401", 3) == ["huang.wei"]


def test_a_desk_with_only_a_leader_tells_the_leader(world: World) -> None:
    Shift.objects.filter(user=world.users["li.qiang"]).delete()
    assert names("4201", 1) == ["zhao.lei"]


def test_a_shift_is_half_open(world: World) -> None:
    Shift.objects.all().delete()
    put(world.desk, world.users["li.qiang"])
    assert names("42", at=NOW - HOUR) == ["li.qiang"]
    assert names("42", at=NOW + HOUR) == []
    assert names("42", at=NOW - HOUR - timedelta(microseconds=1)) == []


def test_who_may_no_longer_sign_in_is_not_told(world: World) -> None:
    User.objects.filter(username="li.qiang").update(is_active=False)
    assert names("4201") == ["zhao.lei"]


def test_a_region_of_nobody_tells_nobody(world: World) -> None:
    assert names("11") == []


def test_a_desk_for_everywhere_is_the_last_resort(world: World) -> None:
    put(actions.create_desk("head", "总部", "", at=NOW, by=BY), world.users["admin"])
    assert names("11") == ["admin"]
    assert names("4201") == ["li.qiang"]


def test_two_on_duty_are_both_told_once(world: World) -> None:
    put(world.desk, world.users["chen.tao"])
    second = actions.create_desk("hubei-2", "湖北二台", "42", at=NOW, by=BY)
    put(second, world.users["chen.tao"])
    assert sorted(names("4201")) == ["chen.tao", "li.qiang"]


def test_asking_is_one_query(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        names("420106", 3)


def test_the_roster_shows_the_week_of_the_visible_desks(world: World, django_assert_num_queries: Any) -> None:
    monday = datetime(2026, 8, 31, tzinfo=UTC)
    officer = world.actor("li.qiang")
    with django_assert_num_queries(2):
        (hubei,) = queries.roster(monday, officer)
        assert [shift.user.username for shift in hubei.shifts] == ["li.qiang", "zhao.lei"]
    assert [desk.shifts for desk in queries.roster(datetime(2027, 1, 1, tzinfo=UTC), officer)] == [()]
    assert queries.roster(monday, world.actor("wang.min")) == []
    assert queries.roster(monday, world.actor("zhou.ying")) == []
    assert len(queries.roster(monday, world.actor("admin"))) == 2
