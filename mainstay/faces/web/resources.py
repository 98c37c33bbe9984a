"""One resource of the network: where it stands, what runs over it."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from mainstay.faces.web.circuits import with_states
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.network.alarms.queries import alarms
from mainstay.network.inventory.queries import circuits, places
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_ALARMS)
def resource(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a resource, its standing alarms, and the circuits that fail with it."""
    found = places.resource(request.actor, pk)
    over = circuits.visible_to(request.actor).filter(pk__in=places.circuits_over([pk]).values("pk"))
    page = Paginator(circuits.in_order(over.select_related("customer", "live")), 50).get_page(request.GET.get("page"))
    standing = alarms.alarm_list(request.actor, alarms.AlarmFilter(resource_id=pk), size=20)
    context = {"resource": found, "page": with_states(page), "alarms": list(standing.object_list)}
    context["may_plan"] = request.actor.may(Permission.PLAN_WORK)
    return render(request, "web/resources/resource.html", context)


urlpatterns = [path("resources/<int:pk>", resource, name="resource")]
