"""The tabs that hold the pages of the settings together."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.faces.web.door import ConsoleRequest
from mainstay.faces.web.links import page
from mainstay.platform.identity.choices import Permission

TABS = (
    ("settings", _("Overview"), "settings", Permission.READ_CONSOLE),
    ("settings-promises", _("Promises"), "heart-handshake", Permission.READ_CONSOLE),
    ("packages", _("SLA packages"), "heart-handshake", Permission.READ_CONSOLE),
    ("settings-reminders", _("Contract reminders"), "bell", Permission.SETTINGS),
    ("settings-clauses", _("Compensation clauses"), "gavel", Permission.READ_CONSOLE),
    ("settings-points", _("Points"), "gift", Permission.READ_CONSOLE),
    ("settings-credit", _("Credit rules"), "adjustments", Permission.READ_REVENUE),
    ("settings-calendars", _("Calendars"), "calendar", Permission.READ_CONSOLE),
    ("settings-departments", _("Departments"), "building", Permission.READ_CONSOLE),
    ("settings-sensitive", _("Sensitive fields"), "eye-off", Permission.READ_CONSOLE),
    ("settings-access-reviews", _("Reviews of permissions"), "shield-check", Permission.SETTINGS),
    ("settings-customer-sources", _("Sources of customers"), "arrows-exchange", Permission.SETTINGS),
    ("settings-users", _("Users and duties"), "users", Permission.SETTINGS),
    ("settings-roster", _("Duty roster"), "calendar-time", Permission.READ_CONSOLE),
    ("settings-sources", _("Alarm sources"), "antenna", Permission.READ_ALARMS),
    ("settings-effects", _("Effect rules"), "bolt", Permission.READ_ALARMS),
    ("settings-storm", _("Storm of alarms"), "bolt", Permission.SETTINGS),
    ("settings-performance", _("Performance"), "chart-line", Permission.READ_ALARMS),
    ("settings-pool", _("Rules of the pool"), "hourglass", Permission.SETTINGS),
    ("settings-texts", _("Outage texts"), "message-circle", Permission.SETTINGS),
    ("settings-channels", _("Channels"), "send", Permission.SETTINGS),
    ("settings-quiet-hours", _("Quiet hours"), "moon", Permission.SETTINGS),
    ("deliveries", _("Deliveries"), "message", Permission.READ_CONSOLE),
    ("settings-monitoring", _("Monitoring"), "activity", Permission.SETTINGS),
)


def show(request: ConsoleRequest, template: str, tab: str, **context: Any) -> HttpResponse:
    """Render a settings page below its tabs."""
    return render(request, f"web/settings/{template}.html", {"tabs_shown": _tabs(tab, request.actor), **context})


def _tabs(active: str, actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs of the pages that the reader may open."""
    return [
        {"label": label, "url": page(name), "icon": icon, "active": name == active}
        for name, label, icon, permission in TABS
        if actor.may(permission)
    ]
