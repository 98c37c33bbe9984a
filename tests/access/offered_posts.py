"""What can be posted about the catalogue, about schemes and about VIPs."""

from django.utils import timezone

from mainstay.accounts.nominations.actions import by_hand
from tests.access.post import Data, Post
from tests.access.stage import Stage

PRODUCT = {"code": "sd-wan", "name": "SD-WAN", "name_en": "SD-WAN", "family": "vpn", "speeds": "2M, 10M",
           "interfaces": "FE", "reaches": ["local"], "description": ""}  # fmt: skip
TARIFF = {"product": "leased-line", "speed": "10M", "reach": "local", "region": "", "one_time": "100", "monthly": "9",
          "valid_from": "2026-01-01"}  # fmt: skip
POLICY = {"code": "YX-2", "title": "新政策", "text": "八折", "valid_from": "2026-01-01", "figures": "折扣: 80%"}
MODEL = {
    "code": "vpn", "name": "组网方案", "scheme_type": "vpn", "summary": "组网", "drawing": "甲 | 线 | 乙",
    "part_count": "1", "part0-kind": "product", "part0-product": "leased-line", "counter_count": "1",
    "counter0-competitor": "某公司", "counter0-rival": "IPSec", "counter0-how": "有承诺",
}  # fmt: skip
SCHEME = {"customer": "C0001", "sites": "2", "reach": "local", "term_months": "12", "on": "2026-09-01"}
FILTER = {"name": "新规则", "mode": "all", "hour": "6", "active": "on", "line_count": "1",
          "line0-measure": "average_balance", "line0-days": "30", "line0-least": "500000"}  # fmt: skip
RULE = {"name": "五成", "percent": "50", "least": "1000", "days": "3", "active": "on"}


def _scheme(stage: Stage) -> Data:
    return SCHEME | {"model": stage.ids["scheme_model"]}


def _decided(stage: Stage) -> None:
    by_hand.decide(stage.ids["nomination"], approve=True, at=timezone.now(), by=stage.actor("zhao.lei"))


PK, NOMINATED, BY_FILTER = {"pk": "product"}, {"pk": "nomination"}, {"pk": "vip_filter"}
POSTS = (
    Post("web:product-new", "admin", "product.add", PRODUCT),
    Post("web:product-edit", "admin", "product.update", PRODUCT | {"revision": "1"}, PK),
    Post("web:product-step", "admin", "product.lifecycle", {"to": "withdrawn"}, PK),
    Post("web:tariff-new", "admin", "tariff.add", TARIFF),
    Post("web:tariff", "admin", "tariff.add", {"revise": "1", "one_time": "1", "monthly": "2", "on": "2030-01-01"},
         {"pk": "tariff"}),
    Post("web:policy-new", "admin", "policy.add", POLICY),
    Post("web:policy-edit", "admin", "policy.update", POLICY, {"pk": "policy"}),
    Post("web:scheme-model-new", "admin", "scheme_model.add", MODEL),
    Post("web:scheme-model-edit", "admin", "scheme_model.update", MODEL, {"pk": "scheme_model"}),
    Post("web:scheme-model-step", "admin", "scheme_model.move", {"to": "withdrawn"}, {"pk": "scheme_model"}),
    Post("web:scheme-new", "wang.min", "customer_scheme.draft", _scheme),
    Post("web:scheme-document", "wang.min", "document.make", {}, {"pk": "scheme"}),
    Post("web:vip-new", "wang.min", "nomination.propose",
         {"customer": "C0002", "why": "走访", "from_on": "2026-09-01"}),
    Post("web:vip-decide", "zhao.lei", "nomination.approve", {"decision": "approve"}, NOMINATED),
    Post("web:vip-end", "zhao.lei", "nomination.end", {"why": "销户"}, NOMINATED, before=_decided),
    Post("web:vip-filter-new", "admin", "vip_filter.add", FILTER),
    Post("web:vip-filter-edit", "admin", "vip_filter.update", FILTER, BY_FILTER),
    Post("web:vip-filter-run", "admin", "vip_filter.run", {"dry": "1"}, BY_FILTER),
    Post("web:wave-rule-new", "admin", "wave_rule.save", RULE),
    Post("web:wave-rule", "admin", "wave_rule.save", RULE, {"pk": "wave_rule"}),
)  # fmt: skip
