"""The house's own state is shown to administrators, and to programs that collect metrics (P3)."""

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.platform.monitoring import actions
from mainstay.platform.monitoring.actions import Beat, Program
from tests.cast import World
from tests.faces.web.conftest import SignIn

pytestmark = pytest.mark.django_db


def beat(name: str) -> None:
    """Let a program say that it lives, now."""
    at = timezone.now()
    actions.beat(Beat(Program(name, "host-1", 1, "0.1.0", at), {"behind_s": 0}), at=at)


def test_it_works(signed_in: SignIn, world: World) -> None:
    for name in ("web", "live", "impact-worker", "sweeper", "courier"):
        beat(name)
    shown = signed_in("admin").get("/settings/monitoring").content.decode()
    assert "host-1" in shown
    assert "behind_s 0" in shown
    assert "No sign of life from" not in shown


def test_what_does_not_run_is_named(signed_in: SignIn, world: World) -> None:
    beat("web")
    assert "No sign of life from" in signed_in("admin").get("/settings/monitoring").content.decode()


def test_a_duty_officer_may_not_look(signed_in: SignIn, world: World) -> None:
    assert signed_in("li.qiang").get("/settings/monitoring").status_code == 403


def test_metrics_tell_queues_and_signs_of_life(client: Client, world: World) -> None:
    beat("sweeper")
    told = client.get("/metrics").content.decode()
    assert "mainstay_database_up 1.0" in told
    assert "mainstay_reports_waiting 0.0" in told
    assert 'mainstay_heartbeat_age_seconds{host="host-1",instance="",program="sweeper"}' in told
