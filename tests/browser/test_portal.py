"""A customer's portal in a real browser: live states, a report, the phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_works(house: House) -> None:
    page = house.open("zhou.ying", "/portal/")
    expect(page.locator("h1")).to_have_text("概览")
    expect(page.locator("#overview")).to_contain_text("您的全部电路运行正常")


def test_states_change_while_one_looks(house: House) -> None:
    page = house.open("zhou.ying", f"/portal/circuits/{house.world.circuit.pk}")
    house.fail("cable-AB")
    expect(page.locator("#live")).to_contain_text("失去保护")
    house.fail("cable-DA")
    expect(page.locator("#live .ms-state-down").first).to_be_visible()
    expect(page.locator("#live [data-clock]").first).to_be_visible()
    house.restore("cable-AB", "cable-DA")
    expect(page.locator("#live > p")).to_contain_text("正常")
