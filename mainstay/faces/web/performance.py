"""How do circuits carry: the trends of one, and those that carry too much or too badly (G5)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.ui import trends as shown
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.network.performance.choices import LARGEST, UNITS, Metric
from mainstay.network.performance.queries import trends, worst
from mainstay.platform.bulk.paging import MOST
from mainstay.platform.identity.choices import Permission

USUAL = {Metric.UTIL_IN: 700_000, Metric.UTIL_OUT: 700_000, Metric.LOSS: 1_000, Metric.DELAY: 50_000}
"""What is asked for where the URL does not say, in the metric's unit; else 1."""
DAYS, OF_DAYS = (1, 3, 5, 10, 20), (7, 30, 90)
HEAD = (
    _("Circuit"), _("Customer"), _("Grade"), _("Product"), _("Bandwidth in kbit/s"), _("Circuit end"), _("Bad days"),
    _("Days sampled"), _("Worst day's 95th percentile"), _("Largest"), _("Unit"),
)  # fmt: skip


@door()
def circuit(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show the trends of a circuit over `?span=`, as charts or `?show=table`, or give them as a file."""
    at = timezone.now()
    found = trends.trends(request.actor, pk, request.GET.get("span", ""), at=at)
    if listing.wants_file(request):
        return listing.table_file(request, f"performance-{pk}", shown.HEAD, shown.file_rows(found))
    as_table = request.GET.get("show") == "table"
    context = {
        "circuit": found.circuit,
        "panels": shown.panels(found),
        "spans": shown.span_tabs(found.span),
        "level": found.level,
        "as_table": as_table,
        "other_url": f"?span={found.span}" + ("" if as_table else "&show=table"),
        "staff": True,
        "data_at": at,
        **listing.export_urls(request),
    }
    return render(request, "web/circuits/performance.html", context)


@door()
def performance(request: ConsoleRequest) -> HttpResponse:
    """List the circuits that were bad on several days, and what stands over its threshold now."""
    at, wanted = timezone.now(), wanted_of(request)
    if listing.wants_file(request):
        page = worst.worst(request.actor, wanted, at=at, size=MOST)
        return listing.list_file(request, "performance", HEAD, page.object_list, cells)
    page = worst.worst(request.actor, wanted, at=at, page=listing.page_number(request))
    context = {
        "page": page,
        "rows": [told(row) for row in page.object_list],
        "standing": [standing_told(each) for each in worst.standing(request.actor)],
        "sampled": bool(page.object_list) or worst.is_sampled(request.actor),
        "wanted": wanted,
        "least": f"{(shown.amount(wanted.least, wanted.unit) or Decimal()).normalize():f}",
        "unit": shown.SAID[wanted.unit],
        "metrics": Metric.choices,
        "days": DAYS,
        "of_days": OF_DAYS,
        "may_set": request.actor.may(Permission.SETTINGS),
        "data_at": at,
        **listing.export_urls(request),
    }
    return render(request, "web/performance/performance.html", context)


def wanted_of(request: ConsoleRequest) -> worst.Wanted:
    """Read what is asked for; nonsense is as good as nothing."""
    given = request.GET
    metric = given.get("metric", "")
    metric = metric if metric in Metric.values else Metric.UTIL_OUT
    days, of_days = (listing.number_of(given.get(name)) for name in ("days", "of"))
    return worst.Wanted(
        metric,
        _least(given.get("least", ""), metric),
        days if days in DAYS else 5,
        of_days if of_days in OF_DAYS else 30,
    )


def _least(text: str, metric: str) -> int:
    try:
        found = Decimal(text) * shown.FACTORS[UNITS[metric]]
    except InvalidOperation:
        return USUAL.get(Metric(metric), 1)
    return int(found) if found.is_finite() and 0 < found <= LARGEST else USUAL.get(Metric(metric), 1)


def told(row: worst.Worst) -> dict[str, Any]:
    """Return a row of the list in words."""
    series = row.series
    unit = UNITS[series.metric]
    return {
        "row": row,
        "circuit": row.circuit,
        "end": shown.end_words(series.metric, series.side),
        "p95": shown.words(row.p95, unit),
        "most": shown.words(row.most, unit),
    }


def standing_told(each: worst.Standing) -> dict[str, Any]:
    """Return what stands over its threshold in words."""
    metric = Metric(each.series.metric)
    parts = (str(metric.label), shown.end_words(each.series.metric, each.series.side))
    return {
        "circuit": each.series.circuit,
        "what": " · ".join(part for part in parts if part),
        "value": shown.words(each.value, each.unit),
        "since": each.since,
        "alarmed": each.alarmed,
    }


def cells(row: worst.Worst) -> tuple[object, ...]:
    """Return a row of the file."""
    circuit, unit = row.circuit, UNITS[row.series.metric]
    return (
        circuit.number, circuit.customer.name, circuit.grade, circuit.product.name, circuit.bandwidth_kbps,
        row.series.side, row.days, row.known_days, shown.amount(row.p95, unit), shown.amount(row.most, unit),
        shown.SAID[unit],
    )  # fmt: skip


urlpatterns = [
    path("circuits/<int:pk>/performance", circuit, name="circuit-performance"),
    path("performance", performance, name="performance"),
]
