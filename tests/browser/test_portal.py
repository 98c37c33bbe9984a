"""A customer's portal in a real browser: live states, a report, the phone."""

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from mainstay.service.tickets.models import Ticket
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


def test_another_customer_s_page_stays_quiet(house: House) -> None:
    bank, logistics = house.open("zhou.ying", "/portal/"), house.open("wu.tong", "/portal/")
    house.fail("cable-AB", "cable-DA")
    expect(bank.locator("#overview")).to_contain_text(house.world.circuit.number)
    expect(logistics.locator("#overview")).to_contain_text("您的全部电路运行正常")
    assert house.world.circuit.number not in logistics.content()


def test_pages_stay_current_without_the_stream(house: House) -> None:
    with override_settings(LIVE_URL="http://localhost:9/live/"):
        page = house.open("zhou.ying", "/portal/", stream=False)
        house.fail("cable-AB")
        expect(page.locator("#overview")).to_contain_text("失去保护")
    house.complaints.clear()  # the browser says, rightly, that nobody listens there


def test_a_fault_is_reported_noted_and_found_again(house: House) -> None:
    page = house.open("zhou.ying", "/portal/")
    page.keyboard.press("r")
    page.wait_for_url("**/portal/report")
    page.select_option("select[name=subject]", label=f"{house.world.circuit.number} {house.world.circuit.name}")
    page.fill("textarea[name=text]", "时断时续")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/portal/tickets/*")
    expect(page.locator("main")).to_contain_text("时断时续")
    page.keyboard.press("n")
    page.fill("#note textarea", "机房已断电重启")
    page.click("#note button[type=submit]")
    expect(page.locator("main")).to_contain_text("机房已断电重启")


def test_what_is_known_is_said_when_the_circuit_is_chosen(house: House) -> None:
    page = house.open("zhou.ying", "/portal/")
    house.fail("cable-CD")
    expect(page.locator("#overview")).to_contain_text("T-0")
    house.go(page, "/portal/report")
    page.select_option("select[name=subject]", str(house.world.branch_circuit.pk))
    expect(page.locator("#known")).to_contain_text("我们已知悉")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (768, "light"), (1440, "dark")])
def test_no_page_is_wider_than_its_screen(house: House, width: int, scheme: str) -> None:
    page = house.open(
        "zhou.ying", "/portal/", viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
    )
    house.fail("cable-CD")
    expect(page.locator("#overview")).to_contain_text("T-0")
    ticket = Ticket.objects.get(customer=house.world.branch)
    circuit = house.world.branch_circuit.pk
    for path in ("", "circuits", f"circuits/{circuit}", "tickets", f"tickets/{ticket.pk}", "report", "notices"):
        house.go(page, f"/portal/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
