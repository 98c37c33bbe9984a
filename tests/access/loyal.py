"""What stands behind the addresses of points, gifts and offers: the bank's balance, a gift on its way, a grant."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from mainstay.accounts.offers.actions import granting
from mainstay.accounts.offers.actions import offers as offer_actions
from mainstay.accounts.offers.actions.offers import NewOffer
from mainstay.accounts.points.actions import books, corrections, gifts, orders
from mainstay.accounts.points.actions.gifts import NewGift
from mainstay.accounts.points.actions.orders import Asked
from mainstay.domain.actor import system

if TYPE_CHECKING:
    from tests.access.stage import Stage

OFFER = NewOffer("gold", "金牌折扣", "grade == 'gold'", "percent", Decimal(10), 12, date(2026, 1, 1))


def put_up(stage: "Stage") -> None:
    """Put everything up."""
    at, bank, machine = timezone.now(), stage.world.bank.pk, system("stage")
    books.lay_down(books.EXAMPLE, date(2026, 1, 1), at=at, by=machine)
    stage.ids["transfer"] = corrections.correct(bank, 5_000, "汉江银行期初积分", at=at, by=machine).transfer_id
    new = NewGift("cup", "茶杯", 100, date(2026, 1, 1))
    stage.ids["gift"] = gifts.save_gift(new, at=at, by=machine, pieces=50).pk
    stage.ids["gift_order"] = orders.ask(Asked(bank, stage.ids["gift"], 2, "汉江银行周颖"), at=at, by=machine).pk
    stage.ids["offer"] = offer_actions.save_offer(OFFER, at=at, by=machine).pk
    offer_actions.set_status(stage.ids["offer"], "open", at=at, by=machine)
    draft = NewOffer("draft", "草稿优惠", "true", "points", Decimal(10), 12, date(2026, 1, 1))
    stage.ids["draft_offer"] = offer_actions.save_offer(draft, at=at, by=machine).pk
    stage.ids["grant"] = granting.propose(stage.ids["offer"], bank, "汉江银行年度客情", at=at, by=machine).pk
