"""Alarms: what stands, what a single one says, and what could not be placed (G1)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mainstay.faces.web import listing
from mainstay.faces.web.causes import effect_state
from mainstay.faces.web.door import ConsoleRequest, back, door
from mainstay.network.alarms.actions import steering
from mainstay.network.alarms.choices import PerceivedSeverity
from mainstay.network.alarms.queries import alarms as queries
from mainstay.network.alarms.queries import incidents as causes
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_ALARMS)
def alarms(request: ConsoleRequest) -> HttpResponse:
    """List alarms, the newest first; only those that stand unless the URL says otherwise."""
    given = request.GET
    page = queries.alarm_list(
        request.actor, wanted(request), sort=given.get("sort", "raised"), page=listing.page_number(request)
    )
    page.object_list = [with_effect(alarm) for alarm in page.object_list]
    context = {
        "page": page,
        "filters": filters(),
        "may_work": request.actor.may(Permission.WORK_INCIDENTS),
        "data_at": timezone.now(),
    }
    return render(request, "web/alarms/_rows.html" if request.htmx else "web/alarms/alarms.html", context)


def wanted(request: ConsoleRequest) -> queries.AlarmFilter:
    """Read the filters from the URL."""
    given = request.GET
    incident = given.get("incident", "")
    return queries.AlarmFilter(
        standing="cleared" not in given,
        severity=given.get("severity", ""),
        source=given.get("source", ""),
        text=given.get("q", "").strip(),
        incident_id=int(incident) if incident.isdecimal() and len(incident) < 18 else None,
        unacknowledged="new" in given,
    )


def filters() -> list[dict[str, Any]]:
    """Return the filter bar (1 query)."""
    severities = [choice for choice in PerceivedSeverity.choices if choice[0] != PerceivedSeverity.CLEARED]
    sources = [(source.code, source.name) for source in queries.sources()]
    return [
        {"name": "q", "label": _("Resource or alarm type"), "kind": "search"},
        {"name": "severity", "label": _("Severity"), "kind": "chips", "options": severities},
        {"name": "new", "label": _("Not acknowledged"), "kind": "toggle"},
        {"name": "cleared", "label": _("Cleared ones too"), "kind": "toggle"},
        {"name": "source", "label": _("Source"), "kind": "choice", "options": sources},
    ]


def with_effect(alarm: Any) -> Any:
    """Put on an alarm what it does to service, as the look's word for a state."""
    alarm.state = effect_state(alarm)
    return alarm


@door(Permission.READ_ALARMS)
def alarm(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one alarm: where it is, what it does, which incident it belongs to, the facts as received."""
    found = with_effect(queries.visible_alarm(request.actor, pk))
    others = queries.alarm_list(request.actor, queries.AlarmFilter(resource_id=found.resource_id), size=20)
    context = {
        "alarm": found,
        "holders": holders(found.resource),
        "others": [with_effect(other) for other in others.object_list if other.pk != pk],
        "incident_seen": found.incident_id and causes.visible_to(request.actor).filter(pk=found.incident_id).exists(),
        "may_work": request.actor.may(Permission.WORK_INCIDENTS),
        "data_at": timezone.now(),
    }
    return render(request, "web/alarms/alarm.html", context)


def holders(resource: Any) -> list[Any]:
    """Return what holds a resource, the largest first, and itself; at most three levels up."""
    chain = [resource]
    while len(chain) < 4 and chain[0].parent is not None:
        chain.insert(0, chain[0].parent)
    return chain


@require_POST
@door(Permission.WORK_INCIDENTS)
def acknowledge(request: ConsoleRequest) -> HttpResponse:
    """Say that the ticked alarms have been seen."""
    ticked = [int(each) for each in request.POST.getlist("alarms") if each.isdecimal() and len(each) < 18]
    count = steering.acknowledge(ticked, at=timezone.now(), by=request.actor)
    if count:
        said = ngettext("%(n)s alarm is acknowledged.", "%(n)s alarms are acknowledged.", count)
        messages.success(request, said % {"n": count})
    else:
        messages.warning(request, _("Nothing to acknowledge: tick alarms that nobody has acknowledged yet."))
    return back(request, "/alarms")


urlpatterns = [
    path("alarms", alarms, name="alarms"),
    path("alarms/<int:pk>", alarm, name="alarm"),
    path("alarms/acknowledge", acknowledge, name="alarms-acknowledge"),
]
