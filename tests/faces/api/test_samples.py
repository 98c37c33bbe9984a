"""The batch door for samples: stored when answered, bad ones by position, any batch twice, 429 while too far behind."""

from typing import Any

import pytest

from mainstay.network.performance.actions import intake
from mainstay.network.performance.actions.sources import save_source
from mainstay.network.performance.models import Due, Sample
from mainstay.network.performance.periods import instant_of
from tests.cast import World
from tests.faces.api.conftest import Program

pytestmark = pytest.mark.django_db

DOOR = "/api/v1/performance/samples?source=probe"


@pytest.fixture
def at(world: World) -> str:
    """Begin a period a moment ago, by the real clock: the door looks at it."""
    from django.utils import timezone

    now = timezone.now()
    save_source("probe", "探针", 5, at=now, by=world.actor("admin"))
    minute = int(now.timestamp()) // 300 * 5 - 10
    return instant_of(minute).isoformat()


def sample(world: World, at: str, **more: Any) -> dict[str, Any]:
    return {"circuit": world.circuit.number, "metric": "delay_rt", "at": at, "value": 812, **more}


def test_it_works_twice(program: Program, world: World, at: str) -> None:
    batch = [sample(world, at), sample(world, at, metric="util_in", side="Z", value=5)]
    for _ in range(2):
        answer = program.post(DOOR, batch)
        assert (answer.status_code, answer.json()) == (200, {"accepted": 2, "refused": []})
    assert sorted(Sample.objects.values_list("value", flat=True)) == [5, 812]


def test_bad_ones_are_answered_by_position(program: Program, world: World, at: str) -> None:
    good = sample(world, at)
    bad = [5, {}, {**good, "more": 1}, {**good, "at": "soon"}, {**good, "value": "812"}, {**good, "circuit": "x\0"}]
    said = program.post(DOOR, [*bad, good]).json()
    assert said["accepted"] == 1
    assert [each["position"] for each in said["refused"]] == list(range(len(bad)))


def test_without_token_or_source_nothing_is_taken(program: Program, world: World, at: str) -> None:
    assert program.client.post(DOOR, [], content_type="application/json").status_code == 401
    assert program.post("/api/v1/performance/samples?source=none", [sample(world, at)]).status_code == 404
    assert not Sample.objects.exists()


def test_while_rolling_up_is_too_late_it_answers_429(program: Program, world: World, at: str, settings: Any) -> None:
    program.post(DOOR, [sample(world, at)])
    settings.SAMPLES_LONGEST_S = 60
    Due.objects.update(due_at="2026-01-01T00:00:00Z")
    intake.look_again()
    answer = program.post(DOOR, [sample(world, at, value=1)])
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert Sample.objects.get().value == 812
