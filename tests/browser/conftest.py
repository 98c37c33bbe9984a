"""The whole house in a browser test: web, live events and impact worker, all on the test database.

    def test_it_works(house: House) -> None:
        page = house.open("zhou.ying", "/portal/")
        house.fail("cable-AB")
        expect(page.locator("#overview")).to_contain_text("失去保护")

Every page that `open` gave must have stayed without a complaint in the browser's console.
"""

import gc
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from mainstay.faces.cli.loops import run_impact_worker, run_sweeper
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from tests.access.stage import WORKER
from tests.cast import PASSWORD, World
from tests.serving import free_port, serving

SERVE_LIVE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "mainstay.config.settings"
import django
django.setup()
from mainstay.faces.cli.running import serve
serve("mainstay.faces.cli.live_app:application", "asginl", host="127.0.0.1", port=int(sys.argv[1]), workers=1)
"""
"""What `mainstay live` does, without a heartbeat: it outlives a test, and would write into the next one's tables."""

STOPS_WITHIN_S = 15


@dataclass
class House:
    """What a test does with the house: open pages as somebody of the cast, let the network fail and come back."""

    url: str
    world: World
    new_context: Callable[..., BrowserContext]
    complaints: list[str] = field(default_factory=list)

    def open(self, username: str, path: str = "/", *, stream: bool = True, **look: Any) -> Page:
        """Sign somebody in by the sign-in page, in a window of their own, and go to a path of the house.

        `look` are options of the browser's context: `viewport`, `color_scheme`, `locale` and so on. Waits until the
        page is ready and, unless `stream` is False, until its live stream stands.
        """
        page = self.new_context(**look).new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.url}/sign-in?next={path}")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile(f"^{re.escape(self.url + path)}$"))
        return self.settled(page, stream=stream)

    def settled(self, page: Page, *, stream: bool = True) -> Page:
        """Wait until the page is ready, and until its live stream stands."""
        page.wait_for_selector("html[data-ready][data-stream=live]" if stream else "html[data-ready]")
        return page

    def go(self, page: Page, path: str, *, stream: bool = True) -> Page:
        """Go to another path of the house."""
        page.goto(f"{self.url}{path}")
        return self.settled(page, stream=stream)

    def fail(self, *refs: str, kind: str = "LOS", severity: str = "critical") -> None:
        """Let the network report alarms now; the impact worker judges them."""
        at = timezone.now()
        reports = [NewReport(ref, kind, severity, at) for ref in refs]
        intake.accept(self.world.source, reports, at=at, by=WORKER)

    def restore(self, *refs: str, kind: str = "LOS") -> None:
        """Let the alarms be cleared now."""
        self.fail(*refs, kind=kind, severity="cleared")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")


@pytest.fixture
def house(
    live_server: LiveServer, live_port: int, world: World, browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[House]:
    """Run the house: web, live events, impact worker; afterwards no page may have complained."""
    contexts: list[BrowserContext] = []

    def new_context(**look: Any) -> BrowserContext:
        contexts.append(browser.new_context(**{**browser_context_args, **look}))
        return contexts[-1]

    built = House(live_server.url, world, new_context)
    live_url = f"{live_server.url.rpartition(':')[0]}:{live_port}/live/"
    with override_settings(LIVE_URL=live_url), running(run_impact_worker):
        yield built
        for context in contexts:
            context.close()
    assert built.complaints == []


@pytest.fixture
def sweeper(house: House) -> Iterator[None]:
    """Fire due timers and seal the trail besides."""
    with running(run_sweeper):
        yield


@contextmanager
def running(loop: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run a worker's loop in a thread of its own, with its own connection."""
    stop, failures = threading.Event(), []  # type: tuple[threading.Event, list[BaseException]]

    def run() -> None:
        try:
            loop(stop)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)
        finally:
            connections.close_all()

    thresholds = gc.get_threshold()
    thread = threading.Thread(target=run, name=loop.__name__)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOPS_WITHIN_S)
        gc.unfreeze()
        gc.set_threshold(*thresholds)
    assert not thread.is_alive(), f"{loop.__name__} did not stop"
    assert not failures, failures


@pytest.fixture(scope="session")
def live_port(
    django_db_setup: None, live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """Run the live process on the test database; give its port."""
    port, home = free_port(), tmp_path_factory.mktemp("live")
    command = [sys.executable, "-c", SERVE_LIVE, str(port)]
    with serving(command, port, home, MAINSTAY_WEB_PORT=live_server.url.rpartition(":")[2]):
        yield port
