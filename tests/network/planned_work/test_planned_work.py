"""Work excuses only inside its approved and announced window, and only until it ended (promise-clocks 19)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.planned_work import queries
from mainstay.network.planned_work.actions import (
    NewWork,
    announce_work,
    approve_work,
    cancel_work,
    finish_work,
    plan_work,
)
from mainstay.network.planned_work.errors import BadWork, NoSuchWork
from mainstay.network.planned_work.models import PlannedWork
from mainstay.network.planned_work.queries import Window
from mainstay.platform.journal import registry
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

HOUR = timedelta(hours=1)
NEW = NewWork(
    "GJ-1", "汉口割接", NOW + 10 * HOUR, NOW + 14 * HOUR, ("link-AB", "device-B"), preparation="请切换备用线路"
)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    events: list[Any] = []

    def handlers(kind: type) -> tuple[Callable[[Any, Actor], None], ...]:
        return (lambda event, by: events.append(event),)

    monkeypatch.setattr(registry, "handlers_of", handlers)
    return events


def announced(officer: Actor, leader: Actor, at: datetime = NOW) -> PlannedWork:
    work = plan_work(NEW, at=NOW, by=officer)
    approve_work(work.pk, at=NOW, by=leader)
    return announce_work(work.pk, at=at, by=officer)


def test_it_works(world: World, officer: Actor, leader: Actor, heard: list[Any]) -> None:
    work = plan_work(NEW, at=NOW, by=officer)
    assert work.region_code == "4201"
    assert queries.covering(NOW) == []
    approve_work(work.pk, at=NOW, by=leader)
    assert queries.covering(NOW) == []
    announce_work(work.pk, at=NOW + HOUR, by=officer)
    expected = [
        Window(work.pk, pk, NEW.from_at, NEW.to_at)
        for pk in sorted((world.link("AB").pk, world.resources["device-B"].pk))
    ]
    assert queries.covering(NOW) == expected
    assert queries.covering(NEW.to_at) == []
    assert [type(event).__name__ for event in heard] == ["WorkAnnounced"]
    assert Entry.objects.filter(object_kind="work").count() == 3


def test_who_may_not(world: World, manager: Actor, technician: Actor, customer: Actor) -> None:
    for actor in (manager, technician, customer):
        with pytest.raises(NotAllowed):
            plan_work(NEW, at=NOW, by=actor)


def test_work_outside_the_region_is_not_planned(world: World, officer: Actor) -> None:
    with pytest.raises(NotAllowed, match="GJ-1"):
        plan_work(replace(NEW, resources=("link-AB", "device-E")), at=NOW, by=officer)


def test_a_second_person_approves(world: World, officer: Actor, leader: Actor, admin: Actor) -> None:
    own = plan_work(NEW, at=NOW, by=admin)
    with pytest.raises(NotAllowed, match="a second person"):
        approve_work(own.pk, at=NOW, by=admin)
    with pytest.raises(NotAllowed):
        approve_work(own.pk, at=NOW, by=officer)
    assert approve_work(own.pk, at=NOW, by=leader).approved_by == "赵磊"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": ""}, "lacks a number"),
        ({"to_at": NEW.from_at}, "is empty"),
        ({"from_at": NOW - 2 * HOUR, "to_at": NOW - HOUR}, "has gone by"),
        ({"from_at": datetime(2026, 9, 1, 10)}, "no time zone"),  # noqa: DTZ001
        ({"resources": ()}, "no known resource"),
        ({"resources": ("link-AB", "nowhere")}, "nowhere"),
    ],
)
def test_what_is_refused(world: World, officer: Actor, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadWork, match=said):
        plan_work(replace(NEW, **change), at=NOW, by=officer)


def test_steps_out_of_order_or_twice_are_refused(world: World, officer: Actor, leader: Actor) -> None:
    work = plan_work(NEW, at=NOW, by=officer)
    with pytest.raises(BadWork):
        plan_work(NEW, at=NOW, by=officer)
    for step in (announce_work, finish_work):
        with pytest.raises(BadWork):
            step(work.pk, at=NOW, by=officer)
    approve_work(work.pk, at=NOW, by=leader)
    with pytest.raises(BadWork):
        approve_work(work.pk, at=NOW, by=leader)
    announce_work(work.pk, at=NOW, by=officer)
    with pytest.raises(BadWork, match="announced already"):
        announce_work(work.pk, at=NOW, by=officer)
    with pytest.raises(BadWork, match="begins only"):
        finish_work(work.pk, at=NOW, by=officer)
    cancel_work(work.pk, at=NOW, by=officer)
    with pytest.raises(BadWork):
        cancel_work(work.pk, at=NOW, by=officer)


def test_a_window_announced_late_opens_late(world: World, officer: Actor, leader: Actor) -> None:
    late = NEW.from_at + HOUR
    announced(officer, leader, late)
    assert {window.from_at for window in queries.covering(NOW)} == {late}


def test_ended_work_excuses_no_more_but_what_it_excused_stays(
    world: World, officer: Actor, leader: Actor, heard: list[Any]
) -> None:
    work = announced(officer, leader)
    ended = NEW.from_at + HOUR
    finish_work(work.pk, at=ended, by=officer)
    assert queries.covering(ended) == []
    assert {(w.from_at, w.to_at) for w in queries.windows_between(NOW, NEW.to_at)} == {(NEW.from_at, ended)}
    assert (heard[-1].cancelled, heard[-1].announced) == (False, True)


def test_work_called_off_beforehand_excuses_nothing(world: World, officer: Actor, leader: Actor) -> None:
    work = announced(officer, leader)
    cancel_work(work.pk, at=NOW + HOUR, by=officer.because("天气原因"))
    assert queries.windows_between(NOW, NEW.to_at) == []
    assert Entry.objects.get(action="work.cancel").why == "天气原因"


def test_work_is_seen_by_region(
    world: World, officer: Actor, leader: Actor, customer: Actor, django_assert_num_queries: Any
) -> None:
    work = announced(officer, leader)
    for actor in (customer, world.actor("huang.wei"), world.actor("wang.min")):
        assert list(queries.work_list(actor)) == []
        with pytest.raises(NoSuchWork):
            queries.work(actor, work.pk)
    for number in range(20):
        plan_work(replace(NEW, number=f"GJ-X{number}"), at=NOW, by=officer)
    with django_assert_num_queries(2):
        rows = list(queries.work_list(officer))
    assert (len(rows), rows[0].resource_count) == (21, 2)


def test_affected_circuits_are_known_beforehand(world: World, officer: Actor, leader: Actor) -> None:
    work = announced(officer, leader)
    assert [c.number for c in queries.affected_circuits(officer, work)] == ["HS-WH-E1-0003", "WH-HS-E1-0001"]
