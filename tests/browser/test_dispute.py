"""A dispute in a real browser: four hours felt, 2 h 40 min counted; one proposes, another approves, nothing is lost."""

import pytest
from playwright.sync_api import Page, expect

from mainstay.service.service_levels import actions
from mainstay.service.service_levels.models import LedgerMonth
from mainstay.service.tickets.models import Ticket
from tests.browser.conftest import House
from tests.cast import World
from tests.service.service_levels.stage import OVER, SEPTEMBER, on, outage, promise, ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def disputed(house: House) -> Ticket:
    """September is closed: of four hours, the last 1 h 20 min are said to be the bank's own fault."""
    world: World = house.world
    promise(world, "99.5")
    LedgerMonth.objects.create(month=SEPTEMBER, reckoned_to=on(1))
    outage(world.circuit, on(10, 9), on(10, 11, 40), ticket=ticket(world.circuit, on(10, 9), "operator"))
    theirs = ticket(world.circuit, on(10, 11, 40), "customer")
    outage(world.circuit, on(10, 11, 40), on(10, 13), ticket=theirs)
    actions.close_month(SEPTEMBER, OVER, world.actor("admin"))
    return theirs


def bars(page: Page) -> list[tuple[str, str, str]]:
    """Return what is drawn of the tenth: state, minute it begins, minutes it lasts."""
    drawn = page.locator("#day-2026-09-10 rect.ms-span")
    return [
        (
            str(each.get_attribute("class")).split("-")[-1],
            str(each.get_attribute("x")),
            str(each.get_attribute("width")),
        )
        for each in drawn.all()
    ]


def test_a_dispute_is_walked_from_the_doubt_to_the_new_version(house: House, disputed: Ticket) -> None:
    where = f"/levels/2026-09/circuits/{house.world.circuit.pk}"
    portal = house.open("zhou.ying", f"/portal{where}")
    expect(portal.locator("main")).to_contain_text("2 小时 40 分")
    expect(portal.locator("main")).to_contain_text("4 小时")

    page = house.open("li.qiang", where)
    assert bars(page) == [
        ("down", "540.00", "160.00"), ("down", "540.00", "160.00"),
        ("excluded", "700.00", "80.00"), ("down", "700.00", "80.00"),
    ]  # fmt: skip
    row = page.locator("tr", has_text="责任方：客户。不计。")
    expect(row).to_contain_text(disputed.number)
    row.get_by_role("link", name="提议改判责任").click()
    expect(page.locator("input[name=from_at]")).to_have_value("2026-09-10T11:40:00")
    page.select_option("select[name=responsibility]", "operator")
    page.fill("textarea[name=why]", "机房温度与电源记录证明客户侧正常，光缆在 13:00 才熔接完毕")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/levels/proposals/*")
    expect(page.locator("main")).to_contain_text("由他人裁定")
    expect(page.get_by_role("button", name="批准")).to_have_count(0)

    leader = house.open("zhao.lei", "/levels/proposals?state=asked")
    leader.locator("main table a").first.click()
    expect(leader.locator("main")).to_contain_text("2 小时 40 分 → 4 小时")
    leader.get_by_role("button", name="批准").click()
    leader.locator("#confirm [data-verb]").click()
    expect(leader.locator("main")).to_contain_text("已批准并生效")

    leader.goto(f"{house.url}{where}")
    expect(leader.locator("main")).to_contain_text("99.4444")
    expect(leader.locator("main")).to_contain_text("未达标")
    assert bars(leader)[2][0] == "down"
    leader.locator("tr", has_text="月度关账").get_by_role("link").first.click()
    expect(leader.locator("main")).to_contain_text("这是当时的版本 1")
    expect(leader.locator("main")).to_contain_text("99.6289")
    assert bars(leader)[2][0] == "excluded"

    portal.reload()
    expect(portal.locator("main")).to_contain_text("版本 2")
