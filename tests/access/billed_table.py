"""The addresses of revenue and credit: who gets which answer, with which ids, asked in which ways (see `table`)."""

REVENUE = "in 200 200 403 403 200 200 403 403"
OF_BANK = "in 200 404 403 403 404 200 403 403"
BY_LEADER = "in 403 403 403 403 404 200 403 403"
"""Zhao Lei, the leader of the bank's region, is not among those who walk."""
SETTINGS = "in 403 403 403 403 403 200 403 403"
PORTAL = "in 403 403 403 403 403 403 200 200"
PORTAL_OF_BANK = "in 403 403 403 403 403 403 200 404"
POSTED = "405 405 405 405 405 405 405 405 405"
ARREARS = ("", "?q=汉江银行", "?age=overdue_60_fen", "?sort=oldest&grade=gold", "?region=42", "?export=csv")

Row = tuple[str, dict[str, str], tuple[str, ...]]
BILLED: dict[str, Row] = {
    "api:create_bills": (POSTED, {}, ("",)),
    "api:create_payments": (POSTED, {}, ("",)),
    "api:create_usage": (POSTED, {}, ("",)),
    "api:create_totals": (POSTED, {}, ("",)),
    "portal:bills": (PORTAL, {}, ("", "?page=2")),
    "portal:bill": (PORTAL_OF_BANK, {"pk": "bill"}, ("",)),
    "web:arrears": (REVENUE, {}, ARREARS),
    "web:bill": (OF_BANK, {"pk": "bill"}, ("",)),
    "web:control": (REVENUE, {}, ("", "?month={billed_month}", "?state=open", "?export=csv")),
    "web:control-compare": (POSTED, {}, ("",)),
    "web:control-difference": (BY_LEADER, {"pk": "revenue_difference"}, ("",)),
    "web:customer-credit": (BY_LEADER, {"pk": "customer"}, ("",)),
    "web:customer-credit-withdraw": (POSTED, {"pk": "customer"}, ("",)),
    "web:settings-credit": (REVENUE, {}, ("",)),
    "web:settings-credit-new": (SETTINGS, {}, ("",)),
    "web:settings-credit-edition": (REVENUE, {"pk": "credit_edition"}, ("",)),
}
