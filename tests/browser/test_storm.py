"""The wall in a real Chromium: by keyboard only, in a storm, with sound and desktop notices."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mainstay.network.alarms.models import Incident, Storm
from mainstay.platform.duty.models import HandoverNote
from mainstay.platform.messages.actions import NewMessage, send
from tests.browser.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = """
window.heard = []; window.contexts = []; window.noticed = [];
const Real = window.AudioContext;
window.AudioContext = class extends Real { constructor(...given) { super(...given); window.contexts.push(this); } };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  window.heard.push({ pitch: this.frequency.value, at, state: this.context.state });
  return start.call(this, at);
};
const Notice = window.Notification;
window.Notification = class extends Notice {
  constructor(title, options) { super(title, options); window.noticed.push({ title, ...options, notice: this }); }
  static get permission() { return Notice.permission; }
  static requestPermission() { window.asked = (window.asked ?? 0) + 1; return Notice.requestPermission(); }
};
"""
"""Notes what really sounds and what is really shown; installed before the page's own scripts."""

ALLOWED: dict[str, Any] = {"permissions": ["notifications"]}


def open_wall(house: House, **look: Any) -> Page:
    """Open the wall with ears and eyes in it."""
    page = house.open("li.qiang", "/wall", **look)
    page.add_init_script(LISTEN)
    return house.go(page, "/wall")


def ears(page: Page, verb: str) -> None:
    """Choose something in the menu of sound and notices, which closes by itself."""
    page.locator(".ms-wall-ears > summary").click()
    page.locator(f".ms-wall-ears {verb}").click()


def until(page: Page, said: str) -> None:
    """Wait until something holds in the page, whose rules forbid `wait_for_function`."""
    end = time.monotonic() + 8
    while not page.evaluate(said):
        assert time.monotonic() < end, said
        page.wait_for_timeout(50)


def turn_sound_on(page: Page) -> None:
    """Switch the sound on and wait until what that plays is over."""
    ears(page, "button[data-sound]")
    expect(page.locator("html")).to_have_attribute("data-sound", "on")
    page.evaluate("window.heard.length = 0")


def test_a_new_outage_of_the_best_grade_is_heard_seen_and_only_once(house: House) -> None:
    page = open_wall(house)
    turn_sound_on(page)
    house.fail("link-AB", "link-DA")
    alert = page.locator("#wall-alerts .ms-alert-aaa")
    expect(alert.first).to_be_visible()
    until(page, "heard.length > 0 && contexts[0].state === 'running' && contexts[0].currentTime > 0")
    notes = page.evaluate("heard.map((note) => [note.pitch, note.state])")
    assert notes == [[pitch, "running"] for pitch in (880, 660, 880, 660)]
    at = page.evaluate("contexts[0].currentTime")
    until(page, f"contexts[0].currentTime > {at} + 0.2")
    house.fail("port-B-east", kind="LOF")
    expect(page.locator("#wall-bar")).to_contain_text("3")
    assert page.evaluate("heard.length") == 4
    house.go(page, "/wall")
    assert page.evaluate("heard.length") == 0


def test_muted_it_is_seen_and_not_heard_and_that_is_remembered(house: House) -> None:
    page = open_wall(house)
    turn_sound_on(page)
    page.keyboard.press("m")
    expect(page.locator("html")).to_have_attribute("data-muted", "")
    house.go(page, "/wall")
    expect(page.locator("html")).to_have_attribute("data-muted", "")
    page.evaluate("window.heard.length = 0")
    house.fail("link-AB", "link-DA")
    expect(page.locator("#wall-alerts .ms-alert").first).to_be_visible()
    assert page.evaluate("heard.length") == 0
    page.evaluate("localStorage.setItem('mute-until', Date.now() - 1)")
    page.keyboard.press("m")
    expect(page.locator("[data-muted-for]")).to_contain_text("15")


def test_until_the_browser_allows_sound_the_page_says_so(house: House) -> None:
    page = open_wall(house)
    turn_sound_on(page)
    blocked = page.evaluate("async () => { await contexts[0].suspend(); return contexts[0].state; }")
    assert blocked == "suspended"
    allow = page.locator("[data-sound-allow]")
    expect(allow).to_be_visible()
    allow.click()
    until(page, "contexts[0].state === 'running'")
    expect(allow).to_be_hidden()


def test_the_tunes_can_be_tried(house: House) -> None:
    page = open_wall(house)
    turn_sound_on(page)
    ears(page, "[data-sound-test]")
    pitches = page.evaluate("[...new Set(heard.map((note) => Math.round(note.pitch)))].sort()")
    assert set(pitches) == {880, 660, 1175, 262}


def test_a_silent_source_has_a_tune_of_its_own(house: House) -> None:
    page = open_wall(house)
    turn_sound_on(page)
    house.world.source.silent_since = timezone.now()
    house.world.source.save(update_fields=["silent_since"])
    page.evaluate("htmx.trigger('#wall-bar', 'live')")
    expect(page.locator("#wall-alerts .ms-alert-silent")).to_contain_text("传输网管")
    until(page, "heard.length === 1 && heard[0].pitch < 300")


def test_a_notice_is_asked_for_by_a_click_shown_and_leads_to_the_cause(house: House) -> None:
    page = open_wall(house, **ALLOWED)
    assert page.evaluate("window.asked") is None
    ears(page, "button[data-notify]")
    expect(page.locator("html")).to_have_attribute("data-notices", "on")
    house.fail("link-AB", "link-DA")
    until(page, "noticed.length > 0")
    told = page.evaluate("noticed.map(({ title, body, tag }) => [title, body, tag])")
    incident = Incident.objects.get(worst_state=3)
    assert [each[2] for each in told if each[2] == f"cause-{incident.pk}"]
    assert "AAA" in told[0][1]
    page.evaluate("noticed[0].notice.onclick(new Event('click'))")
    expect(page.locator(".is-current")).to_be_focused()


def test_what_is_one_s_own_gives_no_notice(house: House) -> None:
    house.fail("link-AB")
    page = open_wall(house, **ALLOWED)
    expect(page.locator("#list-causes > li")).to_have_count(1)
    ears(page, "button[data-notify]")
    expect(page.locator("html")).to_have_attribute("data-notices", "on")
    page.evaluate("localStorage.removeItem('heard')")
    page.evaluate(
        "for (const row of document.querySelectorAll('#list-causes > li')) Object.assign(row.dataset,"
        " {alert: '1', alertKind: 'down', alertKey: 'cause-own', mine: ''})"
    )
    page.evaluate("document.dispatchEvent(new Event('htmx:afterSettle'))")
    expect(page.locator("#wall-alerts .ms-alert")).to_have_count(1)
    assert page.evaluate("noticed.length") == 0


def test_a_message_to_oneself_is_told_on_any_page(house: House) -> None:
    page = house.open("li.qiang", "/customers", **ALLOWED)
    page.add_init_script(LISTEN)
    house.go(page, "/customers")
    page.evaluate("localStorage.setItem('notices', 'on')")
    user = house.world.users["li.qiang"]
    message = NewMessage("warning", user.display_name, "时限将到", "T-000001 还剩 20 分钟", "k1", user_id=user.pk)
    send([message], at=timezone.now())
    until(page, "noticed.length === 1")
    assert page.evaluate("noticed[0].title") == "时限将到"


def test_the_wall_is_worked_by_keys_alone(house: House) -> None:
    house.fail("link-BC")
    page = open_wall(house)
    expect(page.locator("#list-causes > li")).to_have_count(1)
    incident = Incident.objects.get()
    page.keyboard.press("1")
    row = page.locator(f"#cause-{incident.pk}")
    expect(row).to_be_focused()
    expect(row).to_have_attribute("aria-current", "true")
    assert row.evaluate("(row) => getComputedStyle(row).outlineStyle") == "solid"
    page.keyboard.press("u")
    expect(row.locator("details")).to_have_attribute("open", "")
    page.keyboard.press("c")
    expect(row).to_contain_text("李强")
    expect(row).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator("#wall-customers li.is-current")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("w")
    page.wait_for_url(f"**/incidents/{incident.pk}/tell")
    house.go(page, "/wall")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{incident.pk}")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/tickets")


def test_nothing_moves_the_row_one_works_in(house: House) -> None:
    house.fail("link-AB")
    page = open_wall(house)
    expect(page.locator("#list-causes > li")).to_have_count(1)
    first = Incident.objects.get()
    page.keyboard.press("1")
    row = page.locator(f"#cause-{first.pk}")
    expect(row).to_be_focused()
    top = row.bounding_box()["y"]
    house.fail("link-BC")  # worse: it would come before
    expect(page.locator("#list-causes > li")).to_have_count(2)
    assert page.locator("#list-causes > li").first.get_attribute("id") == f"cause-{first.pk}"
    assert abs(row.bounding_box()["y"] - top) < 1
    expect(row).to_be_focused()
    button = page.locator("[data-sort-now]")
    expect(button).to_contain_text("新增")
    page.keyboard.press("s")
    expect(page.locator("#list-causes > li").first).not_to_have_attribute("id", f"cause-{first.pk}")
    expect(button).to_be_hidden()


def test_news_in_masses_become_one_fetch_a_second(house: House) -> None:
    page = open_wall(house)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "part=bar" in request.url else None)
    for n in range(40):
        house.fail("port-B-east", kind=f"T{n}", severity="minor")
        page.wait_for_timeout(50)
    page.wait_for_timeout(1500)
    assert 1 <= len(asked) <= 5


def test_a_storm_turns_the_wall_and_a_group_is_claimed(house: House) -> None:
    page = open_wall(house)
    house.fail("port-B-east", "port-C-west", kind="PACKET_LOSS", severity="minor")
    house.fail("link-BC")
    expect(page.locator("#list-causes > li").first).to_be_visible()
    Storm.objects.create(began_at=timezone.now() - timedelta(minutes=1), signals="rate", peak_per_second=1900)
    page.reload()
    expect(page.locator("#wall-storm")).to_contain_text("告警风暴")
    expect(page.locator("#wall-causes h2").first).to_contain_text("影响大客户的原因")


def test_keys_leave_typing_alone(house: House) -> None:
    page = house.open("li.qiang", "/wall")
    page.keyboard.press("/")
    page.keyboard.type("gc?jx")
    expect(page.locator("#find")).to_have_value("gc?jx")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#find")).not_to_be_focused()
    composing = (
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true}))"
    )
    page.evaluate(composing)
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_contain_text("勾选该行")
    expect(page.locator("#help [data-page-keys]")).to_contain_text("静音")


def test_a_list_is_worked_by_keys_alone(house: House) -> None:
    page = house.open("li.qiang", "/circuits")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    rows = page.locator("tbody tr")
    expect(rows.nth(1)).to_be_focused()
    assert page.locator("tbody tr[tabindex='0']").count() == 1
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    page.keyboard.press("Home")
    expect(rows.first).to_be_focused()
    page.evaluate(
        "document.querySelector('tbody tr td').insertAdjacentHTML('afterbegin', '<input type=checkbox name=row>')"
    )
    page.keyboard.press("x")
    expect(page.locator("input[name=row]")).to_be_checked()
    with page.expect_download():
        page.keyboard.press("e")
    page.keyboard.press("o")
    page.wait_for_url("**/circuits/*")


def test_a_form_is_sent_by_keys(house: House) -> None:
    house.fail("link-BC")
    page = open_wall(house)
    expect(page.locator("#list-causes > li")).to_have_count(1)
    house.go(page, "/shift-log")
    note = page.locator("main form textarea").first
    note.fill("正在抢修")
    note.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("正在抢修")
    assert HandoverNote.objects.get().text == "正在抢修"
