"""Two links of a protected circuit cut one after the other, and the feed that keeps the wall alive."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from mainstay.domain.actor import system
from mainstay.domain.errors import NotFound
from mainstay.faces.demo import cutting
from mainstay.faces.demo.commands import demo
from mainstay.faces.demo.feed import EVERYONE, FEWEST, MOST, Feed
from mainstay.faces.demo.loading import Loader
from mainstay.faces.demo.terrain import read_terrain
from mainstay.network.alarms.models import AlarmReport
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.models import Circuit
from mainstay.service.tickets.models import Clock
from tests.faces.demo.conftest import AT

pytestmark = pytest.mark.django_db

WORKER = system("impact worker")


def judged(at: datetime) -> None:
    worker = ImpactWorker.start(at=at, by=WORKER)
    while worker.step(at=at, by=WORKER):
        pass


def test_cut_twice_is_unprotected_then_down_and_restored_it_is_up(province: Loader) -> None:
    ring = cutting.find_ring()
    assert ring.grade == "AAA"
    states = []
    steps = (
        (cutting.cut, ring.working), (cutting.cut, ring.protection),
        (cutting.restore, ring.working), (cutting.restore, ring.protection),
    )  # fmt: skip
    for minute, (step, code) in enumerate(steps, start=1):
        at = AT + timedelta(minutes=minute)
        assert step(code, at) >= 3
        judged(at)
        circuit = Circuit.objects.get(number=ring.number)
        states.append(circuit.live_state)
        if minute == 1:
            assert not Clock.objects.filter(circuit=circuit, started_at__gt=AT).exists()
    assert states == [1, 3, 1, 0]
    clock = Clock.objects.get(circuit=circuit, started_at__gt=AT, kind="restoration")
    assert clock.started_at == AT + timedelta(minutes=2)


def test_a_link_that_does_not_exist_is_named(province: Loader) -> None:
    with pytest.raises(NotFound, match="XX-LK-999"):
        cutting.cut("XX-LK-999", AT)


def test_load_refuses_a_database_that_is_in_use(province: Loader) -> None:
    answer = CliRunner().invoke(demo, ["load"])
    assert answer.exit_code == 1
    assert "MAINSTAY_HOME" in answer.output
    assert CliRunner().invoke(demo, ["load", "--if-empty"]).exit_code == 0


def test_the_feed_keeps_a_handful_of_faults_standing_and_clears_what_it_raised(province: Loader, settings: Any) -> None:
    settings.QUEUE_LONGEST_S = 3600  # nobody judges here
    began = AT + timedelta(hours=1)
    feed = Feed(read_terrain(EVERYONE), Random(7), began)
    standing = []
    for second in range(0, 1500, 5):
        feed.step(began + timedelta(seconds=second))
        standing.append(feed.standing)
    assert FEWEST - 1 <= sum(standing[60:]) / len(standing[60:]) <= MOST
    assert max(standing) <= MOST + 1
    sent = AlarmReport.objects.filter(received_at__gte=began)
    assert sent.filter(kind="raise").count() > 30
    assert sent.filter(kind="clear").exclude(alarm_type="HEARTBEAT").count() > 30
    assert sent.filter(alarm_type="HEARTBEAT").count() >= 3 * 24


def test_the_feed_does_the_same_for_the_same_seed(province: Loader) -> None:
    began = AT + timedelta(hours=3)
    told = []
    terrain = read_terrain(EVERYONE)
    for _ in range(2):
        known = AlarmReport.objects.count()
        feed = Feed(terrain, Random(3), began)
        for second in range(0, 300, 5):
            feed.step(began + timedelta(seconds=second))
        sent = AlarmReport.objects.order_by("pk").values_list("resource_ref", "alarm_type", "severity")
        told.append(list(sent[known:]))
    assert told[0] == told[1]
