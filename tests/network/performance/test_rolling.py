"""Hours and days are what the samples say, however and whenever these came; against a slow reference."""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mainstay.network.performance.loop import catch_up
from mainstay.network.performance.models import DayRoll, Due, HourRoll, Sample
from mainstay.network.performance.periods import day_of, instant_of, minute_of
from mainstay.network.performance.rolling import roll, waiting
from tests.cast import NOW, build_world
from tests.network.performance.conftest import PROBE, Line, after

DAY = 24 * 60
Rolled = dict[tuple[int, int], tuple[int, ...]]


def rolled(model: type[HourRoll] | type[DayRoll]) -> Rolled:
    more = ["p95"] if model is DayRoll else []
    rows = model.objects.values_list("series_id", "minute", "least", "most", "total", "count", "expected", *more)
    return {(series, minute): tuple(rest) for series, minute, *rest in rows}


def reference(zone: ZoneInfo | None) -> Rolled:
    """Group all samples by hour (no zone) or local day, one by one."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for series, minute, value in Sample.objects.values_list("series_id", "minute", "value"):
        at = instant_of(minute)
        began = at.replace(minute=0) if zone is None else at.astimezone(zone).replace(hour=0, minute=0)
        groups[series, minute_of(began)].append(value)
    found: Rolled = {}
    for (series, begin), values in groups.items():
        values.sort()
        n = len(values)
        if zone is None:
            length = 60
        else:
            local = instant_of(begin).astimezone(zone)
            after_it = (local.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
            length = minute_of(after_it) - begin
        p95 = next(value for place, value in enumerate(values, 1) if place * 100 >= 95 * n)
        figures = (values[0], values[-1], sum(values), n, length // 5)
        found[series, begin] = figures if zone is None else (*figures, p95)
    return found


@pytest.mark.django_db
def test_it_works(line: Line) -> None:
    line.send({0: 10, 5: 20, 15: 60})
    assert line.work(30) == 3  # judged only: the hour runs
    assert rolled(HourRoll) == {}
    line.work(62)
    ((_, hour),) = rolled(HourRoll)
    assert hour == minute_of(NOW)
    assert list(rolled(HourRoll).values()) == [(10, 60, 90, 3, 12)]
    line.work(17 * 60)
    assert list(rolled(DayRoll).values()) == [(10, 60, 90, 3, 288, 60)]
    assert not Due.objects.exists()


@pytest.mark.django_db
def test_what_comes_late_rolls_its_hour_and_day_up_again(line: Line) -> None:
    line.send({0: 10})
    line.work(3 * DAY)
    line.send({5: 90, 10: 20}, at=3 * DAY)
    line.work(3 * DAY + 2)
    assert list(rolled(HourRoll).values()) == [(10, 90, 120, 3, 12)]
    assert list(rolled(DayRoll).values()) == [(10, 90, 120, 3, 288, 90)]


@pytest.mark.django_db
def test_what_comes_while_it_is_rolled_up_is_not_forgotten(line: Line) -> None:
    line.send({0: 10})
    (piece,) = waiting(("hour",), at=after(62))
    line.send({5: 90}, at=62)
    roll(piece)
    assert Due.objects.filter(work="hour").exists()
    line.work(62)
    assert list(rolled(HourRoll).values()) == [(10, 90, 100, 2, 12)]
    assert not Due.objects.filter(work="hour").exists()


@pytest.mark.parametrize(
    ("zone", "minutes"), [("Asia/Shanghai", DAY), ("Europe/Berlin", 25 * 60), ("Asia/Kathmandu", DAY)]
)
def test_a_day_is_that_of_the_house(zone: str, minutes: int) -> None:
    with override_settings(TIME_ZONE=zone):
        noon = minute_of(NOW.replace(month=10, day=25, hour=9))
        begin, end = day_of(noon)
        assert end - begin == minutes
        local = instant_of(begin).astimezone(ZoneInfo(zone))
        assert (local.day, local.hour, local.minute) == (25, 0, 0)


SAMPLES = st.lists(st.tuples(st.integers(0, 3 * 288), st.integers(0, 1_000_000)), max_size=60)


class Property(TestCase):
    """Whatever comes in whatever order, in whatever parts, rolled up whenever."""

    def setUp(self) -> None:
        self.line = Line(build_world())

    @given(st.lists(st.tuples(SAMPLES, st.integers(0, 4 * DAY), st.booleans()), min_size=1, max_size=5))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_the_rolls_are_those_of_a_slow_reference(self, parts: list[tuple[Any, int, bool]]) -> None:
        for model in (Sample, HourRoll, DayRoll, Due):
            model.objects.all().delete()
        for samples, came, works in parts:
            if samples:
                self.line.send({5 * place: value for place, value in samples}, at=3 * DAY + came)
            if works:
                self.line.work(3 * DAY + came)
        catch_up(at=after(9 * DAY), by=PROBE)
        assert rolled(HourRoll) == reference(None)
        assert rolled(DayRoll) == reference(ZoneInfo("Asia/Shanghai"))
        assert not Due.objects.exists()
