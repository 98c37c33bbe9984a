"""One circuit's month: drawn minute by minute, both views, why each stretch counts, its versions (H7, PC 12)."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from mainstay.faces.ui.shares import between, derivation, month_of, percent, states_of
from mainstay.faces.ui.words import duration_words
from mainstay.faces.web.changes import link_to
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.levels import address, circuit_url, number
from mainstay.platform.identity.choices import Permission
from mainstay.service.service_levels.choices import LedgerState
from mainstay.service.service_levels.months import following, previous
from mainstay.service.service_levels.queries.overview import Within
from mainstay.service.service_levels.queries.page import month_page
from mainstay.service.service_levels.shapes import MonthPage, Span, VersionRow


@door()
def level(request: ConsoleRequest, month: str, pk: int) -> HttpResponse:
    """Show a circuit's month, as of `?version=` or as it stands."""
    wanted, version = month_of(month), number(request.GET.get("version"))
    if wanted is None:
        raise Http404
    found = month_page(request.actor, pk, wanted, version)
    result = found.result
    context = {
        "found": found,
        "result": result,
        "asked_version": version,
        "is_old": version is not None and bool(found.versions) and version < found.versions[0].version,
        "availability": between(result.contract),
        "felt": between(result.felt),
        "target": percent(result.target),
        "rows": states_of(result),
        "derivation": derivation(result),
        "spans": [span_told(span, request, found) for span in found.spans],
        "versions": [version_told(one, found) for one in found.versions],
        "months": _months(found, wanted),
        "customer_url": address(wanted, Within(customer_id=result.customer_id), version),
        "levels_url": reverse("web:levels") + f"?month={month}",
        "circuit_url": reverse("web:circuit", args=[pk]),
        "data_at": None if found.closed_at else found.reckoned_to,
    }
    return render(request, "web/service_levels/level.html", context)


def span_told(span: Span, request: ConsoleRequest, found: MonthPage) -> dict[str, Any]:
    """Return a stretch with where its evidence is, and whether the reader may propose another responsibility."""
    reads = request.actor.may(Permission.READ_ALARMS)
    month = f"{found.result.month:%Y-%m}"
    proposing = request.actor.may(Permission.WORK_TICKETS) and span.ticket_id is not None
    query = f"?ticket={span.ticket_id}&from={int(span.from_at.timestamp())}&to={int(span.to_at.timestamp())}"
    return {
        "span": span,
        "ticket_url": link_to("ticket", span.ticket_id) if span.ticket_id else "",
        "work_url": link_to("work", span.work_id) if span.work_id and reads else "",
        "incidents": [(pk, link_to("incident", pk)) for pk in span.incident_ids] if reads else [],
        "is_up": span.felt == LedgerState.UP,
        "counts": span.state == LedgerState.DOWN,
        "propose_url": reverse("web:level-propose", args=[month, found.result.circuit_id]) + query if proposing else "",
    }


def version_told(one: VersionRow, found: MonthPage) -> dict[str, Any]:
    """Return a version with what it came to, how that differs from the one before, and where it opens."""
    before = next((other for other in found.versions if other.version == one.version - 1), None)
    differs = one.contract.down_s - before.contract.down_s if before is not None else 0
    return {
        "version": one,
        "availability": between(one.contract),
        "down_s": one.contract.down_s,
        "differs": ("+" if differs > 0 else "−") + duration_words(abs(differs)) if differs else "",
        "url": circuit_url(found.result.circuit_id, found.result.month, one.version),
        "is_shown": one.version == found.result.version,
    }


def _months(found: MonthPage, month: date) -> dict[str, str]:
    near = {"before": previous(month), "after": following(month)}
    return {name: circuit_url(found.result.circuit_id, day) for name, day in near.items() if day in found.months}


urlpatterns = [path("levels/<slug:month>/circuits/<int:pk>", level, name="level")]
