"""What left the house, what waits and what failed; sent again or dropped by hand (K8)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mainstay.faces.web import listing
from mainstay.faces.web.changes import link_to
from mainstay.faces.web.door import ConsoleRequest, back, door
from mainstay.faces.web.settings.pages import show
from mainstay.faces.web.whereabouts import error_words, seen, whereabouts
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages import queries
from mainstay.platform.messages.actions import steering
from mainstay.platform.messages.choices import OUTSIDE, DeliveryState


@door()
def deliveries(request: ConsoleRequest) -> HttpResponse:
    """List the deliveries about things the reader may see, newest first."""
    given = request.GET
    rows = queries.delivery_list(
        request.actor, state=given.get("state", ""), channel=given.get("channel", ""), text=given.get("q", "")
    )
    page, counts = listing.page_of(rows, request), queries.state_counts(request.actor)
    page.object_list = [
        {"row": row, "way": whereabouts(row), "about": link_to(row.message.object_kind, row.message.object_id)}
        for row in page.object_list
    ]
    states = [(state.value, state.label, counts.get(state.value, 0)) for state in DeliveryState]
    filters = [
        {"name": "state", "label": _("State"), "kind": "chips", "options": states},
        {"name": "channel", "label": _("Channel"), "kind": "choice", "options": [(c.value, c.label) for c in OUTSIDE]},
        {"name": "q", "label": _("Name, address or subject"), "kind": "search"},
    ]
    may_steer = request.actor.may(Permission.WORK_TICKETS)
    return show(request, "deliveries", "deliveries", page=page, filters=filters, may_steer=may_steer)


@door()
def delivery(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one delivery: the message, and every try."""
    row = queries.delivery(request.actor, pk)
    may = request.actor.may(Permission.WORK_TICKETS)
    tries = [(each, error_words(each.error).replace(row.to or "\0", seen(row))) for each in queries.tries_of(pk)]
    return show(
        request, "delivery", "deliveries", row=row, way=whereabouts(row), tries=tries,
        about=link_to(row.message.object_kind, row.message.object_id),
        may_retry=may and row.state in steering.AGAIN and row.drop_reason not in steering.SETTLED,
        may_drop=may and row.state in steering.DROPPABLE,
    )  # fmt: skip


@require_POST
@door(Permission.WORK_TICKETS)
def retry(request: ConsoleRequest) -> HttpResponse:
    """Send the chosen ones again now."""
    n = steering.retry(_chosen(request), at=timezone.now(), by=request.actor)
    messages.success(request, ngettext("%(n)s is sent again now.", "%(n)s are sent again now.", n) % {"n": n})
    return back(request, reverse("web:deliveries"))


@require_POST
@door(Permission.WORK_TICKETS)
def drop(request: ConsoleRequest) -> HttpResponse:
    """Drop the chosen ones."""
    n = steering.drop(_chosen(request), at=timezone.now(), by=request.actor)
    messages.success(request, ngettext("%(n)s is dropped.", "%(n)s are dropped.", n) % {"n": n})
    return back(request, reverse("web:deliveries"))


def _chosen(request: ConsoleRequest) -> list[int]:
    found: list[Any] = [listing.number_of(pk) for pk in request.POST.getlist("delivery")]
    return [pk for pk in found if pk]


urlpatterns = [
    path("settings/deliveries", deliveries, name="deliveries"),
    path("settings/deliveries/<int:pk>", delivery, name="delivery"),
    path("settings/deliveries/retry", retry, name="delivery-retry"),
    path("settings/deliveries/drop", drop, name="delivery-drop"),
]
