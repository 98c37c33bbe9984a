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

from mainstay.faces.web.causes import effect_state
from mainstay.faces.web.door import ConsoleRequest, back, door
from mainstay.faces.web.lists.alarms import ALARMS
from mainstay.faces.web.lists.showing import show
from mainstay.network.alarms.actions import steering
from mainstay.network.alarms.queries import alarms as queries
from mainstay.network.alarms.queries import incidents as causes
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_ALARMS)
def alarms(request: ConsoleRequest) -> HttpResponse:
    """List alarms, the newest first; only those that stand unless the URL says otherwise."""
    return show(request, ALARMS, "web/alarms/alarms.html")


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
