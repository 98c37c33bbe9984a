"""The process lives; is everything ready, and if not, what is to be done?"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.faces.api import health
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from tests.cast import World
from tests.network.alarms.conftest import WORKER

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the assets be built."""
    (tmp_path / "built").touch()
    monkeypatch.setattr(health, "BUILD", tmp_path / "built")


def test_a_living_process_says_so_without_a_database(settings: Any) -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_ready_when_all_is_there(built: None, world: World) -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": []})


def test_a_worker_that_is_behind_is_named_with_the_remedy(built: None, world: World) -> None:
    long_ago = timezone.now() - timedelta(minutes=2)
    intake.accept(world.source, [NewReport("link-AB", "LOS", "critical", long_ago)], at=long_ago, by=WORKER)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    (missing,) = answer.json()["missing"]
    assert missing["what"] == "impact worker"
    assert "mainstay worker" in missing["remedy"]


def test_assets_that_are_not_built_are_named(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr(health, "BUILD", tmp_path / "nothing")
    assert [part["what"] for part in Client().get("/readyz").json()["missing"]] == ["assets"]
