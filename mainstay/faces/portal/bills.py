"""The customer's own bills and payments, theirs alone (L1, M9)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mainstay.accounts.revenue.choices import BillState
from mainstay.accounts.revenue.queries import bills as queries
from mainstay.faces.portal.circuits import page_number
from mainstay.faces.portal.door import PortalRequest, door
from mainstay.platform.bulk.paging import LongPaginator

PAYMENTS_SHOWN = 12
SIZE = 25


@door
def bills(request: PortalRequest) -> HttpResponse:
    """List bills, the newest first, and the latest payments."""
    at = timezone.now()
    page = LongPaginator(queries.bills_of(request.actor), SIZE).get_page(page_number(request.GET.get("page", "")))
    rows = list(page.object_list)
    standings = queries.standings(rows, timezone.localdate(at))
    context = {
        "page": page,
        "bills": [{"bill": row, "standing": standings[row.pk], "state": BillState(standings[row.pk].state).label}
                  for row in rows],
        "payments": list(queries.payments_of(request.actor)[:PAYMENTS_SHOWN]),
        "several": len(request.actor.customer_ids or ()) > 1,
        "data_at": at,
    }  # fmt: skip
    return render(request, "portal/bills.html", context)


@door
def bill(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one bill: what it consists of, what was paid for it."""
    found, at = queries.bill(request.actor, pk), timezone.now()
    standing = queries.standings([found], timezone.localdate(at))[found.pk]
    context = {
        "bill": found, "standing": standing, "state": BillState(standing.state).label, "lines": list(found.lines.all()),
        "payments": queries.payments_for(found), "data_at": at,
    }  # fmt: skip
    return render(request, "portal/bill.html", context)
