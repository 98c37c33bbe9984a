"""Trends and the worst circuits: gaps as gaps, figures people say, flat queries, nothing of others."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mainstay.domain.actor import system
from mainstay.faces.ui import trends as shown
from mainstay.network.inventory.models import Circuit
from mainstay.network.performance.actions import intake
from mainstay.network.performance.actions.intake import NewSample
from mainstay.network.performance.actions.sources import save_source
from mainstay.network.performance.actions.thresholds import NewThreshold, add_threshold
from mainstay.network.performance.choices import Unit
from mainstay.network.performance.loop import catch_up
from mainstay.network.performance.models import Threshold
from mainstay.network.performance.periods import instant_of, minute_of
from mainstay.network.performance.queries.trends import trends
from mainstay.network.performance.queries.worst import Wanted, worst
from tests.cast import World
from tests.faces.web.conftest import SignIn

pytestmark = pytest.mark.django_db
BY = system("probe")


class Desk:
    """The duty officer's browser."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, name: str, *args: int, query: str = "") -> Any:
        """Open a page."""
        answer = self.client.get(reverse(name, args=args) + query)
        assert answer.status_code == 200
        return answer


@pytest.fixture
def desk(signed_in: SignIn) -> Desk:
    """Sign the duty officer in."""
    return Desk(signed_in("li.qiang"))


@pytest.fixture(autouse=True)
def _patience(settings: Any) -> None:
    settings.SAMPLES_LONGEST_S = 0


def sampled(circuit: Circuit, *, minutes: int, metric: str = "delay_rt", value: int = 812, side: str = "") -> None:
    """Sample a circuit over the last so many minutes, with a gap of twenty an hour ago, and roll up."""
    at = timezone.now()
    source = save_source("probe", "探针", 5, at=at, by=BY)
    last = minute_of(at) // 5 * 5 - 5
    every = [last - back for back in range(0, minutes, 5) if not 60 <= back < 80]
    samples = [NewSample(circuit.number, metric, instant_of(minute), value, side) for minute in every]
    assert intake.accept(source, samples, at=at, by=BY).refused == {}
    catch_up(at=at + timedelta(minutes=2), by=BY)


def option_of(html: str, chart: str) -> Any:
    found = re.search(rf'<script id="{chart}" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_it_works(desk: Desk, world: World) -> None:
    add_threshold(NewThreshold("delay_rt", 2_000, 1_000), at=timezone.now(), by=BY)
    sampled(world.circuit, minutes=200)
    html = desk.get("web:circuit-performance", world.circuit.pk).content.decode()
    line, limit = option_of(html, "chart-delay")["series"]
    values = [point[1] if isinstance(point, list) else point["value"][1] for point in line["data"]]
    assert len(values) in (287, 288)
    assert values.count(0.812) == 36
    assert values[-16:-12] == [None] * 4
    assert line["connectNulls"] is False
    assert {point[1] for point in limit["data"]} == {2.0}
    assert "0.812" in html


def test_a_table_says_the_same(desk: Desk, world: World) -> None:
    sampled(world.circuit, minutes=200)
    html = desk.get("web:circuit-performance", world.circuit.pk, query="?show=table").content.decode()
    assert html.count("0.812\u2009ms") >= 36
    assert "data-chart" not in html


@pytest.mark.parametrize(("span", "stretches"), [("7d", 24), ("30d", 24), ("12m", 1)])
def test_a_longer_span_takes_coarser_rows(world: World, span: str, stretches: int) -> None:
    sampled(world.circuit, minutes=3 * 24 * 60)
    (line,) = trends(BY, world.circuit.pk, span, at=timezone.now()).lines
    assert len(line.known) >= stretches
    assert {point.mean for point in line.known} == {812}
    assert any(point is None for point in line.points)
    assert line.coverage_ppm is not None
    assert 0 < line.coverage_ppm < 1_000_000


def test_the_file_holds_what_is_shown(desk: Desk, world: World) -> None:
    sampled(world.circuit, minutes=200)
    answer = desk.get("web:circuit-performance", world.circuit.pk, query="?export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 37
    assert "0.812" in lines[1]


def test_an_unsampled_circuit_says_what_will_appear(desk: Desk, world: World) -> None:
    html = desk.get("web:circuit-performance", world.circuit.pk).content.decode()
    assert "data-chart" not in html
    assert "ms-empty" in html


def test_the_worst_come_first_and_only_those_asked_for(world: World) -> None:
    sampled(world.circuit, minutes=4 * 24 * 60, metric="util_out", side="A", value=950_000)
    sampled(world.logistics_circuit, minutes=2 * 24 * 60, metric="util_out", side="A", value=960_000)
    sampled(world.branch_circuit, minutes=4 * 24 * 60, metric="util_out", side="A", value=10_000)
    at = timezone.now()
    found = worst(BY, Wanted("util_out", 900_000, days=1), at=at).object_list
    assert [each.circuit for each in found] == [world.circuit, world.logistics_circuit]
    assert (found[0].p95, found[0].most) == (950_000, 950_000)
    assert [each.circuit for each in worst(BY, Wanted("util_out", 955_000, days=1), at=at)] == [world.logistics_circuit]
    assert not worst(BY, Wanted("util_out", 900_000, days=20), at=at).object_list
    assert not worst(world.actor("huang.wei"), Wanted("util_out", 900_000, days=1), at=at).object_list


def test_queries_of_both_pages_are_flat_and_few(desk: Desk, world: World) -> None:
    def queries(name: str, *args: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            desk.get(name, *args, query="?days=1&least=1")
        return len(caught)

    sampled(world.circuit, minutes=3 * 24 * 60, metric="util_out", side="A")
    few = queries("web:performance"), queries("web:circuit-performance", world.circuit.pk)
    for circuit in (world.branch_circuit, world.logistics_circuit):
        sampled(circuit, minutes=3 * 24 * 60, metric="util_out", side="A")
    sampled(world.circuit, minutes=200, metric="util_in", side="A")
    many = queries("web:performance"), queries("web:circuit-performance", world.circuit.pk)
    assert few == many
    assert max(many) <= 14


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (812, Unit.MICROSECONDS, "0.812\u2009ms"), (12_346, Unit.MICROSECONDS, "12.35\u2009ms"),
        (0, Unit.PPM, "0\u2009%"), (120, Unit.PPM, "0.012\u2009%"), (955_000, Unit.PPM, "95.5\u2009%"),
        (7, Unit.SECONDS, "7\u2009s"), (None, Unit.PPM, "—"),
    ],
)  # fmt: skip
def test_figures_are_said_as_people_say_them(value: int | None, unit: Unit, said: str) -> None:
    assert shown.words(value, unit) == said


def test_a_threshold_is_set_in_the_units_people_say(world: World) -> None:
    client = Client()
    client.force_login(world.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
    given = {"metric": "delay_rt", "raise_at": "12.5", "clear_at": "10", "raise_periods": 2, "clear_periods": 3,
             "severity": "minor", "grade": "AAA", "circuit": world.circuit.number, "watched": "on"}  # fmt: skip
    assert client.post(reverse("web:settings-threshold-new"), given).status_code == 302
    rule = Threshold.objects.get()
    assert (rule.raise_at, rule.clear_at, rule.circuit, rule.grade) == (12_500, 10_000, world.circuit, "AAA")
    page = client.get(reverse("web:settings-threshold", args=[rule.pk])).content.decode()
    assert 'value="12.5"' in page
    again = client.post(reverse("web:settings-threshold-new"), {**given, "circuit": "NO-SUCH"})
    assert again.status_code == 200
    assert Threshold.objects.count() == 1
