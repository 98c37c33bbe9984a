"""A circuit over its threshold is an alarm on what is its own, degrades it and nobody else, and ends as it began."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.network.alarms.models import Alarm, AlarmReport
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import CircuitEnd, Hop, Resource
from mainstay.network.inventory.queries.own_parts import own_part
from mainstay.network.performance.actions.thresholds import (
    NewThreshold,
    add_threshold,
    change_threshold,
    load_defaults,
    remove_threshold,
)
from mainstay.network.performance.errors import BadThreshold
from mainstay.network.performance.models import Crossing, Threshold
from mainstay.network.performance.queries.worst import standing
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World
from tests.network.performance.conftest import PROBE, Line, after

pytestmark = pytest.mark.django_db

DELAY = NewThreshold("delay_rt", 100, 80, 2, 2)


def told() -> list[tuple[str, str, str]]:
    rows = AlarmReport.objects.filter(source__code="performance").order_by("pk")
    return list(rows.values_list("resource_ref", "alarm_type", "severity"))


def judged(line: Line, values: dict[int, int], **more: str) -> list[str]:
    """Send samples one by one, each judged at once; return the severities reported so far."""
    for minute, value in values.items():
        line.send({minute: value}, **more)  # type: ignore[arg-type]
        line.work(minute + 5)
    return [severity for _, _, severity in told()]


def test_it_works(line: Line, world: World) -> None:
    add_threshold(DELAY, at=NOW, by=PROBE)
    assert judged(line, {0: 150, 5: 50, 10: 150}) == []
    assert judged(line, {15: 150}) == ["major"]
    box = f"converter-{world.circuit.number}-A"
    assert told() == [(box, "QoS delay_rt", "major")]
    report = AlarmReport.objects.get()
    assert (report.event_at, report.probable_cause) == (after(10), "thresholdCrossed")
    assert [each.since for each in standing(PROBE)] == [after(10)]
    assert judged(line, {20: 90, 25: 150, 30: 70}) == ["major"]
    assert judged(line, {35: 70}) == ["major", "cleared"]
    assert not Crossing.objects.exists()


def test_the_circuit_is_degraded_and_no_other(line: Line, world: World) -> None:
    add_threshold(DELAY, at=NOW, by=PROBE)
    worker = ImpactWorker.start(at=NOW, by=PROBE)
    judged(line, {0: 150, 5: 150})
    while worker.step(at=after(10), by=PROBE):
        pass
    states = {}
    for each in world.circuits:
        each.refresh_from_db()
        states[each.number] = each.live_state
    assert states.pop(world.circuit.number) == LiveState.DEGRADED
    assert set(states.values()) == {LiveState.UP}
    assert Alarm.objects.get().text.startswith(world.circuit.number)


def test_a_warning_impairs_nothing(line: Line, world: World) -> None:
    add_threshold(NewThreshold("util_out", 900_000, 800_000, 1, 1, "warning"), at=NOW, by=PROBE)
    worker = ImpactWorker.start(at=NOW, by=PROBE)
    assert judged(line, {0: 950_000}, metric="util_out", side="Z") == ["warning"]
    assert told()[0][0] == f"converter-{world.circuit.number}-Z"
    while worker.step(at=after(10), by=PROBE):
        pass
    world.circuit.refresh_from_db()
    assert world.circuit.live_state == LiveState.UP


def test_without_a_part_of_its_own_nothing_is_alarmed_and_the_crossing_still_stands(line: Line, world: World) -> None:
    Hop.objects.filter(path__circuit=world.circuit, resource__role="converter").delete()
    add_threshold(DELAY, at=NOW, by=PROBE)
    assert own_part(world.circuit.pk) not in {"device-A", "link-AB", "link-BC"}
    Hop.objects.filter(path__circuit=world.circuit).delete()
    assert own_part(world.circuit.pk) == ""
    assert judged(line, {0: 150, 5: 150}) == []
    assert [each.alarmed for each in standing(PROBE)] == [False]


def test_what_others_run_over_is_never_taken_for_its_own(world: World) -> None:
    for circuit in world.circuits:
        code = own_part(circuit.pk)
        assert code.startswith(f"converter-{circuit.number}")
    assert own_part(world.circuit.pk, "Z").endswith("-Z")
    CircuitEnd.objects.filter(circuit=world.branch_circuit).update(
        converter=Resource.objects.get(code=f"converter-{world.circuit.number}-A")
    )
    Resource.objects.filter(code=f"converter-{world.circuit.number}-A").update(retired_at=NOW)
    assert own_part(world.circuit.pk) == f"converter-{world.circuit.number}-Z"


def test_the_most_specific_threshold_decides(line: Line, world: World) -> None:
    add_threshold(DELAY, at=NOW, by=PROBE)
    add_threshold(NewThreshold("delay_rt", 200, 180, 1, 1, grade="AAA"), at=NOW, by=PROBE)
    assert judged(line, {0: 150, 5: 150}) == []
    own = add_threshold(NewThreshold("delay_rt", 10, 5, 1, 1, circuit_id=world.circuit.pk), at=NOW, by=PROBE)
    assert judged(line, {10: 150}) == ["major"]
    change_threshold(own.pk, NewThreshold("delay_rt", 10, 5, circuit_id=world.circuit.pk, watched=False), at=NOW,
                     by=PROBE)  # fmt: skip
    line.work(20)
    assert [severity for _, _, severity in told()] == ["major", "cleared"]


def test_a_removed_threshold_ends_its_crossings(line: Line) -> None:
    rule = add_threshold(DELAY, at=NOW, by=PROBE)
    judged(line, {0: 150, 5: 150})
    remove_threshold(rule.pk, at=after(12), by=PROBE)
    line.work(13)
    assert [severity for _, _, severity in told()] == ["major", "cleared"]
    assert not Crossing.objects.exists()


def test_a_ceased_circuit_is_watched_no_more(line: Line, world: World) -> None:
    add_threshold(DELAY, at=NOW, by=PROBE)
    judged(line, {0: 150, 5: 150})
    type(world.circuit).objects.filter(pk=world.circuit.pk).update(status="ceased")
    line.work(13)
    assert [severity for _, _, severity in told()] == ["major", "cleared"]


def test_what_was_buffered_is_judged_in_its_order(line: Line) -> None:
    add_threshold(DELAY, at=NOW, by=PROBE)
    line.send({0: 150, 5: 150, 10: 150, 15: 10, 20: 10, 25: 10}, at=60)
    line.work(60)
    assert [severity for _, _, severity in told()] == ["major", "cleared"]


def test_what_comes_after_a_later_one_was_judged_changes_no_verdict(line: Line) -> None:
    add_threshold(NewThreshold("delay_rt", 100, 80, 1, 1), at=NOW, by=PROBE)
    judged(line, {10: 50})
    line.send({5: 500}, at=16)
    line.work(16)
    assert told() == []


def test_judging_again_reports_nothing_twice(line: Line) -> None:
    add_threshold(DELAY, at=NOW, by=PROBE)
    judged(line, {0: 150, 5: 150})
    line.send({0: 150, 5: 150}, at=11)
    line.work(11)
    assert [severity for _, _, severity in told()] == ["major"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"clear_at": 100}, {"raise_at": 0}, {"raise_periods": 0}, {"clear_periods": 2000}, {"metric": "colour"},
        {"severity": "cleared"}, {"product": "no-such"}, {"grade": "B"},
    ],
)  # fmt: skip
def test_a_threshold_that_cannot_hold_is_refused(world: World, wrong: dict[str, Any]) -> None:
    from dataclasses import replace

    with pytest.raises(BadThreshold):
        add_threshold(replace(DELAY, **wrong), at=NOW, by=PROBE)


def test_a_twin_is_refused_and_changes_are_in_the_trail(world: World) -> None:
    rule = add_threshold(DELAY, at=NOW, by=PROBE)
    with pytest.raises(BadThreshold):
        add_threshold(NewThreshold("delay_rt", 500, 80), at=NOW, by=PROBE)
    change_threshold(rule.pk, NewThreshold("delay_rt", 500, 80, 2, 2), at=NOW, by=PROBE)
    remove_threshold(rule.pk, at=NOW, by=PROBE)
    trail = Entry.objects.filter(object_kind="threshold").order_by("pk")
    assert [each.action for each in trail] == ["threshold.add", "threshold.change", "threshold.remove"]
    assert (trail[1].before, trail[1].after) == ({"raise_at": 100}, {"raise_at": 500})


def test_a_new_house_begins_with_stated_thresholds_once(world: World) -> None:
    assert load_defaults(at=NOW, by=PROBE) == Threshold.objects.count() == 5
    assert load_defaults(at=NOW, by=PROBE) == 0


def test_queries_are_flat_while_nothing_crosses(line: Line, world: World) -> None:
    from mainstay.network.performance.actions import intake
    from mainstay.network.performance.actions.intake import NewSample

    add_threshold(DELAY, at=NOW, by=PROBE)

    def queries(minute: int, circuits: int) -> int:
        samples = [NewSample(each.number, "delay_rt", after(minute), 5) for each in world.circuits[:circuits]]
        intake.accept(line.source, samples, at=after(minute), by=PROBE)
        with CaptureQueriesContext(connection) as caught:
            line.work(minute)
        return len(caught)

    queries(0, 4)
    assert queries(5, 1) == queries(10, 4)
