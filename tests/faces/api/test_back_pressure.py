"""While judging is too far behind, the doors say so: what is answered 2xx is kept, what is answered 429 is not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mainstay.faces.api.metrics import House
from mainstay.faces.cli.checking.state import state
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.choices import Outcome
from mainstay.network.alarms.models import AlarmReport, AlarmSource
from mainstay.platform.journal.models import HandedOn
from tests.cast import build_world
from tests.faces.api.conftest import Program
from tests.faces.api.test_batches import BATCH, alarm, refs

SINGLE = "/tmf-api/alarmManagement/v4/alarm"


@pytest.fixture
def few(settings: Any) -> Iterator[None]:
    """Let two reports wait at most."""
    settings.QUEUE_MOST = 2
    intake.look_again()
    yield
    intake.look_again()


def single(ref: str) -> dict[str, Any]:
    """Return an alarm for the TMF642 door."""
    return alarm(ref, sourceSystemId="nms")


@pytest.mark.django_db
def test_both_doors_answer_429_with_when_to_come_again(few: None, program: Program) -> None:
    program.post(BATCH, [alarm("link-AB"), alarm("link-BC")])
    intake.look_again()
    for path, body in ((BATCH, [alarm("link-CD")]), (SINGLE, single("link-CD"))):
        answer = program.post(path, body, **{"Accept-Language": "en"})
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "nothing was stored" in answer.json()["reason"]
    assert refs() == ["link-AB", "link-BC"]


@pytest.mark.django_db
def test_a_batch_that_was_taken_is_answered_again_even_then(few: None, program: Program) -> None:
    first = program.post(BATCH + "&key=k1", [alarm("link-AB"), alarm("link-BC")]).json()
    intake.look_again()
    again = program.post(BATCH + "&key=k1", [alarm("link-AB"), alarm("link-BC")])
    assert again.status_code == 200
    assert again.json() == {**first, "repeated": True}


@pytest.mark.django_db
def test_a_batch_that_was_refused_is_taken_under_the_same_key_later(few: None, program: Program) -> None:
    program.post(BATCH, [alarm("link-AB"), alarm("link-BC")])
    intake.look_again()
    assert program.post(BATCH + "&key=k2", [alarm("link-CD")]).status_code == 429
    AlarmReport.objects.update(outcome=Outcome.STORED)
    intake.look_again()
    answer = program.post(BATCH + "&key=k2", [alarm("link-CD")]).json()
    assert not answer["repeated"]
    assert refs() == ["link-AB", "link-BC", "link-CD"]


@pytest.mark.django_db
def test_one_that_waits_too_long_closes_the_doors(program: Program, settings: Any) -> None:
    settings.QUEUE_LONGEST_S = 60
    program.post(BATCH, [alarm("link-AB")])
    AlarmReport.objects.update(received_at=timezone.now() - timedelta(seconds=90))
    intake.look_again()
    assert program.post(BATCH, [alarm("link-BC")]).status_code == 429
    intake.look_again()


@pytest.mark.django_db
def test_metrics_and_check_tell(few: None, program: Program) -> None:
    def told() -> tuple[float, bool]:
        found = {metric.name: metric.samples[0].value for metric in House().collect() if metric.samples}
        codes = {finding.code for finding in state(timezone.now())}
        return found["mainstay_intake_refuses"], "intake_refuses" in codes

    assert told() == (0.0, False)
    program.post(BATCH, [alarm("link-AB"), alarm("link-BC")])
    assert told() == (1.0, True)


@pytest.fixture
def regions(few: None, program: Program) -> None:
    """Two sources that watch a region each: the one of the other tests, and "ip"."""
    AlarmSource.objects.filter(code="nms").update(region_code="4201")
    AlarmSource.objects.create(code="ip", name="IP", region_code="4202")


def from_ip(ref: str) -> dict[str, Any]:
    """Return an alarm of the other region for the TMF642 door."""
    return alarm(ref, sourceSystemId="ip")


@pytest.mark.django_db
def test_a_storm_in_one_region_shuts_no_other_s_door(regions: None, program: Program) -> None:
    program.post(BATCH, [alarm("link-AB"), alarm("link-BC")])
    intake.look_again()
    assert program.post(BATCH, [alarm("link-CD")]).status_code == 429
    assert program.post(SINGLE, from_ip("link-EF")).status_code == 201
    intake.look_again()
    assert program.post(SINGLE, from_ip("link-DA")).status_code == 429, "its share is one of two"
    assert refs() == ["link-AB", "link-BC", "link-EF"]


@pytest.mark.django_db
def test_one_that_waits_too_long_closes_the_doors_of_its_region(regions: None, program: Program, settings: Any) -> None:
    settings.QUEUE_MOST, settings.QUEUE_LONGEST_S = 0, 60
    program.post(BATCH, [alarm("link-AB")])
    AlarmReport.objects.update(received_at=timezone.now() - timedelta(seconds=90))
    intake.look_again()
    assert program.post(BATCH, [alarm("link-BC")]).status_code == 429
    assert program.post(SINGLE, from_ip("link-EF")).status_code == 201


@pytest.mark.django_db
def test_tickets_that_are_too_far_behind_close_all_doors(regions: None, program: Program, settings: Any) -> None:
    settings.QUEUE_MOST, settings.QUEUE_LONGEST_S = 0, 60
    HandedOn.objects.create(kind="x", part=0, body="{}", size=1, at=timezone.now() - timedelta(seconds=90))
    intake.look_again()
    assert program.post(SINGLE, from_ip("link-EF")).status_code == 429


class Property(TestCase):
    """Whatever is sent, and however judging keeps up."""

    def setUp(self) -> None:
        self.program = Program(build_world())

    def tearDown(self) -> None:
        intake.look_again()

    @given(st.lists(st.one_of(st.none(), st.integers(1, 4)), max_size=12))
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def test_exactly_what_was_answered_well_is_stored(self, steps: list[int | None]) -> None:
        AlarmReport.objects.all().delete()
        kept: list[str] = []
        with self.settings(QUEUE_MOST=5):
            for number, step in enumerate(steps):
                intake.look_again()
                if step is None:
                    AlarmReport.objects.update(outcome=Outcome.STORED)
                    continue
                names = [f"r{number}-{place}" for place in range(step)]
                waiting = AlarmReport.objects.filter(outcome=Outcome.WAITING).count()
                answer = self.program.post(BATCH, [alarm(name) for name in names])
                assert answer.status_code == (429 if waiting >= 5 else 200)
                kept += names if answer.status_code == 200 else []
        assert refs() == kept
