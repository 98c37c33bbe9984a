"""Work from announcement to overrun: excused inside its window, counted and told to the desk after it (I3, PC 19)."""

import pytest

from mainstay.domain.actor import system
from mainstay.network.alarms.queries.measured import measured
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.actions import (
    NewWork,
    announce_work,
    approve_work,
    finish_work,
    move_work,
    plan_work,
)
from mainstay.network.planned_work.models import PlannedWork
from mainstay.network.planned_work.queries import forecast_of
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message
from mainstay.platform.timers.actions import sweep
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.network.alarms.conftest import Day, at

pytestmark = pytest.mark.django_db
HOUSE = system("sweeper")


def announced(world: World, *codes: str, begin: float = 10, end: float = 40) -> PlannedWork:
    officer = world.actor("li.qiang")
    work = plan_work(NewWork("GD-1", "割接", at(begin), at(end), codes), at=at(0), by=officer)
    approve_work(work.pk, at=at(0), by=world.actor("zhao.lei"))
    return announce_work(work.pk, at=at(0), by=officer)


def told(world: World) -> list[Message]:
    return list(Message.objects.filter(object_kind="work", user=world.users["li.qiang"], kind="escalation"))


def test_it_works(day: Day, world: World) -> None:
    work = announced(world, "link-BC")
    day.wait(9)
    day.report(11, "link-BC")
    assert not Ticket.objects.exists()
    assert sweep(at=at(30), by=HOUSE) == 0
    day.wait(50)
    assert sweep(at=at(50), by=HOUSE) >= 1
    assert Ticket.objects.get().customer == world.logistics
    assert "GD-1" in told(world)[0].subject
    assert Entry.objects.filter(action="work.overrun").count() == 1
    day.clear(70, "link-BC")
    day.wait(200)
    done = finish_work(work.pk, at=at(75), by=world.actor("li.qiang"))
    assert done.overrun_s == 35 * 60
    sweep(at=at(300), by=HOUSE)
    assert len(told(world)) == 1


def test_what_it_did_stands_beside_what_was_expected(day: Day, world: World) -> None:
    work = announced(world, "link-BC")
    day.wait(9)
    day.report(11, "link-BC")
    day.wait(50)
    day.clear(60, "link-BC")
    forecast = forecast_of(work.pk)
    real = measured(forecast, work.from_at, at(75))
    assert set(forecast) == {world.circuit.pk, world.logistics_circuit.pk} == set(real)
    found = real[world.logistics_circuit.pk]
    assert (found.worst, found.impaired_s, found.down_s, found.counted_s) == (
        LiveState.DOWN, 49 * 60, 49 * 60, 20 * 60,
    )  # fmt: skip
    assert real[world.circuit.pk].worst == LiveState.UNPROTECTED
    assert measured(forecast, at(0), at(10)) == {}


def test_finished_in_time_nobody_is_told(day: Day, world: World) -> None:
    work = announced(world, "link-BC")
    finish_work(work.pk, at=at(30), by=world.actor("li.qiang"))
    sweep(at=at(50), by=HOUSE)
    assert told(world) == []


def test_a_moved_window_ends_later(day: Day, world: World) -> None:
    work = announced(world, "link-BC")
    officer = world.actor("li.qiang")
    move_work(work.pk, at(100), at(130), at=at(5), by=officer.because("天气"))
    day.wait(9)
    day.report(11, "link-BC")
    assert Ticket.objects.count() == 1
    sweep(at=at(50), by=HOUSE)
    assert told(world) == []
    approve_work(work.pk, at=at(60), by=world.actor("zhao.lei"))
    announce_work(work.pk, at=at(60), by=officer)
    sweep(at=at(131), by=HOUSE)
    assert len(told(world)) == 1
