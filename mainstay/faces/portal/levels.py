"""The customer's own results by month: what was promised, what it came to, stretch by stretch why (H7, L1)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.faces.portal.door import PortalRequest, door
from mainstay.faces.ui import shares
from mainstay.service.service_levels.choices import LedgerState, Verdict
from mainstay.service.service_levels.queries import own
from mainstay.service.service_levels.queries.page import month_page
from mainstay.service.service_levels.shapes import CircuitResult


@door
def levels(request: PortalRequest) -> HttpResponse:
    """List the customer's circuits with their results of a month, the latest closed one by default."""
    months = own.months(request.actor)
    wanted = shares.month_of(request.GET.get("month"))
    month = wanted if wanted in months else next(iter(months), None)
    found = own.results_in(request.actor, month) if month is not None else []
    context = {
        "month": month,
        "rows": [_row(one) for one in found],
        "missed": sum(one.verdict == Verdict.MISSED for one in found),
        "filters": [
            {"name": "month", "label": _("Month"), "kind": "choice", "value": f"{month:%Y-%m}" if month else "",
             "options": [(f"{one:%Y-%m}", f"{one:%Y-%m}") for one in months]}
        ],
    }  # fmt: skip
    return render(request, "portal/levels.html", context)


@door
def level(request: PortalRequest, month: str, pk: int) -> HttpResponse:
    """Show one circuit's closed month: both views, and why each stretch counts or not."""
    wanted = shares.month_of(month)
    if wanted is None or wanted not in own.months(request.actor):
        raise Http404
    found = month_page(request.actor, pk, wanted)
    result = found.result
    context = {
        "found": found,
        "result": result,
        "row": _row(result),
        "felt": shares.between(result.felt),
        "derivation": shares.derivation(result),
        "states": shares.states_of(result),
        "spans": [
            {"span": span, "is_up": span.felt == LedgerState.UP,
             "ticket_url": reverse("portal:ticket", args=[span.ticket_id]) if span.ticket_id else ""}
            for span in found.spans
        ],
    }  # fmt: skip
    return render(request, "portal/level.html", context)


def _row(one: CircuitResult) -> dict[str, Any]:
    return {
        "one": one,
        "url": reverse("portal:level", args=[f"{one.month:%Y-%m}", one.circuit_id]),
        "availability": shares.between(one.contract),
        "target": shares.percent(one.target),
    }
