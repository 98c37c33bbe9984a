"""Two links of a protected ring are cut one after the other: the wall and a customer's portal, side by side."""

import pytest
from playwright.sync_api import Page, expect

from mainstay.network.alarms.models import Alarm, Incident
from mainstay.service.tickets.models import Clock, Ticket
from tests.browser.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("first_back", ["AB", "DA"])
def test_unprotected_then_down_then_back_in_any_order(house: House, first_back: str) -> None:
    wall = house.open("li.qiang", "/wall")
    portal = house.open("zhou.ying", f"/portal/circuits/{house.world.circuit.pk}")

    house.fail("link-AB")
    _expect(portal, "失去保护")
    expect(wall.locator("#list-causes li")).to_have_count(1)
    expect(wall.locator("#list-causes")).to_contain_text("失去保护")
    expect(wall.locator("#list-customers")).not_to_contain_text(house.world.bank.short_name)
    assert Incident.objects.count() == 1
    assert not Ticket.objects.exists()

    house.fail("link-DA")
    _expect(portal, "中断")
    expect(portal.locator("#live [data-clock]").first).to_be_visible()
    expect(wall.locator("#list-causes li")).to_have_count(2)
    expect(wall.locator("#list-customers li [data-clock]").first).to_be_visible()
    second_cut = Alarm.objects.get(resource=house.world.link("DA")).raised_at
    clock = Clock.objects.get(kind="restoration", circuit=house.world.circuit)
    assert clock.started_at == second_cut.replace(microsecond=0)

    house.restore(f"link-{first_back}")
    _expect(portal, "失去保护")
    expect(wall.locator("#list-customers li [data-clock-running]")).to_have_count(0)
    clock.refresh_from_db()
    assert clock.state == "met"

    house.restore("link-DA" if first_back == "AB" else "link-AB")
    _expect(portal, "正常")
    expect(wall.locator("#list-causes li")).to_have_count(0)


def _expect(portal: Page, state: str) -> None:
    expect(portal.locator("#live")).to_contain_text(state)
