"""What can be posted about points, gifts and offers."""

from django.utils import timezone

from mainstay.accounts.offers.actions import granting
from mainstay.accounts.offers.choices import GrantStatus
from mainstay.accounts.points.actions import orders
from mainstay.domain.actor import system
from tests.access.post import Data, Post
from tests.access.stage import Stage

ORDER, OFFER, GRANT = {"pk": "gift_order"}, {"pk": "offer"}, {"pk": "grant"}
GIFT = {"code": "pen", "name": "钢笔", "price": "50", "pieces": "3", "valid_from": "2026-01-01", "grades": ["gold"]}
NEW_OFFER = {
    "code": "silver", "name": "银牌折扣", "condition": "grade == 'silver'", "benefit": "amount", "value": "12.5",
    "months": "6", "starts_on": "2026-01-01",
}  # fmt: skip
RULES = {
    "per_yuan": "0.2", "least": "100", "grade_gold": "2", "grade_silver": "1", "grade_bronze": "1",
    "grade_standard": "1", "products": "leased-line 2", "years": "5 500", "birthday": "10", "life_years": "3",
    "whole_years": "on", "warn_days": "30", "valid_from": "2030-01-01",
}  # fmt: skip


def approved(stage: Stage) -> None:
    """Approve the gift asked for."""
    orders.approve(stage.ids["gift_order"], at=timezone.now(), by=stage.actor("zhao.lei"))


def cancelled(stage: Stage) -> None:
    """Cancel the gift asked for, so that all points are available."""
    orders.cancel(stage.ids["gift_order"], "改选", at=timezone.now(), by=system("test"))


def granted(stage: Stage) -> None:
    """Grant the offer proposed."""
    by = stage.actor("zhao.lei")
    granting.decide(stage.ids["grant"], GrantStatus.APPROVED, "", at=timezone.now(), by=by)


def rejected(stage: Stage) -> None:
    """Reject the offer proposed, so that it can be proposed anew."""
    granting.decide(stage.ids["grant"], GrantStatus.REJECTED, "另行商定", at=timezone.now(), by=system("test"))


def _asked_for(stage: Stage) -> Data:
    return {"gift": stage.ids["gift"], "quantity": "1", "note": "年会"}


def _wished(stage: Stage) -> Data:
    return {"customer": stage.ids["customer"]}


def _bank(stage: Stage) -> Data:
    return {"propose-customer": stage.world.bank.code, "propose-why": "续约"}


def _verb(verb: str) -> dict[str, str]:
    return {**GRANT, "verb": verb}


LOYAL_POSTS = (
    Post("web:gift-new", "admin", "gift.save", GIFT),
    Post("web:gift-edit", "admin", "gift.save", GIFT, {"pk": "gift"}),
    Post("web:gift-ask", "wang.min", "gift.ask", _asked_for, {"pk": "customer"}),
    Post("web:gift-approve", "wang.min", "gift.approve", {}, ORDER),
    Post("web:gift-hand-out", "wang.min", "gift.hand_out", {"receiver": "周颖"}, ORDER, before=approved),
    Post("web:gift-cancel", "wang.min", "gift.cancel", {"cancel-why": "改选"}, ORDER),
    Post("portal:gift-ask", "zhou.ying", "gift.ask", _wished, {"pk": "gift"}),
    Post("portal:gift-cancel", "zhou.ying", "gift.cancel", {}, ORDER),
    Post("web:points-correct", "zhao.lei", "points.correct", {"key": "one", "points": "-5", "why": "多计"},
         {"pk": "customer"}),
    Post("web:points-reverse", "zhao.lei", "points.reverse", {"why": "重复录入"}, {"pk": "transfer"},
         before=cancelled),
    Post("web:offer-new", "admin", "offer.save", NEW_OFFER),
    Post("web:offer-edit", "admin", "offer.save", NEW_OFFER, {"pk": "draft_offer"}),
    Post("web:offer-open", "admin", "offer.open", {}, {"pk": "draft_offer"}),
    Post("web:offer-end", "admin", "offer.end", {}, OFFER),
    Post("web:offer-reckon", "wang.min", "job.ask", {}, OFFER),
    Post("web:offer-propose", "wang.min", "offer.propose", _bank, OFFER, before=rejected),
    Post("web:offer-decide", "zhao.lei", "offer.grant", {}, _verb("approve")),
    Post("web:offer-decide", "zhao.lei", "offer.reject", {"why": "额度已满"}, _verb("reject")),
    Post("web:offer-decide", "zhao.lei", "offer.end_grant", {"why": "合同终止"}, _verb("end"), before=granted),
    Post("web:settings-points-new", "admin", "points.rules", RULES),
)  # fmt: skip
