"""The storm of the demo: as many alarms as asked for, all through the intake, and calmed again."""

import threading
from random import Random

import pytest

from mainstay.faces.demo import bursting
from mainstay.faces.demo.feed import BY_HAND, EVERYONE
from mainstay.faces.demo.loading import Loader
from mainstay.faces.demo.terrain import read_terrain
from mainstay.network.alarms.models import Alarm, AlarmReport
from mainstay.network.alarms.worker import ImpactWorker
from tests.faces.demo.conftest import AT
from tests.faces.demo.test_cutting import WORKER

pytestmark = pytest.mark.django_db


def test_it_works(province: Loader) -> None:
    marks = bursting.storm(read_terrain(EVERYONE), Random(1), count=300)
    assert len(marks) == len({(mark.source, mark.ref, mark.type) for mark in marks}) == 300
    before = AlarmReport.objects.count()
    assert bursting.pour(marks, seconds=0, now=lambda: AT, stop=threading.Event()) == 300
    assert AlarmReport.objects.count() == before + 300
    worker = ImpactWorker.start(at=AT, by=WORKER)
    while worker.step(at=AT, by=WORKER):
        pass
    assert Alarm.objects.filter(text__startswith=BY_HAND, cleared_at=None).count() == 300
    assert bursting.calm(AT) == 300


def test_the_same_seed_gives_the_same_storm(province: Loader) -> None:
    terrain = read_terrain(EVERYONE)
    assert bursting.storm(terrain, Random(2), count=50) == bursting.storm(terrain, Random(2), count=50)
