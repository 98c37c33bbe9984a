"""What can be posted about revenue and credit."""

from datetime import timedelta

from django.utils import timezone

from mainstay.accounts.credit import actions
from tests.access.post import Data, Post
from tests.access.stage import Stage


def _rules(stage: Stage) -> Data:
    return {
        "name": "从严", "valid_from": f"{timezone.localdate() + timedelta(days=1)}", "base": "700",
        "rule_fact": ["late_payments_year"], "rule_at_least": [""], "rule_below": [""], "rule_points": ["-30"],
        "rule_per": ["1"], "rule_most": ["300"], "band_name": ["A", "B"], "band_from_score": ["600", "0"],
    }  # fmt: skip


def _credit(stage: Stage) -> Data:
    return {"score": "900", "why": "省行担保", "until_on": f"{timezone.localdate() + timedelta(days=30)}"}


def by_hand(stage: Stage) -> None:
    """Set the bank's credit by hand."""
    until = timezone.localdate() + timedelta(days=30)
    pk, by = stage.ids["customer"], stage.actor("zhao.lei")
    actions.set_by_hand(pk, 900, "省行担保", until_on=until, at=timezone.now(), by=by)


BANK = {"pk": "customer"}
POSTS = (
    Post("web:customer-credit", "zhao.lei", "credit.set", _credit, BANK),
    Post("web:customer-credit-withdraw", "zhao.lei", "credit.withdraw", {}, BANK, before=by_hand),
    Post("web:control-compare", "zhao.lei", "control.compare", {"month": "2026-08"}),
    Post("web:control-difference", "zhao.lei", "revenue_difference.settle", {"settling": "billing", "why": "重复计费"},
         {"pk": "revenue_difference"}),
    Post("web:settings-credit-new", "admin", "credit.rules", _rules),
)  # fmt: skip
