"""Planned work excuses what fails inside its window, and not a minute more (promise-clocks 19)."""

import pytest

from mainstay.network.alarms.rejudging import rejudge
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.actions import (
    NewWork,
    announce_work,
    approve_work,
    cancel_work,
    finish_work,
    plan_work,
)
from mainstay.network.planned_work.models import PlannedWork
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.network.alarms.conftest import Day, at

pytestmark = pytest.mark.django_db


def work_on(world: World, *codes: str, begin: float = 10, end: float = 40) -> PlannedWork:
    """Plan, approve and announce work at once."""
    officer, leader = world.actor("li.qiang"), world.actor("zhao.lei")
    work = plan_work(NewWork("GD-1", "割接", at(begin), at(end), codes), at=at(0), by=officer)
    approve_work(work.pk, at=at(0), by=leader)
    return announce_work(work.pk, at=at(0), by=officer)


def planned(world: World) -> list[tuple[bool, float]]:
    """Return the logistics circuit's stretches: planned, and from which minute."""
    rows = world.logistics_circuit.impacts.order_by("from_at", "id")
    return [(row.planned, (row.from_at - at(0)).total_seconds() / 60) for row in rows]


def test_work_on_a_duct_excuses_the_ports_that_lose_their_signal(day: Day, world: World) -> None:
    work_on(world, "duct-BC")
    day.wait(9)
    day.report(11, "port-B-east", "port-C-west")
    assert planned(world) == [(True, 11)]
    assert not Ticket.objects.exists()


def test_work_on_a_device_excuses_the_port_at_the_far_end(day: Day, world: World) -> None:
    work_on(world, "device-B")
    day.wait(9)
    day.report(11, "port-C-west")
    assert planned(world) == [(True, 11)]


def test_work_on_a_duct_does_not_excuse_the_device_at_its_end(day: Day, world: World) -> None:
    work_on(world, "duct-BC")
    day.wait(9)
    day.report(11, "device-C")
    assert planned(world) == [(False, 11)]


def test_overrun_counts_from_the_end_of_the_window(day: Day, world: World) -> None:
    work_on(world, "link-BC")
    day.wait(9)
    day.report(11, "link-BC")
    day.wait(50)
    assert planned(world) == [(True, 11), (False, 40)]
    assert Ticket.objects.get().clocks.get(kind="restoration").started_at == at(40)


@pytest.mark.parametrize("restarted", [20, 45])
def test_overrun_counts_after_a_restart_too(day: Day, world: World, restarted: float) -> None:
    work_on(world, "link-BC")
    day.wait(9)
    day.report(11, "link-BC")
    day.restart(restarted)
    day.wait(50)
    assert planned(world) == [(True, 11), (False, 40)]


@pytest.mark.parametrize("ending", [cancel_work, finish_work])
def test_work_that_ends_early_excuses_no_longer(day: Day, world: World, ending: object) -> None:
    work = work_on(world, "link-BC")
    day.wait(9)
    day.report(11, "link-BC")
    ending(work.pk, at=at(20), by=world.actor("li.qiang"))  # type: ignore[operator]
    day.wait(20.5)
    assert planned(world) == [(True, 11), (False, 20)]
    assert [str(difference) for difference in rejudge(at=at(60)).differences] == []


def test_what_failed_before_the_window_counts_inside_it_too(day: Day, world: World) -> None:
    work_on(world, "link-BC")
    day.report(5, "link-BC")
    day.wait(30)
    assert planned(world) == [(False, 5)]


def test_what_failed_inside_the_window_and_is_told_after_it_was_planned_until_its_end(day: Day, world: World) -> None:
    work_on(world, "link-BC")
    day.wait(9)
    day.wait(41)
    day.report(39, "link-BC", late=3)
    day.wait(43)
    assert planned(world) == [(True, 39), (False, 40)]
    assert [str(difference) for difference in rejudge(at=at(60)).differences] == []


def test_all_is_well_again_inside_the_window(day: Day, world: World) -> None:
    work_on(world, "duct-BC")
    day.wait(9)
    day.report(11, "port-B-east", "link-BC")
    day.clear(30, "port-B-east", "link-BC")
    day.wait(60)
    assert day.state(world.logistics_circuit) == LiveState.UP
    assert not Ticket.objects.exists()
    assert [str(difference) for difference in rejudge(at=at(60)).differences] == []
