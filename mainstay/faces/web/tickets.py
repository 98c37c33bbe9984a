"""Tickets: the list of the desk, those that run out first on top (H1, H2)."""

from django.http import HttpResponse
from django.urls import path

from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.lists.tickets import TABS, TICKETS
from mainstay.platform.identity.choices import Permission


@door()
def tickets(request: ConsoleRequest) -> HttpResponse:
    """List tickets, those that run out first on top."""
    tab = request.GET.get("tab", "live")
    tabs = [
        {"label": label, "url": f"{request.path}?tab={name}", "active": name == (tab if tab in TABS else "live")}
        for name, (label, _wanted) in TABS.items()
    ]
    may_work, may_read = (request.actor.may(what) for what in (Permission.WORK_TICKETS, Permission.READ_ALARMS))
    return show(
        request, TICKETS, "web/tickets/tickets.html", tabs_shown=tabs, may_work=may_work, may_read_alarms=may_read
    )


urlpatterns = [path("tickets", tickets, name="tickets")]
