"""What does each component look like in each of its states? `/ui/gallery`, for staff: the book of patterns.

Everything on it is invented and stored nowhere; it is what page-builders copy from and what the screenshots show.
"""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.ui.gallery_samples import clocks, days, route, story
from mainstay.faces.ui.words import GRADE_WORDS, STATES


class PauseForm(forms.Form):
    """A sample form: every kind of field a page uses."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("customer", _("Waiting for the customer")), ("power", _("No power"))]
    )
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea, required=False, help_text=_("The customer reads this.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=11)
    tell = forms.BooleanField(label=_("Tell the customer"), required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; `?empty=1` shows the empty states, `?messages=1` the toasts."""
    refused = _door(request)
    if refused:
        return refused
    if "messages" in request.GET:
        messages.success(request, _("Ticket T-1042 is paused."))
        messages.error(request, _("Ticket T-1042 is already paused; resume it first."))
    return render(request, "ui/gallery.html", _samples(timezone.now()))


def gallery_portal(request: HttpRequest) -> HttpResponse:
    """Show the components a customer sees, in the portal's frame."""
    return _door(request) or render(
        request, "ui/gallery_portal.html", _samples(timezone.now()) | {"nav": _portal_nav()}
    )


def gallery_find(request: HttpRequest) -> HttpResponse:
    """Answer the gallery's palette with invented results."""
    items = [
        {
            "label": "武汉长江银行",
            "detail": "KA-00017",
            "url": "#",
            "icon": "building",
            "grade": "AAA",
            "state": "down",
        },
        {"label": "WUH-MSTP-20260117", "detail": "武汉 – 黄石 · 2 Mbit/s", "url": "#", "icon": "route", "state": "up"},
    ]
    groups = [{"label": _("Customers and circuits"), "items": items}] if request.GET.get("q") != "zz" else []
    return _door(request) or render(request, "ui/_find_results.html", {"groups": groups, "q": request.GET.get("q", "")})


def _door(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.actor.is_staff:  # type: ignore[attr-defined]
        raise PermissionDenied
    return None


def _samples(at: datetime) -> dict[str, Any]:
    wrong = PauseForm({"reason": "power", "phone": "1390000000000"})
    wrong.add_error(None, _("The clock is already paused since 08:15; resume it first."))
    return {
        "nav": _nav(),
        "user_name": "王芳",
        "user_role": _("Duty desk"),
        "user_menu": [{"label": _("Sign out"), "url": "#", "icon": "logout", "method": "get"}],
        "find_url": "/ui/gallery/find",
        "data_at": at - timedelta(seconds=14),
        "server_now": at,
        "states": [(state, at - timedelta(minutes=12 * (number + 1))) for number, state in enumerate(STATES)],
        "grades": list(GRADE_WORDS),
        "clocks": clocks(at),
        "rows": _rows(at),
        "filters": _filters(),
        "tabs": _tabs(),
        "story": story(at),
        "days": days(at),
        "route": route(at),
        "trend": [3, 5, 4, 8, 6, 9, 12, 10, 7, 8, 5, 4],
        "form": PauseForm(),
        "wrong": wrong,
        "cursor": {"before": "a", "after": "b", "total": 3012},
        "long_ago": at - timedelta(days=2, hours=5),
        "facts": [
            {"label": _("Number"), "value": "WUH-MSTP-20260117", "copy": True},
            {"label": _("Customer"), "value": "武汉长江银行股份有限公司", "href": "#"},
            (_("Technology"), "MSTP"),
            {"label": _("Promise"), "value": "AAA · 4 h", "hint": _("Contract line 3, since 2025-01-01")},
            (_("Remark"), None),
        ],
    }


def _nav() -> list[dict[str, Any]]:
    return [
        {"label": _("My day"), "url": "#", "icon": "sun", "key": "m", "badge": 7},
        {"label": _("Live wall"), "url": "#", "icon": "device-tv", "key": "w", "badge": 3, "badge_state": "down"},
        {"label": _("Customers"), "url": "#", "icon": "building", "section": _("Accounts"), "key": "c"},
        {
            "label": _("Circuits"),
            "url": "/ui/gallery",
            "icon": "route",
            "active": True,
            "section": _("Accounts"),
            "key": "i",
        },
        {"label": _("Tickets"), "url": "#", "icon": "ticket", "section": _("Service"), "key": "t", "badge": 12},
        {"label": _("Incidents"), "url": "#", "icon": "urgent", "section": _("Service")},
        {"label": _("Alarms"), "url": "#", "icon": "bell", "section": _("Service")},
    ]


def _portal_nav() -> list[dict[str, Any]]:
    return [
        {"label": _("My circuits"), "url": "/ui/gallery/portal", "icon": "route", "active": True},
        {"label": _("Tickets"), "url": "#", "icon": "ticket", "badge": 2},
        {"label": _("Report a fault"), "url": "#", "icon": "phone-call"},
    ]


def _rows(at: datetime) -> list[dict[str, Any]]:
    names = [
        "武汉长江银行",
        "湖北省人民医院",
        "黄石港务集团",
        "荆楚证券江汉营业部",
        "宜昌水电设计院",
        "襄阳高新区管委会",
    ]
    ends = ["江汉机房 – 黄石港", "洪山 – 光谷三路", "武昌 – 鄂州", "汉口 – 孝感", "夷陵 – 西陵", "樊城 – 襄州"]
    grades = ["AAA", "AA", "A", "gold", "II", "standard"]
    return [
        {
            "number": f"WUH-MSTP-2026{number:04d}",
            "ends": ends[number],
            "customer": names[number],
            "grade": grades[number],
            "state": STATES[number],
            "since": at - timedelta(minutes=9 * (number + 1)),
            "kbps": (2048, 10_000, 155_520, 1_000_000, 2048, 64)[number],
            "clock": clocks(at)[number][1],
        }
        for number in range(6)
    ]


def _filters() -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": _("Number, customer, address"), "kind": "search"},
        {
            "name": "state",
            "label": _("State"),
            "kind": "chips",
            "options": [("down", _("Down"), 3), ("up", _("Up"), 2998)],
        },
        {"name": "grade", "label": _("Grade"), "kind": "choice", "options": [("AAA", "AAA", 41), ("AA", "AA", 120)]},
        {"name": "mine", "label": _("Only mine"), "kind": "toggle"},
    ]


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": _("Services"), "url": "#", "active": True, "count": 41},
        {"label": _("Tickets"), "url": "#", "count": 3},
        {"label": _("Contracts and promises"), "url": "#"},
        {"label": _("History"), "url": "#", "icon": "history"},
    ]
