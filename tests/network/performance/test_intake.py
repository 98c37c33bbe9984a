"""Samples come in: each once, the bad ones named, nothing of circuits one may not see, nothing while too far behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.domain.actor import NOBODY
from mainstay.domain.errors import NotAllowed
from mainstay.network.performance.actions import intake
from mainstay.network.performance.actions.intake import NewSample
from mainstay.network.performance.errors import NoSuchSampleSource, TooFarBehind
from mainstay.network.performance.models import Due, Sample, SampleSource, Series
from tests.cast import NOW, World
from tests.network.performance.conftest import PROBE, Line, after

pytestmark = pytest.mark.django_db


def stored() -> list[tuple[str, int]]:
    rows = Sample.objects.order_by("series__metric", "minute").values_list("series__metric", "value")
    return list(rows)


def test_it_works(line: Line) -> None:
    line.send({0: 812, 5: 820})
    line.send({0: 500_000}, "util_in", side="A")
    assert stored() == [("delay_rt", 812), ("delay_rt", 820), ("util_in", 500_000)]
    assert Series.objects.count() == 2
    assert SampleSource.objects.get().last_at == after(5)


def test_the_same_sample_again_replaces(line: Line) -> None:
    for _ in range(3):
        line.send({0: 812, 5: 820})
    line.send({5: 900})
    assert stored() == [("delay_rt", 812), ("delay_rt", 900)]


def test_of_two_in_a_batch_the_later_counts(line: Line) -> None:
    number = line.world.circuit.number
    intake.accept(line.source, [NewSample(number, "loss", NOW, value) for value in (1, 2)], at=NOW, by=PROBE)
    assert stored() == [("loss", 2)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"metric": "colour"}, "is not sampled"),
        ({"metric": "util_in"}, "give A or Z"),
        ({"side": "A"}, "leave the end empty"),
        ({"value": -1}, "whole number"),
        ({"value": 1.5}, "whole number"),
        ({"value": True}, "whole number"),
        ({"value": 2**31}, "whole number"),
        ({"metric": "loss", "value": 1_000_001}, "whole number"),
        ({"at": after(2)}, "begins no period"),
        ({"at": after(0) + timedelta(seconds=1)}, "begins no period"),
        ({"at": after(0).replace(tzinfo=None)}, "no zone"),
        ({"at": after(60)}, "outside"),
        ({"at": after(-60 * 24 * 34)}, "outside"),
        ({"circuit": "WH-NO-SUCH"}, "no circuit"),
    ],
)
def test_a_bad_sample_is_named_and_spoils_no_other(line: Line, wrong: dict[str, Any], said: str) -> None:
    from django.utils import translation

    number = line.world.circuit.number
    good: dict[str, Any] = {"circuit": number, "metric": "delay_rt", "at": NOW, "value": 5}
    with translation.override("en"):
        answer = intake.accept(line.source, [NewSample(**{**good, **wrong}), NewSample(**good)], at=NOW, by=PROBE)
    assert answer.accepted == 1
    assert list(answer.refused) == [0]
    assert said in answer.refused[0]
    assert stored() == [("delay_rt", 5)]


def test_who_sees_only_some_circuits_samples_only_these(line: Line, world: World) -> None:
    from dataclasses import replace

    actor = replace(world.actor("huang.wei"), permissions=frozenset({"samples.send"}))
    samples = [NewSample(each.number, "delay_rt", NOW, 5) for each in (world.circuit, world.trade_circuit)]
    answer = intake.accept(line.source, samples, at=NOW, by=actor)
    assert list(answer.refused) == [0]
    assert Series.objects.get().circuit == world.trade_circuit


def test_who_may_not(line: Line, world: World) -> None:
    for actor in (NOBODY, world.actor("li.qiang"), world.actor("wang.min")):
        with pytest.raises(NotAllowed):
            intake.accept(line.source, [], at=NOW, by=actor)


def test_an_unknown_source_says_what_to_do(world: World) -> None:
    with pytest.raises(NoSuchSampleSource, match="Settings"):
        intake.source_by_code("nobody")


def test_while_rolling_up_is_too_late_nothing_is_taken(line: Line, settings: Any) -> None:
    line.send({0: 812})
    settings.SAMPLES_LONGEST_S = 60
    intake.look_again()
    with pytest.raises(TooFarBehind):
        line.send({10: 812}, at=30)
    line.work(40)
    intake.look_again()
    line.send({10: 812}, at=41)
    assert len(stored()) == 2


def test_what_is_due_is_noted_once_for_many(line: Line) -> None:
    line.send(dict.fromkeys(range(0, 60, 5), 5))
    line.send(dict.fromkeys(range(0, 60, 5), 6))
    works = list(Due.objects.order_by("work").values_list("work", flat=True))
    assert works == ["day", "hour", *["judge"] * 12]


def test_queries_are_flat(line: Line, world: World) -> None:
    def queries(count: int) -> int:
        circuits = [each.number for each in world.circuits] * count
        samples = [NewSample(number, "delay_rt", after(5 * n), n) for n, number in enumerate(circuits)]
        with CaptureQueriesContext(
            connection,
        ) as caught:
            intake.accept(line.source, samples, at=after(1000), by=PROBE)
        return len([each for each in caught.captured_queries if "INTO" not in each["sql"]])

    queries(1)
    assert queries(2) == queries(10)
