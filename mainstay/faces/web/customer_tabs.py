"""What the tabs of a customer's page show; each reads only when it is the one shown."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.consulting.queries.sight import Sight
from mainstay.accounts.contracts import queries as contracts
from mainstay.accounts.customers import archive as beside
from mainstay.accounts.customers import queries as customers
from mainstay.faces.ui.words import STATE_WORDS
from mainstay.faces.web import (
    agreement_parts,
    customer_archive,
    customer_balances,
    customer_owner,
    customer_sites,
    customer_suggestions,
    listing,
)
from mainstay.faces.web.changes import action_words, entry_fields
from mainstay.faces.web.circuits import with_states
from mainstay.faces.web.customer_grade import grade
from mainstay.faces.web.customer_points import points_tab
from mainstay.faces.web.customer_revenue import revenue
from mainstay.faces.web.door import ConsoleRequest
from mainstay.faces.web.maps import customer_map
from mainstay.faces.web.sight import CLOSED, sight_of
from mainstay.network.inventory.queries import circuits
from mainstay.platform.identity.choices import Permission
from mainstay.service.compensation.finding import may_propose
from mainstay.service.compensation.queries import claims
from mainstay.service.compensation.queries.claims import ClaimFilter
from mainstay.service.compensation.queries.clauses import special_terms
from mainstay.service.tickets.queries.lists import TicketFilter, ticket_rows

TABS = {
    "services": (_("Services"), "route"),
    "tickets": (_("Tickets"), "ticket"),
    "contracts": (_("Contracts and promises"), "file-text"),
    "contacts": (_("Contacts"), "users"),
    "notes": customer_owner.TABS["notes"],
    "grade": (_("Grades"), "stairs"),
    "revenue": (_("Revenue and credit"), "receipt"),
    "points": (_("Points and offers"), "gift"),
    "history": (_("History"), "history"),
    "map": (_("Map"), "topology-star-3"),
    "sites": (_("Sites"), "map-pin"),
    "archive": (_("Archive"), "archive"),
    "owner": customer_owner.TABS["owner"],
    "balances": (_("Balances"), "wave-sine"),
    "suggestions": (_("Suggestions"), "bulb"),
}

MORE = frozenset({"map", "sites", "archive", "owner", "balances", "suggestions"})
"""Tabs that stand behind the others, in the menu “More”."""

NEEDS = {"revenue": Permission.READ_REVENUE, "grade": Permission.READ_REVENUE}
"""Tabs that need a permission of their own."""

STATE_CHIPS = [
    ("impaired", _("Impaired")),
    *((name, STATE_WORDS[name]) for name in ("down", "degraded", "unprotected")),
]

Read = Callable[[ConsoleRequest, Any, datetime], dict[str, Any]]


def tab_context(request: ConsoleRequest, customer: Any, *, at: datetime) -> dict[str, Any]:
    """Return the row of tabs and what the chosen one shows."""
    chosen = request.GET.get("tab", "")
    offered = {name for name in TABS if name not in NEEDS or request.actor.may(NEEDS[name])}
    chosen = chosen if chosen in offered else "services"
    shown = [
        {"label": label, "url": f"?tab={name}", "icon": icon, "active": name == chosen, "more": name in MORE}
        for name, (label, icon) in TABS.items()
        if name in offered
    ]
    template = f"web/customers/_{chosen}.html"
    return {"tab": chosen, "tab_template": template, "tabs_shown": shown, **READERS[chosen](request, customer, at)}


def services(request: ConsoleRequest, customer: Any, _at: datetime) -> dict[str, Any]:
    """Return the customer's circuits, the worst first."""
    wanted = circuits.CircuitFilters(
        customer_id=customer.pk, text=request.GET.get("q", ""), state=request.GET.get("state", "")
    )
    sort = request.GET.get("sort", "-state")
    page = circuits.circuit_list(request.actor, wanted, sort=sort, page=listing.page_number(request))
    filters = [
        {"name": "q", "label": _("Number or name"), "kind": "search"},
        {"name": "state", "label": _("State"), "kind": "chips", "options": STATE_CHIPS},
    ]
    return {"page": with_states(page), "filters": filters}


def service_map(request: ConsoleRequest, customer: Any, _at: datetime) -> dict[str, Any]:
    """Return the customer's sites and the circuits between them, for the drawing."""
    return {"graph": customer_map(request.actor, customer.pk)}


def tickets(request: ConsoleRequest, customer: Any, at: datetime) -> dict[str, Any]:
    """Return the customer's tickets, the live ones first or all."""
    wanted = TicketFilter(status=request.GET.get("status", ""), customer_id=customer.pk)
    rows = ticket_rows(request.actor, wanted, at=at, sort="-opened", page=listing.page_number(request))
    filters = [{"name": "status", "label": _("Status"), "kind": "chips", "options": [("live", _("Open only"))]}]
    return {
        "tickets": rows,
        "filters": filters,
        "page": listing.numbered(rows.rows, rows.total, rows.page, rows.per_page),
    }


def agreements(request: ConsoleRequest, customer: Any, at: datetime) -> dict[str, Any]:
    """Return the customer's contracts with their lines, and what was promised beyond the profile."""
    found = contracts.by_customer(request.actor, customer.pk)
    for contract in found:
        for line in contract.lines.all():
            line.price = yuan(line.monthly_price_fen)  # type: ignore[attr-defined]  # only for the page
    told = compensation_told(request, ClaimFilter(customer_id=customer.pk), customer_id=customer.pk, at=at)
    uses = agreement_parts.uses_of(request.actor, customer.pk, at=at)
    return {"contracts": found, "terms": contracts.customer_terms([customer.pk]), **uses, **told}


SHOWN = 6
"""So many compensations are shown beside others things; the list has all."""


def compensation_told(
    request: ConsoleRequest, wanted: ClaimFilter, *, customer_id: int, at: datetime
) -> dict[str, Any]:
    """Return the latest compensations of a customer or a contract, and what was agreed on them (3 queries)."""
    rows = claims.claim_list(request.actor, wanted, size=SHOWN)
    sets = special_terms(
        request.actor, customer_id=customer_id, contract_id=wanted.contract_id, on=timezone.localdate(at)
    )
    return {
        "claims": rows.object_list,
        "claim_count": rows.paginator.count,
        "clause_sets": sets,
        "may_propose": may_propose(request.actor),
        "may_agree_clauses": request.actor.may(Permission.WRITE_CONTRACTS),
    }


def yuan(fen: int) -> str:
    """Say an amount of fen (0.01 yuan) in yuan."""
    return f"¥\u2009{fen / 100:,.2f}"


def people(_request: ConsoleRequest, customer: Any, _at: datetime) -> dict[str, Any]:
    """Return everybody with their roles, also those who left (2 queries)."""
    found = customers.contacts(customer.pk, left=True)
    roles = beside.held_roles(contact.pk for contact in found)
    for contact in found:
        contact.further = roles.get(contact.pk, [])  # type: ignore[attr-defined]  # only for the page
    return {"people": found}


def history(request: ConsoleRequest, customer: Any, _at: datetime) -> dict[str, Any]:
    """Return what was done to the customer and its people, newest first."""
    page = Paginator(customers.history(request.actor, customer.pk), 50).get_page(request.GET.get("page"))
    return {"page": page, "story": [entry_told(entry, sight_of(request)) for entry in page.object_list]}


def entry_told(entry: Any, sight: Sight = CLOSED) -> dict[str, Any]:
    """Return an audit entry as an entry of a story, masked as the reader may see it."""
    fields = entry_fields(entry, sight)
    return {
        "at": entry.at,
        "kind": "state",
        "title": action_words(entry.action) + (f" · {entry.object_label}" if entry.object_label else ""),
        "by": entry.actor_name,
        "body": entry.why,
        "detail": [(name, new if old == "—" else f"{old} → {new}") for name, old, new in fields],
    }


READERS: dict[str, Read] = {
    "services": services,
    "map": service_map,
    "tickets": tickets,
    "contracts": agreements,
    "grade": grade,
    "revenue": revenue,
    "points": points_tab,
    "contacts": people,
    "archive": customer_archive.archive,
    "sites": customer_sites.sites,
    "suggestions": customer_suggestions.suggestions,
    **customer_owner.READERS,
    "balances": customer_balances.balances,
    "history": history,
}
