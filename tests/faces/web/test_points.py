"""The pages of points, gifts and offers: what they show, to whom, in how many queries (B4, B5)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.accounts.offers.actions import granting, offers
from mainstay.accounts.offers.actions.offers import NewOffer
from mainstay.accounts.offers.models import Grant, Offer
from mainstay.accounts.points.actions import books, gifts, orders
from mainstay.accounts.points.actions.gifts import NewGift
from mainstay.accounts.points.actions.orders import Asked
from mainstay.accounts.points.actions.posting import Wanted, post, post_many
from mainstay.accounts.points.models import GiftOrder, Purse, RuleBook
from mainstay.domain.actor import system
from tests.cast import World
from tests.faces.web.conftest import SignIn

BY = system("test")


@pytest.fixture
def gift(world: World) -> int:
    """Give the bank 5,000 points and put cups into the catalogue."""
    at = timezone.now()
    books.lay_down(books.EXAMPLE, date(2026, 1, 1), at=at, by=BY)
    post(Wanted("start", world.bank.pk, "earn", 5_000), at=at, by=BY)
    return gifts.save_gift(NewGift("cup", "茶杯", 100, date(2026, 1, 1), name_en="Cup"), at=at, by=BY, pieces=90).pk


@pytest.fixture
def offer(world: World) -> Offer:
    """Open an offer for gold customers."""
    new = NewOffer("gold", "金牌折扣", "grade == 'gold'", "percent", Decimal(10), 12, date(2026, 1, 1), name_en="Gold")
    row = offers.save_offer(new, at=timezone.now(), by=BY)
    return offers.set_status(row.pk, "open", at=timezone.now(), by=BY)


def text_of(client: Client, path: str) -> str:
    answer: Any = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        text_of(client, path)
    return len(queries)


def test_a_gift_goes_its_way_from_the_portal_to_the_customer(world: World, gift: int, signed_in: SignIn) -> None:
    portal, manager = signed_in("zhou.ying"), signed_in("wang.min")
    assert "Cup" in text_of(portal, "/portal/points")
    assert portal.post(f"/portal/points/gifts/{gift}/ask", {"customer": world.bank.pk}).status_code == 302
    order = GiftOrder.objects.get()
    assert order.number in text_of(manager, "/gifts?status=open")
    manager.post(f"/gifts/orders/{order.pk}/approve", {})
    manager.post(f"/gifts/orders/{order.pk}/hand-out", {"receiver": "周颖"})
    assert "周颖" in text_of(manager, f"/gifts/orders/{order.pk}")
    assert (Purse.objects.get().available, Purse.objects.get().frozen) == (4_900, 0)
    assert "4,900" in text_of(portal, "/portal/points")


def test_another_customer_asks_for_nothing_with_the_banks_points(world: World, gift: int, signed_in: SignIn) -> None:
    stranger = signed_in("wu.tong")
    assert stranger.post(f"/portal/points/gifts/{gift}/ask", {"customer": world.bank.pk}).status_code == 404
    assert "5,000" not in text_of(stranger, f"/portal/points?of={world.bank.pk}")


def test_the_tab_says_balance_statement_and_why(world: World, gift: int, offer: Offer, signed_in: SignIn) -> None:
    page = text_of(signed_in("zhao.lei"), f"/customers/{world.bank.pk}?tab=points")
    for said in ("5,000", "By hand", "grade == &#x27;gold&#x27;", "eligible", f"/offers/{offer.pk}?customer="):
        assert said in page


def test_a_form_sent_twice_corrects_once(world: World, gift: int, signed_in: SignIn) -> None:
    leader = signed_in("zhao.lei")
    for _ in range(2):
        leader.post(f"/customers/{world.bank.pk}/points/correct", {"key": "k", "points": "-10", "why": "多计"})
    assert Purse.objects.get().available == 4_990


def test_rules_are_tried_out_without_writing_and_then_laid_down(world: World, gift: int, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    given = {
        "per_yuan": "2", "least": "0", **{f"grade_{grade}": "1" for grade in ("gold", "silver", "bronze", "standard")},
        "products": "leased-line 2", "years": "5 500", "birthday": "0", "life_years": "3", "whole_years": "on",
        "warn_days": "30", "valid_from": "2027-01-01", "customer": world.bank.code,
    }  # fmt: skip
    tried = admin.post("/settings/points/new", {**given, "preview": "1"})
    assert "By these rules" in tried.content.decode()
    assert RuleBook.objects.count() == 1
    assert admin.post("/settings/points/new", given).status_code == 302
    assert RuleBook.objects.get(version=2).terms["products"] == {"leased-line": "2"}
    wrong = admin.post("/settings/points/new", {**given, "years": "five"})
    assert "one pair a line" in wrong.content.decode()


def test_an_offer_is_proposed_and_decided_on_its_page(world: World, offer: Offer, signed_in: SignIn) -> None:
    manager, leader = signed_in("wang.min"), signed_in("zhao.lei")
    manager.post(f"/offers/{offer.pk}/propose", {"propose-customer": world.bank.code, "propose-why": "续约"})
    assert "/approve" not in text_of(manager, f"/offers/{offer.pk}")
    assert "/approve" in text_of(leader, f"/offers/{offer.pk}?customer={world.bank.pk}&ahead=1")
    leader.post(f"/offers/grants/{Grant.objects.get().pk}/approve", {})
    assert Grant.objects.get().status == "approved"


def test_lists_of_many_ask_no_more_than_lists_of_few(world: World, gift: int, offer: Offer, signed_in: SignIn) -> None:
    leader, at = signed_in("zhao.lei"), timezone.now()
    paths = ("/gifts", "/offers", f"/customers/{world.bank.pk}?tab=points", f"/offers/{offer.pk}")
    orders.ask(Asked(world.bank.pk, gift), at=at, by=BY)
    granting.propose(offer.pk, world.bank.pk, "", at=at, by=BY)
    few = {path: (asked(leader, path), asked(leader, path))[1] for path in paths}
    for _ in range(12):
        orders.ask(Asked(world.bank.pk, gift), at=at, by=BY)
    post_many([Wanted(f"more-{n}", world.bank.pk, "earn", 5) for n in range(15)], at=at, by=BY)
    granting.propose(offer.pk, world.branch.pk, "", at=at, by=BY)
    assert {path: asked(leader, path) for path in paths} == few
    assert max(few["/gifts"], few["/offers"]) <= 8
