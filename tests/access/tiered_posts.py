"""What can be posted about the tiers: rules drafted, proposed, decided; grades decided and named; mandates."""

from mainstay.accounts.tiers.models import RuleSet, RuleVersion
from tests.access.post import Data, Post
from tests.access.stage import Stage


def one_is_missing(stage: Stage) -> None:
    """Let a shipped rule set be missing."""
    RuleVersion.objects.filter(rule_set__code="weight").delete()
    RuleSet.objects.filter(code="weight").delete()


def _edited(stage: Stage) -> Data:
    draft = RuleVersion.objects.get(pk=stage.ids["tier_draft"])
    return {
        "do": "save", "revision": draft.revision, "rows": 1, "decays": 0, "cols": "billed_year_fen,agreement",
        "c-0-billed_year_fen": "≥ 30万", "c-0-agreement": "true", "grade-0": "gold", "factor-2": "0.9",
        "factor-3": "0.8",
    }  # fmt: skip


DRAFT, PROPOSED = {"pk": "tier_draft"}, {"pk": "tier_proposed", "verb": "approve"}
MANDATE = {"grade": "diamond", "region_code": "4201", "document": "鄂邮 13 号", "from_on": "2026-01-01"}
NAMED = {"grade": "postal-mail.vip", "why": "省公司要求", "until_on": "2099-01-01"}
POSTS = (
    Post("web:tiers-load", "admin", "tier_rules.load", before=one_is_missing),
    Post("web:tier-draft", "admin", "tier_rules.draft", {}, {"code": "weight"}),
    Post("web:tier-switch", "admin", "tier_rules.switch", {"on": "1"}, {"code": "weight"}),
    Post("web:tier-version", "admin", "tier_rules.edit", _edited, DRAFT),
    Post("web:tier-take-back", "admin", "tier_rules.take_back", {}, DRAFT),
    Post("web:tier-decide", "zhao.lei", "tier_rules.approve", {}, PROPOSED),
    Post("web:tier-approval", "zhao.lei", "tier_proposal.approve", {}, {"pk": "tier_proposal", "verb": "approve"}),
    Post("web:tier-mandate", "zhao.lei", "tier_rules.mandate", MANDATE, {"code": "tier_code"}),
    Post("web:tier-mandate-end", "zhao.lei", "tier_rules.mandate_end", {}, {"pk": "tier_mandate"}),
    Post("web:tier-cities", "zhao.lei", "tier_rules.cities", {"city-4201": "2"}),
    Post("web:customer-tier-fact", "wang.min", "customer.tier_fact",
         {"fact": "contested", "value": "是", "fact_why": "两家投标"}, {"pk": "customer"}),
    Post("web:customer-tier-name", "zhao.lei", "customer.tier_named", NAMED, {"pk": "customer"}),
)  # fmt: skip
RULES = frozenset({"tiers-load", "tier-draft", "tier-switch", "tier-version", "tier-take-back", "tier-decide"})
"""What a leader of another region does by right: rules hold for the whole house."""
