"""While one batch is written the next is judged; nothing is judged twice, no error loses anything (decision 0017)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from mainstay.faces.cli.caseworker import CASEWORKER
from mainstay.faces.cli.loops import ImpactLoop
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.behind import WriteBehind
from mainstay.network.alarms.models import Alarm, AlarmReport, Impact
from mainstay.network.alarms.rejudging import rejudge
from mainstay.platform.bulk.gathering import gathering, write, write_all
from mainstay.platform.journal import handing
from mainstay.platform.journal.models import HandedOn
from mainstay.platform.monitoring.models import Heartbeat
from mainstay.service.tickets.models import Ticket
from tests.cast import NOW, World
from tests.network.alarms.conftest import WORKER, Day, at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def behind(day: Day) -> Iterator[WriteBehind]:
    """The day's worker, writing behind."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one connection write: there the worker writes at once")
    day.worker.behind = WriteBehind()
    yield day.worker.behind
    day.worker.behind.end()


def _accept(world: World, minute: float, *refs: str, severity: str = "critical") -> None:
    reports = [NewReport(ref, "LOS", severity, at(minute)) for ref in refs]
    intake.accept(world.source, reports, at=at(minute), by=WORKER)


def _ledger() -> list[Any]:
    return sorted(Impact.objects.values_list("circuit__number", "state", "from_at", "to_at"))


def test_the_ledger_is_the_same_and_judging_again_finds_no_difference(
    day: Day, world: World, behind: WriteBehind
) -> None:
    for minute, severity in enumerate(["critical", "cleared"] * 5):
        _accept(world, minute, "link-BC", "port-D-west", severity=severity)
        with handing.handing_on(at(minute)):
            day.worker.step(at=at(minute), by=WORKER)
        handing.take_up()
    day.worker.settle()
    assert not AlarmReport.objects.filter(outcome="").exists()
    assert rejudge(at=at(20)).differences == []
    assert len(_ledger()) > 0
    while handing.take_up():
        pass
    assert Ticket.objects.exists()


def test_what_is_under_way_is_not_read_again_but_a_straggler_before_it_is(
    day: Day, world: World, behind: WriteBehind
) -> None:
    _accept(world, 1, "link-AB", "link-BC", "link-EF")
    first, straggler, last = AlarmReport.objects.order_by("pk")
    straggler.outcome = "late"
    straggler.save()
    with handing.handing_on(at(1)):
        assert day.worker.step(at=at(1), by=WORKER) == 2
    assert behind.between == (first.pk, last.pk)
    AlarmReport.objects.filter(pk=straggler.pk).update(outcome="")
    with handing.handing_on(at(1)):
        assert day.worker.step(at=at(1), by=WORKER) == 0, "it lies between those under way"
        assert day.worker.step(at=at(1), by=WORKER) == 1
    day.worker.settle()
    assert Alarm.objects.count() == 3


def test_an_error_in_what_is_under_way_comes_out_and_the_reports_are_judged_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one connection write: there the worker writes at once")
    from mainstay.network.alarms import writing

    written, real = [], writing._write_sources

    def breaks_once(verdicts: Any) -> None:
        written.append(len(verdicts.outcomes))
        if sum(written) == 1 == written[-1]:
            raise IntegrityError("the first time")
        real(verdicts)

    monkeypatch.setattr(writing, "_write_sources", breaks_once)
    Heartbeat.objects.create(
        name=CASEWORKER, host="h", instance="", pid=1, version="1", started_at=NOW, at=NOW, figures={}
    )
    loop = ImpactLoop()
    for turn in range(12):
        if turn in (0, 2):
            _accept(world, turn / 100, "link-AB" if turn else "link-BC")
        loop.turn(NOW + timedelta(milliseconds=100 * turn))
    loop.leave()
    assert sorted(Alarm.objects.values_list("resource__code", flat=True)) == ["link-AB", "link-BC"]
    assert not AlarmReport.objects.filter(outcome="").exists()
    assert HandedOn.objects.exists()
    assert rejudge(at=at(1)).differences == []


def test_gathered_writes_do_nothing_until_they_are_done() -> None:
    done: list[int] = []
    with gathering() as writes:
        write(lambda: done.append(1))
        write(lambda: done.append(2))
    assert done == []
    write_all(writes)
    write(lambda: done.append(3))
    assert done == [1, 2, 3]
