"""Who gets which answer at the addresses of the pool, hand-overs of portfolios, contact notes, duplicates.

Each as the arguments of `table.Address`: answers, ids in the path, further ways to ask.
"""

from typing import Any

STAFF = "in 200 200 200 200 200 200 403 403"
OF_BANK = "in 200 404 200 404 404 200 403 403"
LEADING = "in 403 403 403 403 200 200 403 403"
"""For who assigns customers and decides on duplicates."""
LEADING_AT_BANK = "in 403 403 403 403 404 200 403 403"
SETTINGS = "in 403 403 403 403 403 200 403 403"
OF_GIVER = "in 200 404 404 404 404 200 403 403"
"""A hand-over of the bank's manager that nobody has received yet."""
POSTED = "405 405 405 405 405 405 405 405 405"
CUSTOMER_TABS = ("", "services", "tickets", "contracts", "contacts", "history", "map", "notes", "owner")
BANK = {"pk": "customer"}
HANDOVER = {"pk": "portfolio"}

FOLIOS: dict[str, tuple[Any, ...]] = {
    "web:pool": (STAFF, {}, ("", "?q=汉江银行", "?grade=gold", "?region=42", "?sort=-name", "?export=csv")),
    "web:pool-claim": (POSTED,),
    "web:pool-assign": (POSTED,),
    "web:customer-release": (LEADING_AT_BANK, BANK),
    "web:returning": (STAFF, {}, ("", "?show=would", "?show=returned", "?show=kept")),
    "web:holders": (LEADING,),
    "web:absence-new": (LEADING,),
    "web:absence-over": (POSTED, {"pk": "absence"}),
    "web:portfolio-handovers": (STAFF,),
    "web:portfolio-handover-new": (STAFF,),
    "web:portfolio-handover": (OF_GIVER, HANDOVER, ("", "?state=draft", "?state=moved", "?export=csv")),
    "web:portfolio-handover-plan": (POSTED, HANDOVER),
    "web:portfolio-handover-answer": (POSTED, HANDOVER),
    "web:note-new": (OF_BANK, BANK),
    "web:note-whom": (STAFF,),
    "web:contact-notes": (STAFF, {}, ("", "?q=汉江", "?channel=phone", "?mine=1", "?open=1", "?export=csv")),
    "web:note-done": (POSTED, {"pk": "contact_note"}),
    "web:duplicates": (LEADING, {}, ("", "?q=汉江", "?state=different", "?region=42", "?export=csv")),
    "web:duplicates-scan": (POSTED,),
    "web:duplicate-decide": (POSTED, {"pk": "pair"}),
    "web:merges": (LEADING,),
    "web:merge": (LEADING_AT_BANK, {"pk": "merge"}),
    "web:merge-whom": (LEADING_AT_BANK, BANK),
    "web:merge-prepare": (LEADING_AT_BANK, {"kept": "customer", "gone": "branch"}),
    "web:settings-pool": (SETTINGS,),
    "web:settings-pool-limits": (POSTED,),
    "web:settings-pool-shipped": (POSTED,),
}
