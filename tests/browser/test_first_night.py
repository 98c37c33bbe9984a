"""A new duty officer's first night: from the first alarm to the forwarded outage text in under a minute.

Nothing is known beforehand: every step is a link or button by its visible words, a field by its label, or a letter that
stands on the page as a key.
"""

import json
import re
import time
from dataclasses import dataclass
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from mainstay.network.alarms.models import Incident
from mainstay.platform.identity.actions import NewUser, create_users, issue_token
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.models import Ticket
from tests.browser.conftest import House
from tests.cast import NOW, PASSWORD, World

pytestmark = pytest.mark.django_db(transaction=True)

WITHIN_S = 60
MOST_STEPS = 12


@dataclass
class Newcomer:
    """Somebody who reads what is on the page and does only what it offers; counts the steps."""

    page: Page
    steps: int = 3
    """Name, password, sign in."""

    def follow(self, words: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Click the first visible link with these words, on the page or within a part of it."""
        self._step((within or self.page).get_by_role("link", name=words).first).click()

    def push(self, words: str | re.Pattern[str]) -> None:
        """Click the first visible button with these words."""
        self._step(self.page.get_by_role("button", name=words).first).click()

    def fill(self, label: str, text: str) -> None:
        """Write into the field with this label."""
        self._step(self.page.get_by_label(label).first).fill(text)

    def press(self, key: str, beside: str) -> None:
        """Press a letter that the page shows beside the words of what it does."""
        self._step(self.page.locator(f"[data-key={key}]", has_text=beside).locator("kbd", has_text=key).first)
        self.page.keyboard.press(key)

    def _step(self, thing: Locator) -> Locator:
        expect(thing).to_be_visible()
        self.steps += 1
        return thing


def hire(world: World) -> str:
    """Employ a new duty officer of the province; give the name to sign in with."""
    new = NewUser(username="xu.na", display_name="徐娜", password=PASSWORD, duties=(("duty_officer", "42"),))
    create_users([new], at=NOW, by=world.actor("admin"))
    return new.username


def alarm_through_the_api(house: House, resource: str) -> None:
    """Let the network manager's program report a loss of signal now."""
    world = house.world
    token = issue_token(world.users["admin"], "nms", at=NOW, by=world.actor("admin"))
    alarm = {
        "alarmType": "communicationsAlarm",
        "perceivedSeverity": "critical",
        "probableCause": "lossOfSignal",
        "specificProblem": "LOS",
        "alarmedObject": {"id": resource},
        "sourceSystemId": world.source.code,
        "state": "raised",
        "alarmRaisedTime": timezone.now().isoformat(),
    }
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    address = f"{house.url}/tmf-api/alarmManagement/v4/alarm"
    with urlopen(Request(address, json.dumps(alarm).encode(), headers)) as answer:
        assert answer.status == 201


def clipboard(page: Page) -> str:
    """Return what was copied."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_from_the_first_alarm_to_the_forwarded_text_in_under_a_minute(house: House) -> None:
    username = hire(house.world)
    began = time.monotonic()
    page = house.open(username, "/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=house.url)
    officer = Newcomer(page)

    officer.follow("实时大屏")
    house.settled(page)
    alarm_through_the_api(house, "link-BC")
    cause = page.locator("#list-causes li")
    expect(cause).to_contain_text("未认领")
    label = Incident.objects.get().cause_label

    officer.follow(label, within=cause)
    officer.press("c", "认领")
    expect(page.locator("main header").first).to_contain_text("徐娜")
    officer.press("w", "通知客户")

    officer.fill("目前进展", "抢修人员已出发，预计四十分钟到场")
    who = page.get_by_role("row", name=re.compile("楚天物流"))
    expect(who).to_contain_text("吴桐")
    expect(who).to_contain_text("立即")
    expect(page.locator("[data-text=long]").first).to_contain_text("抢修人员已出发")
    expect(page.locator("[data-text=long]").first).to_contain_text("楚天物流")
    expect(page.locator("[data-text=long]").first).not_to_contain_text(label)

    officer.push(re.compile("^发给"))
    expect(page.locator("#toasts")).to_contain_text("已告知")
    officer.press("w", "复制")
    expect(page.locator("#toasts")).to_contain_text("可直接转发")
    copied = clipboard(page)
    took = time.monotonic() - began

    assert label in copied
    assert "楚天物流" in copied
    assert "徐娜" in copied
    told = Message.objects.get(kind="information", contact_id=house.world.logistics_contact.pk)
    assert "抢修人员已出发" in told.body
    assert Ticket.objects.get().next_update_at is not None
    assert officer.steps <= MOST_STEPS
    assert took < WITHIN_S


def test_a_text_for_a_customer_is_copied_by_one_key(house: House) -> None:
    house.fail("link-BC")
    page = house.open("li.qiang", "/wall")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=house.url)
    expect(page.locator("#list-causes li")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("w")
    page.wait_for_url(re.compile("/tell$"))
    page.keyboard.press("2")
    expect(page.locator("#toasts")).to_contain_text("可直接转发")
    assert "楚天物流" in clipboard(page)
    assert "\n" not in clipboard(page)
