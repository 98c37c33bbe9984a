"""Who is in arrears, how much and for how long; one bill with its lines and payments (M9)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from mainstay.accounts.revenue.choices import Bucket
from mainstay.accounts.revenue.queries import arrears as queries
from mainstay.accounts.revenue.queries import bills
from mainstay.faces.ui.tags.money import yuan
from mainstay.faces.web.customer_revenue import bill_told
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.lists.arrears import ARREARS, wanted
from mainstay.faces.web.lists.showing import show
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal

HISTORY = 30


@door(Permission.READ_REVENUE)
def arrears(request: ConsoleRequest) -> HttpResponse:
    """List customers in arrears, who owes most first, with the sums by age."""
    more: dict[str, Any] = {}
    if not request.htmx:
        at = timezone.now()
        found = queries.summed(request.actor, wanted(ARREARS.asked(request.actor, request.GET, at=at)))
        ages = [(Bucket(name).label, yuan(fen), _with_age(request, name)) for name, fen in found.by_age]
        more = {"sum": found, "ages": ages, "all_url": _with_age(request, ""),
                "catching_up": queries.catching_up(timezone.localdate(at))}  # fmt: skip
    return show(request, ARREARS, "web/revenue/arrears.html", **more)


def _with_age(request: ConsoleRequest, age: str) -> str:
    query = request.GET.copy()
    query["age"] = age
    query.pop("page", None)
    return f"?{query.urlencode()}"


@door(Permission.READ_REVENUE)
def bill(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one bill: its lines, what was paid for it, where it came from, what was corrected."""
    found, at = bills.bill(request.actor, pk), timezone.now()
    standings = bills.standings([found], timezone.localdate(at))
    history = [entry_told(entry) for entry in journal.history_of("bill", pk, actor=request.actor)[:HISTORY]]
    context = {
        "bill": found, "told": bill_told(found, standings[found.pk]), "lines": list(found.lines.all()),
        "payments": bills.payments_for(found), "history": history, "data_at": at,
    }  # fmt: skip
    return render(request, "web/revenue/bill.html", context)


urlpatterns = [path("arrears", arrears, name="arrears"), path("bills/<int:pk>", bill, name="bill")]
