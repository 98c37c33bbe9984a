"""Incidents that people declare, and what the impact worker makes of them: adopt, merge, forget (H1)."""

from mainstay.domain.actor import Actor
from mainstay.network.alarms.actions import declaring
from mainstay.network.alarms.actions.declaring import Ending
from mainstay.network.alarms.models import Incident
from mainstay.network.alarms.rejudging import rejudge
from mainstay.platform.journal.models import Entry
from tests.cast import World
from tests.network.alarms.conftest import Day, at


def declare(world: World, officer: Actor, minute: float, code: str = "cable-CD") -> Incident:
    return declaring.declare(world.resources[code].pk, began_at=at(minute), at=at(minute), by=officer)


def test_it_works_alarms_on_the_same_resource_adopt_it(world: World, day: Day, officer: Actor) -> None:
    declared = declare(world, officer, 1)
    day.wait(3)
    day.report(5, "cable-CD")
    found = Incident.objects.get()
    assert found.pk == declared.pk
    assert (found.opened_at, found.adopted_at, found.status) == (at(1), at(5), "claimed")
    assert found.claimed_by == world.users["li.qiang"]
    assert found.alarms.count() == 1
    assert Entry.objects.filter(object_kind="incident", object_id=str(found.pk), action="incident.declare").exists()
    day.clear(9, "cable-CD")
    found.refresh_from_db()
    assert (found.status, found.restored_at) == ("restored", at(9))
    assert not rejudge(at=at(10)).differences


def test_the_judge_leaves_it_alone_while_no_alarm_tells_of_it(world: World, day: Day, officer: Actor) -> None:
    declared = declare(world, officer, 1)
    day.report(2, "cable-BC")
    day.clear(3, "cable-BC")
    day.restart(4)
    day.wait(40)
    declared.refresh_from_db()
    assert (declared.status, declared.restored_at, declared.adopted_at) == ("claimed", None, None)
    assert Incident.objects.exclude(pk=declared.pk).get().status == "closed"
    assert not rejudge(at=at(41)).differences


def test_numbers_never_meet_those_of_the_worker(world: World, day: Day, officer: Actor) -> None:
    day.report(1, "cable-AB")
    numbers = [declare(world, officer, 2, code).number for code in ("cable-BC", "cable-CD")]
    day.restart(3)
    day.report(4, "cable-EF")
    assert numbers == ["R-000001", "R-000002"]
    assert sorted(i.number for i in Incident.objects.all()) == ["I-000001", "I-000002", "R-000001", "R-000002"]


def test_adopted_after_a_restart_as_well(world: World, day: Day, officer: Actor) -> None:
    declared = declare(world, officer, 1)
    day.restart(2)
    day.report(5, "cable-CD")
    day.restart(6)
    day.clear(9, "cable-CD")
    declared.refresh_from_db()
    assert (declared.adopted_at, declared.status) == (at(5), "restored")


def test_one_declared_on_what_alarms_already_tell_of_is_merged(world: World, day: Day, officer: Actor) -> None:
    declared = declare(world, officer, 1)
    Incident.objects.filter(pk=declared.pk).update(status="closed")
    day.report(2, "cable-CD")
    judged = Incident.objects.exclude(pk=declared.pk).get()
    Incident.objects.filter(pk=declared.pk).update(status="open")
    day.wait(3)
    declared.refresh_from_db()
    assert (declared.status, declared.merged_into) == ("merged", judged)
    day.wait(4)
    day.clear(6, "cable-CD")
    judged.refresh_from_db()
    assert judged.status == "restored"


def test_ended_by_hand_it_closes_by_itself_and_reopens_when_alarms_come(world: World, day: Day, officer: Actor) -> None:
    ended = [declare(world, officer, 1, code) for code in ("cable-CD", "cable-AB")]
    day.wait(2)
    for incident in ended:
        declaring.end_declared(incident.pk, Ending(at(3), "测试正常"), at=at(4), by=officer)
    day.wait(5)
    day.report(6, "cable-CD")
    day.wait(30)
    again, closed = (Incident.objects.get(pk=incident.pk) for incident in ended)
    assert (again.status, again.adopted_at, again.restored_at) == ("open", at(6), None)
    assert (closed.status, closed.closed_at) == ("closed", at(18))


def test_ended_while_the_worker_was_away(world: World, day: Day, officer: Actor) -> None:
    declared = declare(world, officer, 1)
    declaring.end_declared(declared.pk, Ending(at(3), "测试正常"), at=at(4), by=officer)
    day.restart(5)
    day.wait(30)
    declared.refresh_from_db()
    assert declared.status == "closed"
