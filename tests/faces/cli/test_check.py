"""`mainstay check` names what is wrong, with a remedy, in the reader's language (P3)."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import override_settings
from django.utils.translation import override

from mainstay.accounts.catalog.models import PromiseProfile
from mainstay.faces.cli.check import check
from mainstay.faces.cli.checking.configuration import configuration
from mainstay.faces.cli.checking.database import database, usable
from mainstay.faces.cli.checking.state import STARTED_BY, state
from mainstay.platform.duty.models import Shift
from mainstay.platform.monitoring.actions import Beat, Program, beat
from mainstay.platform.monitoring.choices import Level
from mainstay.platform.timers.models import Timer
from tests.cast import NOW, World

pytestmark = pytest.mark.django_db


def errors(found: object) -> list[str]:
    """Return what the errors say."""
    return [finding.what for finding in found if finding.level == Level.ERROR]  # type: ignore[attr-defined]


def warnings(found: object) -> str:
    """Return what the warnings say."""
    return "\n".join(f.what for f in found if f.level == Level.WARNING)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def english() -> object:
    """Read the findings in English."""
    with override("en"):
        yield


@pytest.fixture
def running(world: World) -> World:
    """Let all programs give signs of life."""
    for name in STARTED_BY:
        beat(Beat(Program(name, "host-1", 1, "0.1.0", NOW)), at=NOW)
    return world


def test_a_house_that_runs_has_no_errors(running: World) -> None:
    assert errors(state(NOW)) == []


def test_a_program_that_does_not_run_is_an_error_with_the_command_that_starts_it(world: World) -> None:
    found = list(state(NOW))
    assert "sweeper gives no sign of life." in errors(found)
    assert any("mainstay sweeper" in finding.remedy for finding in found)


def test_every_finding_but_a_fact_has_a_remedy(world: World) -> None:
    found = [*configuration(), *database(), *state(NOW)]
    assert all(finding.remedy for finding in found if finding.level != Level.FACT)


def test_late_timers_are_an_error(running: World) -> None:
    Timer.objects.create(due_at=NOW - timedelta(minutes=5), purpose="x", owner_kind="x", owner_id=1, rung="x")
    assert errors(state(NOW)) == ["1 timers are late, the oldest by 300 s."]


def test_without_a_promise_profile_tickets_get_no_clocks(running: World) -> None:
    PromiseProfile.objects.update(active=False)
    assert "No promise profile is in force" in errors(state(NOW))[0]


def test_a_desk_without_shifts_and_next_years_holidays_are_warned_of(running: World) -> None:
    Shift.objects.all().delete()
    said = warnings(state(NOW))
    assert "Nobody is on duty at 湖北大客户值班台" in said
    assert "The holidays of 2027 are not known yet." in said


def test_debug_is_an_error_and_cookies_without_https_behind_tls_too() -> None:
    with override_settings(DEBUG=True, CSRF_TRUSTED_ORIGINS=["https://mainstay.example"]):
        said = errors(configuration())
    assert "Visitors are shown tracebacks." in said
    assert "Cookies are also sent without https." in said


def test_the_database_of_the_tests_is_as_it_must_be() -> None:
    found = [finding for finding in database() if "wait for the disk" not in finding.what]
    assert usable(found)


def test_the_command_ends_with_1_and_speaks_chinese(world: World) -> None:
    done = CliRunner().invoke(check, ["--language", "zh-hans"])
    assert done.exit_code == 1
    assert "没有心跳" in done.output


def test_the_settings_are_listed_without_secrets() -> None:
    told = CliRunner().invoke(check, ["--settings"]).output
    assert "MAINSTAY_ALLOWED_HOSTS" in told
    assert settings.SECRET_KEY not in told
