"""What is old is forgotten level by level, and only that; what waits to be rolled up stays."""

import pytest

from mainstay.network.performance.actions.forgetting import forgetter, oldest_of
from mainstay.network.performance.models import DayRoll, HourRoll, Sample
from tests.network.performance.conftest import Line, after

pytestmark = pytest.mark.django_db
DAY = 24 * 60


def forget_all(level: str, before: float) -> int:
    total = 0
    for _ in range(100):
        total += forgetter(level)(after(before), 500)
    return total


def test_it_works(line: Line) -> None:
    line.send(dict.fromkeys(range(0, 2 * DAY, 60), 5))
    line.work(4 * DAY)
    assert oldest_of("sample")() == after(0)
    assert forget_all("sample", DAY) == 24
    assert Sample.objects.count() == 24
    assert oldest_of("sample")() == after(DAY)
    assert (HourRoll.objects.count(), DayRoll.objects.count()) == (48, 3)
    assert forget_all("hour", DAY) == 24
    assert forget_all("day", DAY) == 2
    assert (Sample.objects.count(), HourRoll.objects.count(), DayRoll.objects.count()) == (24, 24, 1)


def test_what_waits_to_be_rolled_up_stays(line: Line) -> None:
    line.send({0: 5})
    assert forget_all("sample", 10 * DAY) == 0
    line.work(10 * DAY)
    assert forget_all("sample", 10 * DAY) == 1
