"""The addresses of the tiers: rules are no secret among staff, figures of customers are (see `table`)."""

from typing import Any

STAFF = "in 200 200 200 200 200 200 403 403"
REPORTING = "in 200 200 403 403 200 200 403 403"
POSTED = "405 405 405 405 405 405 405 405 405"


def _of(kind: str) -> dict[str, str]:
    return {"pk": kind}


TIERS: dict[str, tuple[Any, ...]] = {
    "web:tiers": (STAFF,),
    "web:tiers-load": (POSTED,),
    "web:tier-rules": (STAFF, {"code": "tier_code"}),
    "web:tier-version": (STAFF, _of("tier_draft")),
    "web:tier-take-back": (POSTED, _of("tier_draft")),
    "web:tier-decide": (POSTED, {"pk": "tier_proposed", "verb": "approve"}),
    "web:tier-draft": (POSTED, {"code": "tier_code"}),
    "web:tier-switch": (POSTED, {"code": "tier_code"}),
    "web:tier-changes": (REPORTING, {}, ("?run={tier_run}", "?run={tier_run}&move=rise", "?run={tier_run}&export=csv")),
    "web:tier-held": (REPORTING, {}, ("", "?rules=postal-mail&grade=gold", "?sort=-spend", "?hand=1", "?export=csv")),
    "web:tier-run-result": (STAFF, _of("tier_run")),
    "web:tier-approvals": (REPORTING, {}, ("", "?standing=", "?overdue=1", "?q=汉江", "?export=csv")),
    "web:tier-approval": (POSTED, {"pk": "tier_proposal", "verb": "approve"}),
    "web:tier-mandate": (POSTED, {"code": "tier_code"}),
    "web:tier-mandate-end": (POSTED, _of("tier_mandate")),
    "web:tier-cities": (POSTED,),
    "web:tier-bench": (
        REPORTING,
        {"code": "tier_code"},
        ("", "?customer=C0001", "?customer=C0001&f-billed_year_fen=200万"),
    ),
    "web:customer-tier-fact": (POSTED, _of("customer")),
    "web:customer-tier-name": (POSTED, _of("customer")),
}
