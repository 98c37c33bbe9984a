"""How do the customer's own circuits carry (L1, G5)?"""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from mainstay.faces.portal.door import PortalRequest, door
from mainstay.faces.ui import trends as shown
from mainstay.network.performance.queries import trends
from mainstay.platform.imports import giving


@door
def performance(request: PortalRequest, pk: int) -> HttpResponse:
    """Show the trends of a circuit over `?span=`, as charts or `?show=table`, or give them as a file."""
    at = timezone.now()
    found = trends.trends(request.actor, pk, request.GET.get("span", ""), at=at)
    if request.GET.get("export") == "csv":
        lines = giving.csv_lines(shown.HEAD, shown.file_rows(found))
        answer: Any = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        name = f"performance-{found.circuit.number}-{timezone.localdate(at):%Y%m%d}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer  # type: ignore[no-any-return]
    as_table = request.GET.get("show") == "table"
    context = {
        "circuit": found.circuit,
        "panels": shown.panels(found),
        "spans": shown.span_tabs(found.span),
        "level": found.level,
        "as_table": as_table,
        "other_url": f"?span={found.span}" + ("" if as_table else "&show=table"),
        "export_url": f"?span={found.span}&export=csv",
        "data_at": at,
    }
    return render(request, "portal/performance.html", context)
