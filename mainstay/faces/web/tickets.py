"""Tickets: the list of the desk, those that run out first on top (H1, H2)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.choices import CauseCode, Responsibility, TicketKind
from mainstay.service.tickets.queries import lists

HEAD = (
    _("Number"), _("Status"), _("Grade"), _("Customer"), _("Title"), _("Circuits"), _("Opened"), _("Deadline"),
    _("Remaining, in seconds"), _("Missed at"), _("Assigned to"), _("Resolved"), _("Closed"), _("Incident"),
    _("Responsibility"), _("Cause"),
)  # fmt: skip

TABS: dict[str, tuple[Any, dict[str, Any]]] = {
    "live": (_("Live"), {"status": "live"}),
    "mine": (_("Mine"), {"status": "live", "mine": True}),
    "unclaimed": (_("Unclaimed"), {"status": "live", "unassigned": True}),
    "breached": (_("Promise missed"), {"status": "live", "breached": True}),
    "all": (_("All"), {}),
}


@door()
def tickets(request: ConsoleRequest) -> HttpResponse:
    """List tickets, those that run out first on top."""
    at, tab = timezone.now(), request.GET.get("tab", "live")
    tab = tab if tab in TABS else "live"
    wanted, sort = wanted_tickets(request, tab), request.GET.get("sort") or ("-opened" if tab == "all" else "deadline")
    if listing.wants_file(request):
        return listing.list_file(request, "tickets", HEAD, lists.every_row(request.actor, wanted, at=at), cells)
    found = lists.ticket_rows(request.actor, wanted, at=at, sort=sort, page=listing.page_number(request))
    context = {
        "rows": found.rows,
        "page": listing.numbered(found.rows, found.total, found.page, found.per_page),
        "filters": filters(),
        "tabs_shown": [
            {"label": label, "url": f"{request.path}?tab={name}", "active": name == tab}
            for name, (label, _w) in TABS.items()
        ],
        "export_url": listing.export_url(request),
        "workbook_url": listing.export_url(request, "xlsx"),
        "may_read_alarms": request.actor.may(Permission.READ_ALARMS),
        "may_work": request.actor.may(Permission.WORK_TICKETS),
        "data_at": at,
    }
    return render(request, "web/tickets/_rows.html" if request.htmx else "web/tickets/tickets.html", context)


def wanted_tickets(request: ConsoleRequest, tab: str) -> lists.TicketFilter:
    """Read the filters from the URL."""
    given = request.GET
    customer = given.get("customer", "")
    return lists.TicketFilter(
        **TABS[tab][1],
        grade=given.get("grade", ""),
        kind=given.get("kind", ""),
        customer_id=int(customer) if customer.isdecimal() and len(customer) < 18 else None,
        q=given.get("q", ""),
    )


def filters() -> list[dict[str, Any]]:
    """Return the filter bar."""
    return [
        {"name": "q", "label": _("Number, customer, circuit or title"), "kind": "search"},
        {"name": "grade", "label": _("Grade"), "kind": "chips", "options": CircuitGrade.choices},
        {"name": "kind", "label": _("Kind"), "kind": "choice", "options": TicketKind.choices},
    ]


def cells(row: Any) -> tuple[object, ...]:
    """Return a ticket as a row of the export."""
    clock = row.clock
    return (
        row.number, row.status_label, row.grade, row.customer_name, row.title,
        " ".join(number for _id, number in row.circuits), row.opened_at, clock and clock.deadline_at,
        clock and clock.remaining_seconds, row.breached_at, row.assigned_to, row.resolved_at, row.closed_at,
        row.incident_number, Responsibility(row.responsibility).label,
        CauseCode(row.cause_code).label if row.cause_code in CauseCode.values else row.cause_code,
    )  # fmt: skip


urlpatterns = [path("tickets", tickets, name="tickets")]
