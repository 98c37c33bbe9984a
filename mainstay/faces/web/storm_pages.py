"""Which causes does a number on the wall count, who takes them all, and what was a storm (G6)?"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mainstay.faces.web import listing, storm
from mainstay.faces.web.causes import told
from mainstay.faces.web.door import ConsoleRequest, back, door
from mainstay.faces.web.states import WORDS
from mainstay.network.alarms.actions import steering
from mainstay.network.alarms.queries import causes as queries
from mainstay.network.alarms.queries import storms
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.queries import reports

UNFOLDED = 20
"""Causes shown under a group on the wall; the list has them all."""

SHOWN: dict[str, Any] = {
    "": _("Causes"),
    "hit": _("With customers hit"),
    "circuits": _("Circuits"),
    "customers": _("Customers"),
}


@door(Permission.READ_ALARMS)
def causes(request: ConsoleRequest) -> HttpResponse:
    """List the standing causes that a number on the wall counts; for HTMX the first of them, to unfold a group."""
    wanted, at = storm.Selection.read(request.GET), timezone.now()
    meant = storm.pick(queries.standing_causes(request.actor), wanted, request.actor)
    rows = storm.weighed(meant, request.actor, at)
    context = {
        "selection": wanted,
        "may_work": request.actor.may(Permission.WORK_INCIDENTS),
        "free": sum(1 for cause in rows if cause.claimed_by_id is None),
        "data_at": at,
    }
    if request.htmx:
        reports.count_on(rows[:UNFOLDED], request.actor)
        context |= {"causes": rows[:UNFOLDED], "more": max(0, len(rows) - UNFOLDED), "count": len(rows)}
        return render(request, "web/wall/_members.html", context)
    return render(request, "web/wall/causes.html", context | {"page": listing.page_of(rows, request)})


@require_POST
@door(Permission.WORK_INCIDENTS)
def claim(request: ConsoleRequest) -> HttpResponse:
    """Take in hand all causes of a group that nobody holds; the address says which, and never all there are."""
    wanted = storm.Selection.read(request.GET)
    standing = queries.standing_causes(request.actor) if wanted.fields else []
    meant = storm.pick(standing, wanted, request.actor)
    free = [cause.pk for cause in meant if cause.claimed_by_id is None]
    count = steering.claim_many(free, at=timezone.now(), by=request.actor)
    if request.htmx:
        return HttpResponse(status=204)
    said = ngettext("%(n)s cause is yours now.", "%(n)s causes are yours now.", count)
    messages.success(request, said % {"n": count})
    return back(request, "/wall")


@door(Permission.READ_ALARMS)
def past(request: ConsoleRequest) -> HttpResponse:
    """List the storms there were."""
    page = listing.page_of(storms.storms(request.actor), request)
    return render(request, "web/wall/storms.html", {"page": page, "data_at": timezone.now()})


@door(Permission.READ_ALARMS)
def report(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show what one storm was: its causes, circuits and customers, as lists."""
    found, shown = storms.storm(request.actor, pk), request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    number = listing.page_number(request)
    if shown == "circuits":
        page: Any = storms.report_circuits(request.actor, found, page=number)
    elif shown == "customers":
        page = storms.report_customers(request.actor, found, page=number)
    else:
        page = storms.report_incidents(request.actor, found, only_hit=shown == "hit", page=number)
        page.object_list = [told(incident) for incident in page.object_list]
    toll = storms.toll(request.actor, found)
    counts = {"": toll.causes, "hit": toll.with_customers, "circuits": toll.circuits, "customers": toll.customers}
    context = {
        "storm": found,
        "page": page,
        "shown": shown,
        "tabs_shown": [
            {"label": label, "url": f"{request.path}?show={name}", "active": name == shown, "count": counts[name]}
            for name, label in SHOWN.items()
        ],
        "words": WORDS,
        "data_at": timezone.now(),
    }
    return render(request, "web/wall/storm.html", context)


urlpatterns = [
    path("wall/causes", causes, name="wall-causes"),
    path("wall/claim", claim, name="wall-claim"),
    path("wall/storms", past, name="wall-storms"),
    path("wall/storms/<int:pk>", report, name="wall-storm"),
]
