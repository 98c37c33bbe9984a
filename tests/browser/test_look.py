"""The shared look in a real browser: keys, palette, theme, ticking clocks, phone width."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gallery(page: Page, live_server: LiveServer, world: World) -> Page:
    """Open the gallery as the duty officer."""
    client = Client()
    client.force_login(world.users["li.qiang"], backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(f"{live_server.url}/ui/gallery")
    page.wait_for_selector("html[data-ready]")
    return page


def test_it_works(gallery: Page) -> None:
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    gallery.on("console", hear)
    gallery.reload()
    gallery.wait_for_selector("html[data-ready]")
    expect(gallery.locator("h1")).to_contain_text("组件库")
    assert complaints == []


def test_rows_are_walked_by_keys(gallery: Page) -> None:
    gallery.keyboard.press("j")
    gallery.keyboard.press("j")
    expect(gallery.locator("tr.is-current .row-link")).to_have_text("WUH-MSTP-20260001")
    gallery.keyboard.press("k")
    expect(gallery.locator("tr.is-current .row-link")).to_have_text("WUH-MSTP-20260000")


def test_the_palette_finds_and_closes(gallery: Page) -> None:
    gallery.keyboard.press("Control+k")
    gallery.keyboard.type("wh")
    expect(gallery.locator("#palette a.is-current")).to_contain_text("武汉长江银行")
    gallery.keyboard.press("ArrowDown")
    expect(gallery.locator("#palette a.is-current")).to_contain_text("WUH-MSTP-20260117")
    gallery.keyboard.press("Escape")
    expect(gallery.locator("#palette")).to_be_hidden()


def test_slash_goes_to_the_search_field(gallery: Page) -> None:
    gallery.keyboard.press("/")
    expect(gallery.locator("#find")).to_be_focused()


def test_a_verb_answers_its_key_and_help_lists_it(gallery: Page) -> None:
    gallery.keyboard.press("p")
    expect(gallery.locator("#pause")).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(gallery.locator("dialog[open]")).to_have_count(0)
    gallery.keyboard.press("?")
    expect(gallery.locator("#help")).to_contain_text("挂起")


def test_a_destructive_verb_asks_once_with_the_number(gallery: Page) -> None:
    gallery.get_by_role("button", name="删除").click()
    expect(gallery.locator("#confirm [data-question]")).to_contain_text("3 份草稿")
    gallery.keyboard.press("Escape")
    expect(gallery.locator("#confirm")).to_be_hidden()


def test_the_theme_is_kept(gallery: Page) -> None:
    gallery.locator("[data-theme-menu] summary").click()
    gallery.locator("[data-set-theme=dark]").click()
    gallery.reload()
    expect(gallery.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_clock_ticks(gallery: Page) -> None:
    clock = gallery.locator("[data-clock] .ms-clock-words").nth(2)
    before = clock.inner_text()
    expect(clock).not_to_have_text(before, timeout=3000)


@pytest.mark.parametrize("width", [360, 390, 768, 1440])
def test_no_page_is_wider_than_its_screen(gallery: Page, width: int) -> None:
    gallery.set_viewport_size({"width": width, "height": 800})
    for path in ("/ui/gallery", "/ui/gallery/portal"):
        gallery.goto(gallery.url.split("/ui/")[0] + path)
        assert gallery.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
