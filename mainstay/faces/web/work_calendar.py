"""When is which work? A month or a week, freezes included, and calendars to subscribe to (I3)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.domain.actor import Actor
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.listing import day_of, day_start, number_of
from mainstay.network.planned_work import queries
from mainstay.network.planned_work.actions import feeds as feed_actions
from mainstay.network.planned_work.choices import FeedKind, WorkStatus
from mainstay.network.planned_work.queries import feeds
from mainstay.network.planned_work.queries.freezing import rules_between
from mainstay.platform.identity.choices import Permission

WEEK = 7
CLOSED = {WorkStatus.CANCELLED: "off", WorkStatus.DONE: "done"}


@door(Permission.READ_ALARMS)
def calendar(request: ConsoleRequest) -> HttpResponse:
    """Show the month or week of `?on=`, this one by default."""
    today = timezone.localdate()
    on, view = day_of(request.GET.get("on")) or today, "week" if request.GET.get("view") == "week" else "month"
    first, last = span_of(on, view)
    begin, end = day_start(first), day_start(last)
    assert begin is not None
    assert end is not None
    rows = list(queries.works_between(request.actor, begin, end))
    rules = list(rules_between(begin, end))
    days = [
        _day(first + timedelta(days=n), rows, rules, today=today, month=on.month) for n in range((last - first).days)
    ]
    before, after = steps_of(on, view)
    context = {
        "view": view,
        "on": on,
        "first": first,
        "last": last - timedelta(days=1),
        "weeks": [days[start : start + WEEK] for start in range(0, len(days), WEEK)],
        "count": len(rows),
        "before": f"?view={view}&on={before}",
        "after": f"?view={view}&on={after}",
        "today_url": f"?view={view}",
        "tabs_shown": [
            {"label": _("Month"), "url": f"?view=month&on={on}", "active": view == "month"},
            {"label": _("Week"), "url": f"?view=week&on={on}", "active": view == "week"},
            {"label": _("List"), "url": reverse("web:works"), "active": False},
        ],
        "may_plan": request.actor.may(Permission.PLAN_WORK),
    }
    return render(request, "web/works/calendar.html", context)


def span_of(on: date, view: str) -> tuple[date, date]:
    """Return the first day shown, a Monday, and the one after the last."""
    if view == "week":
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=WEEK)
    first = on.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=-last.weekday() % WEEK)


def steps_of(on: date, view: str) -> tuple[date, date]:
    """Return a day of the span before and one of the span after."""
    if view == "week":
        return on - timedelta(days=WEEK), on + timedelta(days=WEEK)
    first = on.replace(day=1)
    return first - timedelta(days=1), (first + timedelta(days=31)).replace(day=1)


def _day(day: date, works: list[Any], rules: list[Any], *, today: date, month: int) -> dict[str, Any]:
    begin, end = day_start(day), day_start(day + timedelta(days=1))
    assert begin is not None
    assert end is not None
    return {
        "day": day,
        "today": day == today,
        "other": day.month != month,
        "works": [_entry(work, begin, end) for work in works if work.from_at < end and work.to_at > begin],
        "rules": [rule for rule in rules if rule.from_at < end and rule.to_at > begin],
    }


def _entry(work: Any, begin: datetime, end: datetime) -> dict[str, Any]:
    """Return work as it stands on one day: from when to when of that day."""
    kind = CLOSED.get(WorkStatus(work.status), "told" if work.announced_at else "open")
    return {"work": work, "from": max(work.from_at, begin), "to": min(work.to_at, end), "css": kind,
            "began": work.from_at < begin, "lasts": work.to_at > end}  # fmt: skip


@door(Permission.READ_CONSOLE)
def subscriptions(request: ConsoleRequest) -> HttpResponse:
    """List one's calendars; one just made shows its address, this once."""
    return render(request, "web/works/feeds.html", feeds_shown(request.actor))


def feeds_shown(actor: Actor, **more: Any) -> dict[str, Any]:
    """Return what the page of calendars shows."""
    return {"feeds": list(feeds.feeds_of(actor)), "regions": actor.regions, **more}


@require_POST
@door(Permission.READ_CONSOLE)
def subscribe(request: ConsoleRequest) -> HttpResponse:
    """Make a calendar and show its address, once."""
    given = request.POST
    made, secret = feed_actions.make_feed(
        given.get("kind", ""), at=timezone.now(), by=request.actor, region_code=given.get("region", "").strip(),
        customer_id=number_of(given.get("customer")),
    )  # fmt: skip
    url = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
    labels = {"made": made, "address": url, "label": FeedKind(made.kind).label}
    return render(request, "web/works/feeds.html", feeds_shown(request.actor, **labels), status=201)


@require_POST
@door(Permission.READ_CONSOLE)
def unsubscribe(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a calendar's address lead nowhere."""
    feed_actions.revoke_feed(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("The address leads nowhere from now on."))
    return redirect("web:feeds")


urlpatterns = [
    path("works/calendar", calendar, name="work-calendar"),
    path("works/subscriptions", subscriptions, name="feeds"),
    path("works/subscriptions/new", subscribe, name="feed-new"),
    path("works/subscriptions/<int:pk>/revoke", unsubscribe, name="feed-revoke"),
]
