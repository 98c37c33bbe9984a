"""Service levels: what each month came to, from the province down to the circuit; closing a month (H7)."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.ui.shares import between, month_of, percent
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.platform.identity.choices import Permission
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.choices import Verdict
from mainstay.service.service_levels.months import bounds
from mainstay.service.service_levels.queries import disputes, results
from mainstay.service.service_levels.queries.overview import Group, Within, overview

LEVELS = {
    "province": _("Provinces"),
    "city": _("Cities"),
    "customer": _("Customers"),
    "contract": _("Contracts"),
    "circuit": _("Circuits"),
}


@door()
def levels(request: ConsoleRequest) -> HttpResponse:
    """Show a month, the latest by default, one level below what is asked for."""
    states = results.months(request.actor)
    if not states:
        return render(request, "web/service_levels/none.html", {})
    month = month_of(request.GET.get("month")) or next((s.month for s in states if s.closed_at), states[0].month)
    version = number(request.GET.get("version"))
    given = request.GET
    within = Within(
        region=given.get("region", "")[:12], customer_id=number(given.get("customer")),
        contract_id=number(given.get("contract")), verdict=_known(given.get("verdict", "")),
        affected=given.get("affected") == "1",
    )  # fmt: skip
    found = overview(
        request.actor,
        month,
        within,
        version=version,
        flat=given.get("list") == "1",
        page=number(given.get("page")) or 1,
    )
    state = next((one for one in states if one.month == month), states[0])
    context = {
        "found": found,
        "level_label": LEVELS[found.level],
        "whole": group_told(found.whole, month, version),
        "groups": [group_told(group, month, version) for group in found.groups],
        "circuits": [circuit_told(one, month, version) for one in found.circuits],
        "trail": [(label, address(month, part, version)) for label, part in found.trail],
        "filters": _filters(states, month),
        "state": state,
        "may_close": request.actor.may(Permission.APPROVE) and state.closed_at is None and _is_over(month),
        "waiting": disputes.waiting(request.actor),
        "verdict_label": Verdict(within.verdict).label if within.verdict else "",
        "data_at": None if state.closed_at else state.reckoned_to,
    }
    return render(request, "web/service_levels/levels.html", context)


@door(Permission.APPROVE)
def close(request: ConsoleRequest, month: str) -> HttpResponse:
    """Freeze a month that is over."""
    wanted = month_of(month)
    if wanted is None or request.method != "POST":
        raise Http404
    actions.close_month(wanted, timezone.now(), request.actor)
    messages.success(request, _("%(month)s is closed as version 1.") % {"month": month})
    return redirect(f"{reverse('web:levels')}?month={month}")


def number(text: str | None) -> int | None:
    """Read a whole number that is not negative; None for nonsense."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 12 else None


def address(month: date, within: Within, version: int | None, **more: str) -> str:
    """Return where an overview is."""
    told = {"month": f"{month:%Y-%m}"} | within.given() | ({"version": str(version)} if version else {}) | more
    return f"{reverse('web:levels')}?{urlencode(told)}"


def circuit_url(circuit_id: int, month: date, version: int | None = None) -> str:
    """Return where a circuit's month is."""
    return reverse("web:level", args=[f"{month:%Y-%m}", circuit_id]) + (f"?version={version}" if version else "")


def group_told(group: Group, month: date, version: int | None) -> dict[str, Any]:
    """Return a set of circuits with where each of its numbers leads."""
    within = group.within

    def to(verdict: str) -> str:
        return address(month, Within(within.region, within.customer_id, within.contract_id, verdict), version)

    return {
        "group": group,
        "label": group.label or _("No contract"),
        "url": address(month, within, version),
        "list_url": address(month, within, version, list="1"),
        "urls": {verdict: to(verdict) for verdict in ("missed", "undecided", "met")},
        "affected_url": address(
            month, Within(within.region, within.customer_id, within.contract_id, affected=True), version
        ),
        "availability": between(group.contract),
        "felt": between(group.felt),
    }


def circuit_told(one: results.CircuitResult, month: date, version: int | None) -> dict[str, Any]:
    """Return a circuit's result as a row."""
    return {
        "one": one,
        "url": circuit_url(one.circuit_id, month, version),
        "availability": between(one.contract),
        "target": percent(one.target),
    }


def _known(verdict: str) -> str:
    return verdict if verdict in Verdict.values else ""


def _is_over(month: date) -> bool:
    return bounds(month)[1] <= timezone.now()


def _filters(states: list[results.MonthState], month: date) -> list[dict[str, Any]]:
    return [
        {"name": "month", "label": _("Month"), "kind": "choice", "value": f"{month:%Y-%m}",
         "options": [(f"{one.month:%Y-%m}", f"{one.month:%Y-%m}") for one in states]},
        {"name": "verdict", "label": _("Verdict"), "kind": "choice",
         "options": [(verdict.value, verdict.label) for verdict in Verdict]},
    ]  # fmt: skip


urlpatterns = [
    path("levels", levels, name="levels"),
    path("levels/<slug:month>/close", close, name="levels-close"),
]
