"""The first page of the settings: what holds now, and where to change it."""

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from mainstay.accounts.catalog import queries as catalog
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.calendars import queries as calendars
from mainstay.platform.identity.choices import Permission


@door()
def settings(request: ConsoleRequest) -> HttpResponse:
    """Say which promises hold, and until when the calendars are known."""
    return show(
        request,
        "overview",
        "settings",
        profile=catalog.active_profile(),
        calendars=calendars.calendars(),
        known_until=calendars.known_until("CN"),
        today=timezone.localdate(),
        may_import=request.actor.may(Permission.SETTINGS),
    )


urlpatterns = [path("settings", settings, name="settings")]
