"""The worker follows the inventory change by change and means the same as one that starts anew on it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.domain.actor import Actor
from mainstay.network.alarms.models import Alarm, Incident
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.actions.circuits import cease_circuit, change_route, open_circuits
from mainstay.network.inventory.actions.feed import bump_revision
from mainstay.network.inventory.actions.resources import NewResource, add_dependencies, add_resources
from mainstay.network.inventory.actions.retiring import reopen_circuit
from mainstay.network.inventory.choices import CircuitStatus, LiveState
from mainstay.network.inventory.models import Circuit, Resource, TopologyChange, TopologyRevision
from mainstay.network.inventory.queries import feed
from tests.cast import NOW, World
from tests.network.alarms.conftest import WORKER, Day, at
from tests.network.inventory.test_circuits import wanted

NEW_WAY = ("device-C", "link-CD", "device-D", "link-DA", "device-A", "link-AB", "device-B")


def knows_the_same(worker: ImpactWorker) -> None:
    """Compare with a worker that reads everything; what it would write is undone."""
    with transaction.atomic():
        fresh = ImpactWorker.start(at=at(10_000), by=WORKER)
        transaction.set_rollback(True)
    assert told(worker) == told(fresh)
    ours, theirs = worker.judge.network, fresh.judge.network
    assert (ours.refs, ours.kinds, worker.revision) == (theirs.refs, theirs.kinds, fresh.revision)
    assert placed(worker) == placed(fresh)
    for circuit in Circuit.objects.values_list("pk", flat=True):
        assert worker.writer.stamps[circuit] == fresh.writer.stamps[circuit]


def told(worker: ImpactWorker) -> dict[int, tuple[int, int | None]]:
    network, engine = worker.judge.network, worker.judge.engine
    states, in_service = engine.states(), Circuit.objects.filter(status=CircuitStatus.ACTIVE)
    found = {pk: network.index_of_circuit(pk) for pk in in_service.values_list("pk", flat=True)}
    return {pk: (int(states[i]), engine.since(i)) for pk, i in found.items() if i is not None}


def placed(worker: ImpactWorker) -> list[tuple[int, bool, list[tuple[Any, ...]]]]:
    ids = worker.judge.network.resource_ids
    return sorted(
        (int(ids[g.cause]), g.cause_alarm is None, [(m.alarm, m.reason, m.by is None) for m in g.members])
        for g in worker.judge.grouping.book.groups()
    )


def followed(day: Day, minute: float) -> None:
    """Let the worker look at the inventory; it must not load everything."""
    before = day.worker.judge
    day.wait(minute)
    assert day.worker.judge is before
    knows_the_same(day.worker)


def test_a_new_route_takes_a_circuit_off_a_fault_that_stands(day: Day, world: World, admin: Actor) -> None:
    day.report(0, "link-BC")
    assert day.state(world.logistics_circuit) == LiveState.DOWN
    change_route(world.logistics_circuit.pk, working=NEW_WAY, at=at(5), by=admin)
    followed(day, 6)
    assert day.state(world.logistics_circuit) == LiveState.UP
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, 6)]
    day.report(7, "link-DA")
    assert day.state(world.logistics_circuit) == LiveState.DOWN


def test_a_circuit_ceased_while_down_is_no_longer_down_and_one_reopened_is_again(
    day: Day, world: World, admin: Actor
) -> None:
    day.report(0, "link-BC")
    cease_circuit(world.logistics_circuit.pk, at=at(5), by=admin)
    followed(day, 6)
    assert day.stretches(world.logistics_circuit) == [("DOWN", 0, 6)]
    reopen_circuit(world.logistics_circuit.pk, at=at(7), by=admin)
    followed(day, 8)
    assert day.state(world.logistics_circuit) == LiveState.DOWN


def test_two_changes_are_followed_at_once_and_new_names_are_known(day: Day, world: World, admin: Actor) -> None:
    add_resources([NewResource("port-A-new", "port", "汉口 新口", "card-A", region_code="4203")], at=at(1), by=admin)
    open_circuits([wanted("WH-XX-0042", working=(), protection=(), region_code="4203")], at=at(1), by=admin)
    (opened,) = Circuit.objects.filter(number="WH-XX-0042")
    change_route(opened.pk, working=("port-A-new", "device-A"), at=at(2), by=admin)
    followed(day, 3)
    day.report(4, "port-A-new")
    assert day.state(opened) == LiveState.DOWN
    assert Alarm.objects.get().resource.code == "port-A-new"


def test_what_a_resource_comes_to_depend_on_counts_and_joins_incidents(day: Day, world: World, admin: Actor) -> None:
    day.report(0, "link-BC")
    day.report(20, "port-D-client")
    assert Incident.objects.count() == 2
    add_dependencies([("port-D-client", "link-BC")], at=at(21), by=admin)
    followed(day, 22)
    kept, gone = Incident.objects.order_by("pk")
    assert (gone.status, gone.merged_into) == ("merged", kept)
    day.clear(25, "link-BC", "port-D-client")
    kept.refresh_from_db()
    assert kept.status == "restored"


def test_who_missed_a_change_or_meets_too_large_a_one_reads_everything(day: Day, world: World, admin: Actor) -> None:
    for break_it in (lambda: TopologyChange.objects.all().delete(), lambda: bump_revision(everything=True)):
        change_route(world.branch_circuit.pk, working=("device-C", "link-CD", "device-D"), at=at(1), by=admin)
        break_it()
        before = day.worker.judge
        day.wait(2)
        assert day.worker.judge is not before
        knows_the_same(day.worker)


def test_a_change_made_while_the_worker_was_away_is_known_when_it_comes_back(
    day: Day, world: World, admin: Actor
) -> None:
    day.report(0, "link-BC")
    change_route(world.logistics_circuit.pk, working=NEW_WAY, at=at(5), by=admin)
    day.restart(6)
    assert day.state(world.logistics_circuit) == LiveState.UP
    followed(day, 7)


def test_old_changes_are_pruned(world: World) -> None:
    bump_revision()
    TopologyRevision.objects.update(number=256 * 1000 - 2)
    for _ in range(3):
        bump_revision(circuits=[world.circuit.pk])
    assert list(TopologyChange.objects.order_by("pk").values_list("pk", flat=True)) == [255_999, 256_000, 256_001]
    assert feed.touched_since(1) is None
    found = feed.touched_since(255_999)
    assert found is not None
    assert (found.revision, [each.id for each in found.circuits]) == (256_001, [world.circuit.pk])


class Undone(Exception):
    """Undo what an example wrote."""


REFS = ("link-AB", "link-BC", "link-CD", "link-DA", "port-B-east", "duct-BC", "card-D", "device-C", "site-A")
CHILDREN = ("port-B-east", "link-AB", "link-CD")
STEPS = st.one_of(
    st.tuples(st.just("raise"), st.sampled_from(REFS)),
    st.tuples(st.just("clear"), st.sampled_from(REFS)),
    st.tuples(st.just("route"), st.sampled_from(range(3)), st.sampled_from((NEW_WAY, NEW_WAY[2:], ("device-A",), ()))),
    st.tuples(st.just("cease"), st.sampled_from(range(3))),
    st.tuples(st.just("depend"), st.sampled_from(CHILDREN), st.sampled_from(("link-BC", "duct-BC", "site-A"))),
    st.tuples(st.just("move"), st.sampled_from(("card-D", "card-A")), st.sampled_from(("device-A", "device-B"))),
    st.tuples(st.just("look")),
)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=12))
def test_after_any_reports_and_changes_it_knows_what_a_fresh_worker_knows(
    world: World, admin: Actor, steps: list[tuple[Any, ...]]
) -> None:
    try:
        with transaction.atomic():
            day = Day(world)
            for minute, (verb, *of) in enumerate(steps, start=1):
                done(day, world, admin, verb, of, minute)
            followed(day, len(steps) + 2)
            raise Undone
    except Undone:
        pass


def done(day: Day, world: World, by: Actor, verb: str, of: Sequence[Any], minute: int) -> None:
    """Do one step of a story; what the inventory refuses is left out."""
    circuits = [world.circuit, world.branch_circuit, world.logistics_circuit]
    verbs: dict[str, Callable[[], object]] = {
        "raise": lambda: day.report(minute, *of),
        "clear": lambda: day.clear(minute, *of),
        "route": lambda: change_route(circuits[of[0]].pk, working=of[1], at=NOW, by=by),
        "cease": lambda: cease_circuit(circuits[of[0]].pk, at=NOW, by=by),
        "depend": lambda: add_dependencies([(of[0], of[1])], at=NOW, by=by),
        "move": lambda: moved(world.resources[of[0]], world.resources[of[1]]),
        "look": lambda: followed(day, minute),
    }
    try:
        verbs[verb]()
    except Exception as error:
        if not type(error).__module__.startswith("mainstay"):
            raise


def moved(part: Resource, holder: Resource) -> None:
    Resource.objects.filter(pk=part.pk).update(parent=holder)
    bump_revision(resources=[part.pk])
