"""What frames every page of the portal: where one can go, who one is, what waits to be read."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.domain.actor import Actor
from mainstay.faces.ui.context import live_url
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages import queries as messages

PLACES = (
    ("home", _("Overview"), "home", "h"),
    ("circuits", _("Circuits"), "route", "l"),
    ("levels", _("Service levels"), "chart-bar", "v"),
    ("tickets", _("Tickets"), "ticket", "t"),
    ("documents", pgettext_lazy("documents", "Reports"), "file-text", "r"),
    ("bills", _("Bills"), "receipt", "b"),
    ("claims", _("Compensation"), "coins", "y"),
    ("points", _("Points"), "gift", "g"),
    ("works", _("Planned work"), "calendar-event", "p"),
    ("notices", _("Notices"), "mail", "m"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a portal page for `ui`; nothing for somebody who may not be here (1 query)."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.may(Permission.PORTAL):
        return {}
    unread = messages.inbox(actor).filter(read_at__isnull=True).count()
    return {
        "nav": [_entry(request, *place, badge=unread if place[0] == "notices" else None) for place in PLACES],
        "user_name": actor.name,
        "user_menu": [
            {"label": _("Notices"), "url": reverse("portal:notices"), "icon": "mail", "method": "get"},
            {"label": _("Sign out"), "url": reverse("web:sign-out"), "icon": "logout", "method": "post"},
        ],
        "home_url": reverse("portal:home"),
        "live_url": live_url(request),
    }


def _entry(request: HttpRequest, name: str, label: object, icon: str, key: str, *, badge: int | None) -> dict[str, Any]:
    url = reverse(f"portal:{name}")
    active = request.path == url or (name != "home" and request.path.startswith(url))
    return {"label": label, "url": url, "icon": icon, "key": key, "active": active, "badge": badge}
