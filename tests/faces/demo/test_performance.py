"""The demo's samples are what the house would have written, and go on as they began."""

from datetime import timedelta

import numpy as np
import pytest

from mainstay.faces.demo.loading import Loader
from mainstay.faces.demo.performance import CIRCUITS, NMS, Curve, Sampled, drawn
from mainstay.network.performance.choices import Metric
from mainstay.network.performance.loop import catch_up
from mainstay.network.performance.models import DayRoll, Due, HourRoll, Sample
from mainstay.network.performance.storing import note
from tests.faces.demo.conftest import AT

pytestmark = pytest.mark.django_db


def rolls() -> list[list[tuple[object, ...]]]:
    found = []
    for model in (HourRoll, DayRoll):
        more = ["p95"] if model is DayRoll else []
        columns = ("series", "minute", "least", "most", "total", "count", "expected", *more)
        found.append(list(model.objects.order_by("series", "minute").values_list(*columns)))
    return found


def test_what_was_laid_is_what_rolling_up_gives(province: Loader) -> None:
    laid = rolls()
    assert len(laid[0]) > CIRCUITS * 6 * 20
    pairs = {(series // 500, minute) for series, minute in Sample.objects.values_list("series", "minute")}
    note(sorted(pairs), at=AT)
    Due.objects.filter(work="judge").delete()
    HourRoll.objects.all().delete()
    catch_up(at=AT + timedelta(minutes=2), by=province.by)
    again = rolls()
    assert again == laid


def test_the_feed_goes_on_where_history_ends(province: Loader) -> None:
    sampled = Sampled(province.seed, by=province.by)
    sampled.take_over(AT)
    before = Sample.objects.count()
    assert sampled.step(AT + timedelta(minutes=11)) >= 2 * len(sampled.curves)
    assert sampled.step(AT + timedelta(minutes=12)) == 0
    assert Sample.objects.count() >= before + 2 * len(sampled.curves)


def test_a_curve_is_the_same_however_it_is_asked_for() -> None:
    curve, minutes = Curve(1, "A", NMS, Metric.UTIL_OUT, "A"), np.arange(0, 14_400, 5)
    whole = drawn(curve, minutes, 1)
    parts = np.concatenate([drawn(curve, minutes[start : start + 7], 1) for start in range(0, len(minutes), 7)])
    assert (whole == parts).all()
    assert 0 < whole.min() < 200_000 < 900_000 < whole.max() <= 1_000_000
    assert (whole != drawn(curve, minutes, 2)).any()
