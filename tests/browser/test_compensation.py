"""What follows a dispute in a real browser: amount, reversal, new amount, letters; the old ones still open."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from mainstay.service.compensation import letters
from mainstay.service.compensation.models import Claim
from mainstay.service.service_levels import actions as levels
from tests.browser.conftest import House
from tests.service.compensation.stage import SWEEPER, clauses, close, faulty_september, sweep
from tests.service.service_levels.stage import OVER

pytestmark = pytest.mark.django_db(transaction=True)


def approve(house: House, page: Page, claim: Claim) -> None:
    """Approve a compensation on its page."""
    house.go(page, f"/compensation/{claim.pk}")
    page.get_by_role("button", name="批准").click()
    page.locator("#confirm [data-verb]").click()
    expect(page.locator("main")).to_contain_text("已批准")


def claims() -> list[Claim]:
    """Return all compensations in order."""
    return list(Claim.objects.order_by("pk"))


def test_compensation_and_letter_follow_a_dispute_and_nothing_is_lost(house: House) -> None:
    world = house.world
    clauses(world)
    _, theirs = faulty_september(world)
    close()
    (first,) = claims()
    leader = house.open("zhao.lei", "/compensation")
    expect(leader.locator("main table")).to_contain_text("440.00")
    leader.get_by_role("link", name=first.number).click()
    expect(leader.locator("main")).to_contain_text("低于 99.9")
    leader.get_by_role("link", name="依据").click()
    expect(leader.locator("main")).to_contain_text("2 小时 40 分")
    approve(house, leader, first)
    now = datetime.now(UTC)
    assert letters.write_due(at=now, by=SWEEPER) == 1

    proposal = levels.propose_responsibility(theirs.pk, "operator", "客户侧供电正常", OVER, world.actor("li.qiang"))
    levels.decide(proposal.pk, True, "同意", OVER, world.actor("zhao.lei"))
    sweep(now)
    _, reversal, second = claims()
    house.go(leader, f"/compensation/{second.pk}")
    expect(leader.locator("main")).to_contain_text("须先审批其冲销")
    expect(leader.get_by_role("button", name="批准")).to_have_count(0)
    approve_reversal(house, leader, reversal)
    approve(house, leader, second)
    assert letters.write_due(at=now, by=SWEEPER) == 2
    assert [(c.status, c.amount_fen) for c in claims()] == [
        ("reversed", 44_000), ("offset", -44_000), ("approved", 88_000),
    ]  # fmt: skip

    portal = house.open("zhou.ying", f"/portal/compensation/{second.pk}")
    expect(portal.locator("main")).to_contain_text("880.00")
    where = str(portal.locator("a", has_text="中文").first.get_attribute("href"))
    letter = portal.request.get(f"{house.url}{where}")
    assert letter.body().startswith(b"%PDF")
    house.go(portal, f"/portal/compensation/{first.pk}")
    expect(portal.locator("main")).to_contain_text("440.00")
    expect(portal.locator("main")).to_contain_text("已冲销")


def approve_reversal(house: House, page: Page, reversal: Claim) -> None:
    """Approve a reversal: billing never had what it takes back, so both end here."""
    house.go(page, f"/compensation/{reversal.pk}")
    page.get_by_role("button", name="批准").click()
    page.locator("#confirm [data-verb]").click()
    expect(page.locator("main")).to_contain_text("已冲抵")
