"""A bound is changed, tried, approved by another, and explained on the customer's page: under two minutes, by two."""

import time

import pytest
from playwright.sync_api import expect

from tests.accounts.tiers.stage import assess, bills, load
from tests.browser.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN_S = 120


def test_a_bound_is_changed_tried_approved_and_found_on_the_customers_page(house: House) -> None:
    world = house.world
    load("postal-mail")
    bills(world.bank, billed_year_fen=25_000_000)
    assess("postal-mail")
    admin = house.open("admin", "/")
    leader = house.open("zhao.lei", "/")
    began = time.monotonic()

    admin.get_by_role("link", name="客户分级").click()
    admin.get_by_role("link", name="函件大客户").click()
    admin.get_by_role("button", name="修改规则表").click()
    cell = admin.locator("[name=c-3-billed_year_fen]")
    expect(cell).to_have_value("≥ 200,000")
    cell.fill("30万")
    cell.press("Enter")
    expect(admin.locator("[name=c-4-billed_year_fen]")).to_be_focused()
    admin.get_by_role("button", name="看谁会变更").click()
    expect(admin.locator("#result")).to_contain_text("下降")
    expect(cell).to_have_value("≥ 300,000")
    expect(admin.locator("#sheet")).to_contain_text("原为 ≥ 200,000")
    admin.locator("#result").get_by_role("link", name="列出名单").click()
    row = admin.locator("tr", has_text="汉江银行股份有限公司")
    expect(row).to_contain_text("黄金 → VIP")
    expect(row).to_contain_text("250,000")
    admin.go_back()
    admin.fill("input[name=why]", "黄金客户过多")
    admin.get_by_role("button", name="提请审批").click()
    expect(admin.locator("main")).to_contain_text("须由他人审批")

    house.go(leader, "/")
    task = leader.locator("li", has_text="审批函件大客户第 2 版")
    expect(task).to_contain_text("黄金客户过多")
    task.get_by_role("button", name="批准").click()
    expect(leader.locator("main")).to_contain_text("第 2 版，自")

    house.go(leader, f"/customers/{world.bank.pk}?tab=grade")
    told = leader.locator("main")
    expect(told).to_contain_text("VIP")
    expect(told).to_contain_text("依据第 5 行")
    expect(told).to_contain_text("赵磊 批准")
    expect(told).to_contain_text("每年还差 50,000 元")
    assert time.monotonic() - began < WITHIN_S


def test_a_cell_that_cannot_be_read_says_so_and_keeps_what_was_typed(house: House) -> None:
    load("postal-mail")
    page = house.open("admin", "/tiers/postal-mail")
    page.get_by_role("button", name="修改规则表").click()
    page.fill("[name=c-3-billed_year_fen]", "很多")
    page.on("console", lambda _message: None)
    page.get_by_role("button", name="看谁会变更").click()
    expect(page.locator("#sheet")).to_contain_text("“很多”不是数字")
    expect(page.locator("[name=c-3-billed_year_fen]")).to_have_value("很多")
    house.complaints.clear()  # the browser notes the answer 422
