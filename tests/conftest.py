"""What every test stands on: which database, which browser, how hard hypothesis looks.

The database is the one MAINSTAY_DATABASE_URL names; none: SQLite, in a file, as the product runs it.
`python -m tools.with_postgresql pytest …` names a fresh PostgreSQL. Under xdist every worker has its own.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck, settings

from mainstay.network.alarms.actions import intake
from mainstay.network.performance.actions import intake as samples_intake
from tools import chromium

pytest_plugins = ("tests.cast", "tests.access.fixtures")

IN_CI = os.environ.get("CI") == "true"
BROWSER_TESTS = Path(__file__).parent / "browser"

# Playwright's loop runs in the thread of the test, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

settings.register_profile("everyday", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("everyday"), derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "everyday")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies under tests/browser."""
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker("browser")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip browser tests where there is no Chromium; in CI that is a failure."""
    if item.get_closest_marker("browser") is None or chromium.find():
        return
    if IN_CI:
        pytest.fail("No Chromium was found, and CI=true does not go without: install Debian's package chromium.")
    pytest.skip("no Chromium was found; install chromium, or set CHROMIUM to its path")


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Begin each test in the house's language, whatever a request before it asked for."""
    with translation.override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Let no test see what the process kept of the one before, and none find the house itself in trouble."""
    cache.clear()
    intake.look_again()
    samples_intake.look_again()
    cache.set("mainstay-house-errors", [], None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite's test database in a file: live servers and commands open it from other threads."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the Chromium found on this machine; playwright's own is never downloaded."""
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": chromium.FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Look at pages as most of their readers do: in Chinese, in Shanghai."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
