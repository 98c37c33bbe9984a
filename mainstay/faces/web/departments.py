"""Where does the time of faults go? Summed up by department over a period (H4)."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.service.tickets.queries.departments import MOST, Sum, time_by_department

DAYS, MOST_DAYS = 30, 366
HEAD = (
    _("Department"), _("Minutes"), _("Per cent"), _("Tickets"), _("Stays"), _("Mean, minutes"), _("Longest, minutes"),
    _("Targets"), _("Missed"), _("There now"),
)  # fmt: skip


@door()
def departments(request: ConsoleRequest) -> HttpResponse:
    """Show how long tickets were with whom; `?from=` and `?to=` are days, both counted."""
    at = timezone.now()
    begin, end = _days(request)
    from_at, to_at = listing.day_start(begin), listing.day_end(end)
    assert from_at is not None
    assert to_at is not None
    period = time_by_department(request.actor, from_at, to_at, at=at)
    if listing.wants_file(request):
        return listing.list_file(request, "departments", HEAD, period.sums, cells)
    context = {
        "period": period,
        "filters": filters(),
        "begin": begin,
        "end": end,
        "most": MOST,
        "data_at": at,
        **listing.export_urls(request),
    }
    return render(request, "web/tickets/departments.html", context)


def filters() -> list[dict[str, Any]]:
    """Return the filter bar."""
    return [
        {"name": "from", "label": _("From day"), "kind": "date"},
        {"name": "to", "label": _("To day"), "kind": "date"},
    ]


def cells(each: Sum) -> tuple[object, ...]:
    """Return a department's sums as a row of the export."""
    return (
        each.name, each.seconds // 60, round(each.percent, 1), each.tickets, each.stays, each.mean_s // 60,
        each.longest_s // 60, each.targets, each.missed, each.here,
    )  # fmt: skip


def _days(request: ConsoleRequest) -> tuple[date, date]:
    """Read the period; the last 30 days without one, at most a year."""
    today = timezone.localdate()
    end = listing.day_of(request.GET.get("to")) or today
    begin = listing.day_of(request.GET.get("from")) or end - timedelta(days=DAYS)
    begin = min(begin, end)
    return max(begin, end - timedelta(days=MOST_DAYS)), end


urlpatterns = [path("departments", departments, name="departments")]
