"""The addresses of points, gifts and offers: who gets which answer (see `table`), the ids named, further ways to ask.

A customer's are as the customer is seen; offers themselves are every member of staff's.
"""

STAFF = "in 200 200 200 200 200 200 403 403"
OF_BANK = "in 200 404 200 404 404 200 403 403"
SETTINGS = "in 403 403 403 403 403 200 403 403"
PORTAL = "in 403 403 403 403 403 403 200 200"
POSTED = "405 405 405 405 405 405 405 405 405"

TABS = ("", "revenue", "services", "tickets", "contracts", "points", "contacts", "history", "map")
"""The tabs of a customer's page."""

Row = tuple[str, dict[str, str], tuple[str, ...]]


def _row(answers: str, kind: str = "", *queries: str, **more: str) -> Row:
    return answers, ({"pk": kind} if kind else {}) | more, queries or ("",)


LOYAL: dict[str, Row] = {
    "web:gifts": _row(STAFF, "", "", "?status=open", "?status=asked&page=9"),
    "web:gift-new": _row(SETTINGS),
    "web:gift-edit": _row(SETTINGS, "gift"),
    "web:gift-order": _row(OF_BANK, "gift_order"),
    "web:gift-approve": _row(POSTED, "gift_order"),
    "web:gift-hand-out": _row(POSTED, "gift_order"),
    "web:gift-cancel": _row(POSTED, "gift_order"),
    "web:gift-ask": _row("in 200 404 403 403 404 200 403 403", "customer"),
    "web:points-correct": _row("in 403 403 403 403 404 200 403 403", "customer"),
    "web:points-reverse": _row(POSTED, "transfer"),
    "web:offers": _row(STAFF, "", "", "?status=open"),
    "web:offer": _row(STAFF, "offer", "", "?customer=C9999", "?customer=nobody&ahead=1"),
    "web:offer-new": _row(SETTINGS),
    "web:offer-edit": _row(SETTINGS, "offer"),
    "web:offer-open": _row(POSTED, "offer"),
    "web:offer-end": _row(POSTED, "offer"),
    "web:offer-reckon": _row(POSTED, "offer"),
    "web:offer-propose": _row(POSTED, "offer"),
    "web:offer-decide": _row(POSTED, "grant", verb="end"),
    "web:settings-points": _row(STAFF),
    "web:settings-points-new": _row(SETTINGS),
    "portal:points": _row(PORTAL, "", "", "?of={customer}", "?of=x&page=2"),
    "portal:gift-ask": _row(POSTED, "gift"),
    "portal:gift-cancel": _row(POSTED, "gift_order"),
}
