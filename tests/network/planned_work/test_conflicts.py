"""Two works at once: both paths of one circuit in windows that overlap is a conflict (I3)."""

from datetime import timedelta

from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.actions import NewWork, cancel_work, plan_work
from mainstay.network.planned_work.models import PlannedWork
from mainstay.network.planned_work.queries.conflicts import Conflict, conflicts
from tests.cast import NOW, World

HOUR = timedelta(hours=1)


def plan(officer: Actor, number: str, code: str, begin: float, lasts: float = 2) -> PlannedWork:
    from_at = NOW + begin * HOUR
    return plan_work(NewWork(number, "割接", from_at, from_at + lasts * HOUR, (code,)), at=NOW, by=officer)


def against(actor: Actor, work: PlannedWork) -> list[Conflict]:
    ids = list(work.resources.values_list("pk", flat=True))
    return conflicts(actor, ids, work.from_at, work.to_at, besides=work.pk)


def test_it_works(world: World, officer: Actor) -> None:
    first, second = plan(officer, "GJ-1", "link-BC", 10), plan(officer, "GJ-2", "link-DA", 11)
    found = against(officer, first)
    assert [(each.work.pk, each.from_at, each.to_at) for each in found] == [
        (second.pk, NOW + 11 * HOUR, NOW + 12 * HOUR)
    ]
    clash = found[0].clashes[0]
    assert clash.number == world.circuit.number
    assert (clash.here, clash.there, clash.together) == (
        LiveState.UNPROTECTED, LiveState.UNPROTECTED, LiveState.DOWN,
    )  # fmt: skip
    assert len(found[0].clashes) == 1


def test_one_after_the_other_is_none(world: World, officer: Actor) -> None:
    first = plan(officer, "GJ-1", "link-BC", 10)
    plan(officer, "GJ-2", "link-DA", 12)
    assert against(officer, first) == []


def test_at_once_without_a_common_circuit_is_shown_without_clash(world: World, officer: Actor) -> None:
    first = plan(officer, "GJ-1", "link-BC", 10)
    plan(officer, "GJ-2", "link-CD", 10)
    plan(officer, "GJ-3", "link-BC", 11)
    found = against(officer, first)
    assert [(each.work.number, bool(each.clashes), bool(each.same)) for each in found] == [
        ("GJ-2", True, False),
        ("GJ-3", False, True),
    ]


def test_work_called_off_clashes_with_nothing(world: World, officer: Actor) -> None:
    first, second = plan(officer, "GJ-1", "link-BC", 10), plan(officer, "GJ-2", "link-DA", 10)
    cancel_work(second.pk, at=NOW, by=officer.because("改期"))
    assert against(officer, first) == []


def test_the_other_region_sees_none_of_it(world: World, officer: Actor) -> None:
    first = plan(officer, "GJ-1", "link-BC", 10)
    plan(officer, "GJ-2", "link-DA", 10)
    assert against(world.actor("huang.wei"), first) == []
