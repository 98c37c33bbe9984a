"""The tabs that hold the pages of the settings together."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.links import page

TABS = (
    ("settings", _("Overview"), "settings"),
    ("settings-promises", _("Promises"), "heart-handshake"),
    ("settings-calendars", _("Calendars"), "calendar"),
    ("settings-departments", _("Departments"), "building"),
    ("settings-users", _("Users and duties"), "users"),
    ("settings-roster", _("Duty roster"), "calendar-time"),
    ("settings-sources", _("Alarm sources"), "antenna"),
    ("settings-effects", _("Effect rules"), "bolt"),
    ("settings-storm", _("Storm of alarms"), "bolt"),
    ("settings-texts", _("Outage texts"), "message-circle"),
    ("settings-channels", _("Channels"), "send"),
    ("settings-quiet-hours", _("Quiet hours"), "moon"),
    ("deliveries", _("Deliveries"), "message"),
    ("settings-monitoring", _("Monitoring"), "activity"),
)


def show(request: HttpRequest, template: str, tab: str, **context: Any) -> HttpResponse:
    """Render a settings page below its tabs."""
    return render(request, f"web/settings/{template}.html", {"tabs_shown": _tabs(tab), **context})


def _tabs(active: str) -> list[dict[str, Any]]:
    found = [(name, label, icon, page(name)) for name, label, icon in TABS]
    return [
        {"label": label, "url": url, "icon": icon, "active": name == active} for name, label, icon, url in found if url
    ]
