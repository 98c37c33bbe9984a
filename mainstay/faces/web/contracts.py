"""Contracts: the list, and everything about one on a page (D1, D2)."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.contracts import queries
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.faces.web import listing
from mainstay.faces.web.customer_tabs import entry_told, yuan
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.network.inventory.queries import contracts as inventory
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal

SOON = timedelta(days=90)
"""A contract that ends within this time wants to be renewed."""

HEAD = (
    _("Number"), _("Name"), _("Customer"), _("Lines"), _("Monthly price"), _("Status"), _("Signed on"), _("Begins on"),
    _("Ends on"),
)  # fmt: skip

SORTS = {
    "number": ("number",),
    "customer": ("customer__name", "number"),
    "price": ("monthly_fen", "number"),
    "lines": ("line_count", "number"),
    "ends": ("ends_key", "number"),
}


@door()
def contracts(request: ConsoleRequest) -> HttpResponse:
    """List contracts within the reader's scope, the next to end first."""
    rows = queries.filtered(request.actor, wanted_contracts(request))
    rows = listing.sorted_by(rows, request, SORTS, default="ends")
    if listing.wants_csv(request):
        return listing.csv_file("contracts", HEAD, rows.iterator(chunk_size=1000), cells)
    page, today = listing.page_of(rows, request), timezone.localdate()
    page.object_list = [told(row, on=today) for row in page.object_list]
    context = {
        "page": page,
        "filters": FILTERS,
        "export_url": listing.export_url(request),
        "may_write": request.actor.may(Permission.WRITE_CONTRACTS),
    }
    return render(request, "web/contracts/_rows.html" if request.htmx else "web/contracts/contracts.html", context)


FILTERS = [
    {"name": "q", "label": _("Number, name or customer"), "kind": "search"},
    {"name": "status", "label": _("Status"), "kind": "chips", "options": ContractStatus.choices},
    {"name": "soon", "label": _("Ends within 90 days"), "kind": "toggle"},
]


def wanted_contracts(request: ConsoleRequest) -> queries.ContractFilter:
    """Read the filters from the URL."""
    given = request.GET
    before = timezone.localdate() + SOON if "soon" in given else None
    return queries.ContractFilter(text=given.get("q", "").strip(), status=given.get("status", ""), ends_before=before)


def cells(contract: Any) -> tuple[object, ...]:
    """Return a contract as a row of the export, the price in yuan."""
    return (
        contract.number, contract.name, contract.customer.name, contract.line_count, (contract.monthly_fen or 0) / 100,
        contract.get_status_display(), contract.signed_on, contract.starts_on, contract.ends_on,
    )  # fmt: skip


def told(contract: Any, *, on: date) -> dict[str, Any]:
    """Return a contract with its price and how long it still runs, in words."""
    return {"contract": contract, "price": yuan(contract.monthly_fen or 0), "renewal": renewal(contract, on=on)}


def renewal(contract: Any, *, on: date) -> dict[str, Any]:
    """Say whether a contract runs, ends soon, or has run out; `urgent` when somebody should see to it."""
    if contract.status == ContractStatus.ENDED:
        return {"label": gettext("ended"), "urgent": False}
    if contract.starts_on > on:
        return {"label": gettext("has not begun"), "urgent": False}
    if contract.ends_on is None:
        return {"label": gettext("open-ended"), "urgent": False}
    left = (contract.ends_on - on).days
    if left < 0:
        return {"label": gettext("ran out %(n)s days ago") % {"n": -left}, "urgent": True}
    return {"label": gettext("%(n)s days left") % {"n": left}, "urgent": contract.ends_on < on + SOON}


@door()
def contract(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one contract: its lines with their circuits, what was agreed beyond the profile, how long it runs."""
    found = queries.contract(request.actor, pk)
    circuits = inventory.by_line(request.actor, pk)
    lines = [line_told(line, circuits.get(line.pk, [])) for line in found.lines.all()]
    context = {
        "contract": found,
        "lines": lines,
        "price": yuan(sum(line["line"].monthly_price_fen for line in lines)),
        "circuits": sum(len(under) for under in circuits.values()),
        "renewal": renewal(found, on=timezone.localdate()),
        "of_customer": queries.customer_terms([found.customer_id]),
        "today": timezone.localdate(),
        "may_write": request.actor.may(Permission.WRITE_CONTRACTS),
        "running": found.status != ContractStatus.ENDED,
        "history": [step_told(entry) for entry in journal.history_of("contract", pk, actor=request.actor)[:30]],
    }
    return render(request, "web/contracts/contract.html", context)


def step_told(entry: Any) -> dict[str, Any]:
    """Return an entry of the contract's history; the lines it was registered with stand on the page already."""
    told = entry_told(entry)
    if entry.action == "contract.register":
        told["detail"] = []
    return told


SHOWN = 12
"""So many circuits of a line are named; the others are counted."""


def line_told(line: Any, circuits: list[Any]) -> dict[str, Any]:
    """Return a line with its price in yuan and the circuits that run under it."""
    return {
        "line": line,
        "price": yuan(line.monthly_price_fen),
        "count": len(circuits),
        "circuits": circuits[:SHOWN],
        "more": max(0, len(circuits) - SHOWN),
    }


urlpatterns = [path("contracts", contracts, name="contracts"), path("contracts/<int:pk>", contract, name="contract")]
