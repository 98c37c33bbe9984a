"""Who gets which answer in the customer's portal."""

from tests.access.table import PORTAL, PORTAL_OF_BANK, POSTED, SPANS, Address, _of

PORTALS: dict[str, Address] = {
    "portal:home": Address(PORTAL),
    "portal:circuits": Address(PORTAL, queries=("", "?state=down", "?sort=customer", "?q=汉江", "?q=WH-HS")),
    "portal:circuit": Address(PORTAL_OF_BANK, _of("circuit")),
    "portal:levels": Address(PORTAL, queries=("", "?month=2026-01", "?month=x")),
    "portal:level": Address(PORTAL_OF_BANK, {"month": "last_month", "pk": "circuit"}),
    "portal:circuit-performance": Address(PORTAL_OF_BANK, _of("circuit"), SPANS),
    "portal:tickets": Address(PORTAL, queries=("", "?show=closed")),
    "portal:ticket": Address(PORTAL_OF_BANK, _of("ticket")),
    "portal:ticket-note": Address(POSTED, _of("ticket")),
    "portal:ticket-confirm": Address(POSTED, _of("ticket")),
    "portal:ticket-reopen": Address(POSTED, _of("ticket")),
    "portal:report": Address(
        PORTAL, queries=("", "?circuit={circuit}", "?subject={circuit}", "?subject=customer:{customer}")
    ),
    "portal:claims": Address(PORTAL),
    "portal:claim": Address(PORTAL_OF_BANK, _of("granted_claim")),
    "portal:documents": Address(PORTAL, queries=("", "?language=en")),
    "portal:document": Address(PORTAL_OF_BANK, _of("document"), ("", "?view")),
    "portal:works": Address(PORTAL, queries=("", "?show=past")),
    "portal:work": Address(PORTAL_OF_BANK, _of("announcement")),
    "portal:work-answer": Address(POSTED, _of("announcement")),
    "portal:work-note": Address(PORTAL_OF_BANK, _of("announcement")),
    "portal:works-subscribe": Address(POSTED),
    "portal:works-unsubscribe": Address(POSTED, _of("work")),
    "portal:notices": Address(PORTAL),
    "portal:notices-read": Address(POSTED),
}
