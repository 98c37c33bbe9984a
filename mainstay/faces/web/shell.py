"""What frames every page of the console: where one can go, who one is, what waits to be read."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.domain.actor import Actor
from mainstay.faces.ui.context import live_url
from mainstay.faces.web.links import page
from mainstay.faces.web.lists.saving import pinned
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.messages import queries as messages
from mainstay.platform.monitoring import queries as monitoring


class Place(NamedTuple):
    """One entry of the navigation; `also` are the beginnings of further addresses that belong to it."""

    name: str
    label: str | Promise
    icon: str
    section: str | Promise
    key: str = ""
    permission: str = Permission.READ_CONSOLE
    also: tuple[str, ...] = ()


NOW, ACCOUNTS, SERVICES, VALUE = _("Now"), _("Accounts"), _("Services"), pgettext_lazy("navigation", "Value")
NETWORK, HOUSE = _("Network"), _("House")

PLACES = (
    Place("my-day", _("My day"), "list-check", NOW, "d"),
    Place("wall", _("Live wall"), "device-tv", NOW, "w", Permission.READ_ALARMS),
    Place("tickets", _("Tickets"), "ticket", NOW, "t"),
    Place("reports", _("Fault reports"), "phone-incoming", NOW, "r", Permission.READ_ALARMS),
    Place("inbox", _("Messages"), "mail", NOW, "m"),
    Place("customers", _("Customers"), "building", ACCOUNTS, "c", also=("/agents",)),
    Place("tiers", _("Tiers"), "stairs", ACCOUNTS, "u"),
    Place("vips", _("VIPs"), "crown", ACCOUNTS),
    Place("pool", _("Customer pool"), "users", ACCOUNTS),
    Place("target-groups", _("Target groups"), "lock", ACCOUNTS),
    Place("suggestions", _("Suggestions"), "bulb", ACCOUNTS),
    Place("duplicates", _("Duplicates"), "arrows-join", ACCOUNTS, "z", Permission.MERGE_CUSTOMERS),
    Place("consultations", _("Consulted"), "eye", ACCOUNTS),
    Place("circuits", _("Circuits"), "route", SERVICES, "l"),
    Place("contracts", _("Contracts"), "file-text", SERVICES, "k", also=("/packages", "/promises")),
    Place("products", _("Catalogue"), "stack-2", SERVICES, "f", also=("/catalogue", "/schemes")),
    Place("levels", _("Service levels"), "chart-bar", SERVICES, "v"),
    Place("documents", pgettext_lazy("documents", "Reports"), "report-analytics", SERVICES, "e"),
    Place("compensations", _("Compensation"), "coins", SERVICES, "y"),
    Place("arrears", _("Arrears"), "hourglass", VALUE, "", Permission.READ_REVENUE),
    Place("control", _("Billing check"), "checks", VALUE, "", Permission.READ_REVENUE),
    Place("offers", _("Offers"), "discount", VALUE),
    Place("gifts", _("Gifts"), "gift", VALUE),
    Place("incidents", _("Incidents"), "alert-triangle", NETWORK, "i", Permission.READ_ALARMS),
    Place("alarms", _("Alarms"), "bell", NETWORK, "a", Permission.READ_ALARMS),
    Place("works", _("Planned work"), "calendar-event", NETWORK, "p", Permission.READ_ALARMS),
    Place("performance", _("Performance"), "chart-line", NETWORK, "q"),
    Place("sync", _("Network managers"), "arrows-exchange", NETWORK, "g", Permission.READ_ALARMS),
    Place("shift-log", _("Shift log"), "notes", NETWORK, "n", Permission.READ_ALARMS),
    Place("handover", _("Hand-over"), "signature", NETWORK, "o", Permission.READ_ALARMS),
    Place("departments", _("Department times"), "building-factory", NETWORK, "b"),
    Place("imports", _("Import and export"), "file-import", HOUSE, "x"),
    Place("jobs", _("Jobs"), "stack-2", HOUSE, "j"),
    Place("audit", _("Audit trail"), "history", HOUSE, "h", Permission.READ_AUDIT),
    Place("settings", _("Settings"), "settings", HOUSE, "s"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a console page for `ui`; nothing for somebody not signed in (at most 2 queries)."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.may(Permission.READ_CONSOLE):
        return {}
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request:
        return {}  # a part of a page has no frame
    unread = messages.inbox(actor).filter(read_at__isnull=True).count()
    return {
        "nav": _nav(actor, request, unread),
        "user_name": actor.name,
        "user_role": "、".join(str(Duty(duty).label) for duty in sorted(actor.duties)),
        "user_menu": [
            {"label": _("Messages"), "url": reverse("web:inbox"), "icon": "mail", "method": "get"},
            {"label": _("How I am reached"), "url": reverse("web:my-channels"), "icon": "bell", "method": "get"},
            {"label": _("Change password"), "url": reverse("web:password"), "icon": "key", "method": "get"},
            {"label": _("Sign out"), "url": reverse("web:sign-out"), "icon": "logout", "method": "post"},
        ],
        "home_url": reverse("web:my-day"),
        "find_url": page("find"),
        "live_url": live_url(request),
        "messages_url": page("inbox-fresh"),
        "house_troubles": monitoring.errors_lately() if _minds_the_house(actor) else [],
        "house_url": page("settings-monitoring") if actor.may(Permission.SETTINGS) else "",
    }


def _nav(actor: Actor, request: HttpRequest, unread: int) -> list[dict[str, Any]]:
    """Return the sidebar: what is about now, the reader's pinned views, the rest."""
    shown = [entry for place in PLACES if actor.may(place.permission) for entry in _entry(place, request, unread)]
    now = [entry for entry in shown if entry["section"] == str(NOW)]
    return [*now, *_pinned(request), *shown[len(now) :]]


def _pinned(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the views pinned to the sidebar; they stand behind what is about now."""
    icons = {place.name: place.icon for place in PLACES}
    return [
        {"label": view["label"], "url": view["url"], "icon": icons.get(view["page"], "bookmark"),
         "section": str(_("Saved views")), "key": "", "active": view["active"], "badge": None}
        for view in pinned(request)
    ]  # fmt: skip


def _minds_the_house(actor: Actor) -> bool:
    return actor.may(Permission.SETTINGS) or actor.may(Permission.WORK_INCIDENTS)


def _entry(place: Place, request: HttpRequest, unread: int) -> list[dict[str, Any]]:
    url = page(place.name)
    if not url:
        return []
    here = request.path
    active = any(here == own or (own != "/" and here.startswith(f"{own}/")) for own in (url, *place.also))
    badge = unread if place.name == "inbox" else None
    return [
        {
            "label": place.label,
            "url": url,
            "icon": place.icon,
            "section": str(place.section),
            "key": place.key,
            "active": active,
            "badge": badge,
        }
    ]
