"""A storm is seen, kept and ended by the watch over the stream; the rule that decides is a setting."""

from datetime import datetime, timedelta

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.alarms.actions import storms
from mainstay.network.alarms.actions.intake import NewReport, accept
from mainstay.network.alarms.models import AlarmReport, Storm, StormRule, StreamSample
from mainstay.network.alarms.queries import alarms
from mainstay.network.alarms.queries import storms as queries
from mainstay.platform.journal.models import Entry, OutboxEvent
from tests.access.stage import WORKER
from tests.cast import NOW, World


def rain(world: World, count: int, at: datetime) -> None:
    """Let so many reports come in at an instant, judged at once."""
    accept(world.source, [NewReport(f"x{n}", "LOS", "critical", at) for n in range(count)], at=at, by=WORKER)
    AlarmReport.objects.update(outcome="stored")


def later(seconds: float) -> datetime:
    """Return an instant after the beginning."""
    return NOW + timedelta(seconds=seconds)


def test_it_works(world: World) -> None:
    assert storms.watch(at=NOW) is None
    rain(world, 700, later(1))
    storm = storms.watch(at=later(2))
    assert storm is not None
    assert (storm.reports, storm.peak_per_second, storm.signals) == (700, 700, "rate")
    assert alarms.pulse(at=later(3)).per_minute == 700
    assert OutboxEvent.objects.filter(kind="storm").count() == 1
    rain(world, 900, later(5))
    storms.watch(at=later(6))
    storm.refresh_from_db()
    assert (storm.reports, storm.peak_per_second, storm.peak_at) == (1600, 900, later(6))
    for second in range(70, 370, 5):
        storms.watch(at=later(second))
        storm.refresh_from_db()
        assert storm.ended_at is None
    storms.watch(at=later(370))
    storm.refresh_from_db()
    assert storm.ended_at == later(370)
    assert OutboxEvent.objects.filter(kind="storm").count() == 2
    assert storms.watch(at=later(390)) is None
    assert Storm.objects.count() == 1


def test_a_few_alarms_are_no_storm(world: World) -> None:
    for second in range(0, 60, 2):
        rain(world, 5, later(second))
        assert storms.watch(at=later(second + 1)) is None


def test_what_is_usual_raises_the_bar(world: World) -> None:
    StreamSample.objects.bulk_create(
        StreamSample(at=later(-10 * n), reports=40, last_report_id=0) for n in range(1, 400)
    )
    assert queries.usual_per_minute(at=NOW) == 240
    rain(world, 700, later(1))
    assert storms.watch(at=later(2)) is None


def test_a_storm_does_not_become_the_usual(world: World) -> None:
    StreamSample.objects.bulk_create(StreamSample(at=later(-10 * n), reports=2) for n in range(1, 400))
    storms.watch(at=NOW)
    rain(world, 5000, later(1))
    storms.watch(at=later(2))
    assert queries.usual_per_minute(at=later(3)) == pytest.approx(12, abs=0.5)


def test_a_backlog_that_nobody_judges_is_a_storm(world: World) -> None:
    storms.watch(at=NOW)
    accept(world.source, [NewReport("port-B-east", "LOS", "critical", NOW)], at=later(1), by=WORKER)
    storm = storms.watch(at=later(20))
    assert storm is not None
    assert storm.signals == "behind"


def test_old_samples_are_forgotten(world: World) -> None:
    StreamSample.objects.create(at=NOW - timedelta(days=8))
    storms.watch(at=NOW)
    storms.watch(at=later(20))
    assert StreamSample.objects.filter(at__lt=NOW - timedelta(days=7)).count() == 0


def test_the_rule_is_a_setting(world: World, admin: Actor) -> None:
    storms.change_rule({"rate_least": 50}, at=NOW, by=admin)
    assert queries.thresholds().rate_least == 50
    assert Entry.objects.get(action="storm_rule.change").after == {"rate_least": 50}
    storms.watch(at=NOW)
    rain(world, 60, later(1))
    assert storms.watch(at=later(2)) is not None


def test_an_officer_does_not_change_the_rule(world: World, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        storms.change_rule({"rate_least": 1}, at=NOW, by=officer)
    assert not StormRule.objects.exists()
