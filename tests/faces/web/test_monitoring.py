"""The house's own state is shown to administrators, and to programs that collect metrics (P3)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from mainstay.faces.cli.watching import look
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
    assert "0 s behind" in shown
    assert "Nobody has looked yet" in shown


def test_what_is_wrong_is_named_with_its_remedy(signed_in: SignIn, world: World) -> None:
    beat("web")
    at = timezone.now()
    assert look(at, began_at=at - timedelta(minutes=1))
    shown = signed_in("admin").get("/settings/monitoring").content.decode()
    assert "sweeper gives no sign of life." in shown
    assert "<code>mainstay sweeper</code>" in shown


def test_everybody_who_minds_the_house_reads_it_on_every_page(signed_in: SignIn, world: World) -> None:
    at = timezone.now()
    look(at, began_at=at - timedelta(minutes=1))
    cache.clear()
    for name, reads in (("admin", True), ("li.qiang", True), ("wang.min", False)):
        assert ("Mainstay itself:" in signed_in(name).get("/customers").content.decode()) is reads


def test_a_house_that_has_just_begun_is_given_time(world: World) -> None:
    at = timezone.now()
    assert not look(at, began_at=at)


def test_a_duty_officer_may_not_look(signed_in: SignIn, world: World) -> None:
    assert signed_in("li.qiang").get("/settings/monitoring").status_code == 403


def test_metrics_tell_queues_and_signs_of_life(client: Client, world: World) -> None:
    beat("sweeper")
    told = client.get("/metrics").content.decode()
    assert "mainstay_database_up 1.0" in told
    assert "mainstay_reports_waiting 0.0" in told
    assert 'mainstay_heartbeat_age_seconds{host="host-1",instance="",program="sweeper"}' in told
