"""Go through who may see what, line by line, at dates (S1 2.2.5)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.consulting.actions import reviews as actions
from mainstay.accounts.consulting.choices import ReviewVerdict
from mainstay.accounts.consulting.queries import reviews as queries
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, back, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity.choices import Duty, Permission

NEXT_AFTER = timedelta(days=90)


@door(Permission.SETTINGS)
def access_reviews(request: ConsoleRequest) -> HttpResponse:
    """List the reviews, and say when the next is due."""
    today = timezone.localdate()
    return show(request, "access_reviews", "settings-access-reviews", reviews=queries.reviews(request.actor),
                due=queries.due(request.actor, on=today))  # fmt: skip


@require_POST
@door(Permission.SETTINGS)
def begin(request: ConsoleRequest) -> HttpResponse:
    """Write down who may see what today."""
    made = actions.begin_review(at=timezone.now(), by=request.actor)
    return redirect("web:settings-access-review", made.pk)


@door(Permission.SETTINGS)
def access_review(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a review line by line."""
    found, lines = queries.review(request.actor, pk)
    rows = [_told(line) for line in lines]
    left = sum(line.verdict == ReviewVerdict.WAITING for line in lines)
    next_on = timezone.localdate() + NEXT_AFTER
    return show(request, "access_review", "settings-access-reviews", review=found, rows=rows, left=left,
                next_on=next_on)  # fmt: skip


def _told(line: Any) -> dict[str, Any]:
    duties, may = dict(Duty.choices), dict(Permission.choices)
    return {
        "line": line,
        "duties": [f"{duties.get(duty, duty)}{f' · {region}' if region else ''}" for duty, region in line.duties],
        "may": [may.get(each, each) for each in line.may],
    }


@require_POST
@door(Permission.SETTINGS)
def judge(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Confirm chosen lines, or say what is to be changed."""
    chosen = [number for each in request.POST.getlist("line") if (number := listing.number_of(each))]
    verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    n = actions.judge_lines(pk, chosen, verdict, note, at=timezone.now(), by=request.actor)
    messages.success(request, _("%(n)s lines are judged.") % {"n": n})
    return back(request, reverse("web:settings-access-review", args=[pk]))


@require_POST
@door(Permission.SETTINGS)
def close(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Close a review and say when the next is due."""
    next_on = listing.day_of(request.POST.get("next_on")) or timezone.localdate() + NEXT_AFTER
    actions.close_review(pk, next_on=next_on, at=timezone.now(), by=request.actor)
    messages.success(request, _("The review is closed; you are reminded of the next one."))
    return redirect("web:settings-access-reviews")


urlpatterns = [
    path("settings/access-reviews", access_reviews, name="settings-access-reviews"),
    path("settings/access-reviews/begin", begin, name="settings-access-review-begin"),
    path("settings/access-reviews/<int:pk>", access_review, name="settings-access-review"),
    path("settings/access-reviews/<int:pk>/judge", judge, name="settings-access-review-judge"),
    path("settings/access-reviews/<int:pk>/close", close, name="settings-access-review-close"),
]
