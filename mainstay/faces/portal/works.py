"""The customer's own planned work: what we do, what they should prepare, what they answer, a calendar (I3, L1)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.customers.queries import by_ids
from mainstay.faces.portal.door import PortalRequest, accepted, door
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.actions import feeds as feed_actions
from mainstay.network.planned_work.choices import FeedKind, WorkStatus
from mainstay.network.planned_work.queries import feeds
from mainstay.network.planned_work.queries.notes import Publisher, note_for
from mainstay.service.announcements import queries
from mainstay.service.announcements.actions import NewAnswer, answer
from mainstay.service.announcements.choices import GIVEN, Answer

WORDS = {state.value: state.name.lower() for state in LiveState}


class InstantInput(forms.DateTimeInput):
    """The browser's picker."""

    input_type = "datetime-local"


class AnswerForm(forms.Form):
    """Accepted, prepared, or another time."""

    answer = forms.ChoiceField(
        label=_("Your answer"), choices=[(each.value, each.label) for each in Answer if each in GIVEN],
        widget=forms.RadioSelect,
    )  # fmt: skip
    wanted_at = forms.DateTimeField(label=_("Which time would suit you?"), required=False, widget=InstantInput)
    text = forms.CharField(
        label=_("Your note"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


def with_words(rows: Iterable[Any]) -> list[Any]:
    """Put on each what its customer should prepare, in the reader's language."""
    found = list(rows)
    for row in found:
        row.preparation = worded(row.work, "preparation")
    return found


@door
def works(request: PortalRequest) -> HttpResponse:
    """List planned work over the customer's circuits: what is to come, or what is over."""
    at, past = timezone.now(), request.GET.get("show") == "past"
    context = {
        "works": with_words(queries.own(request.actor, at=at, past=past)[:200]),
        "past": past,
        "feeds": list(feeds.feeds_of(request.actor)),
        "tabs": [
            {"label": _("To come"), "url": "?", "active": not past},
            {"label": _("Over"), "url": "?show=past", "active": past},
        ],
        "data_at": at,
    }
    return render(request, "portal/works.html", context)


@door
def work(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one work as its customer reads it."""
    return _page(request, pk, AnswerForm())


@require_POST
@door
def give_answer(request: PortalRequest, pk: int) -> HttpResponse:
    """Take the customer's answer."""
    form = AnswerForm(request.POST)
    if accepted(form, lambda given: answer(pk, NewAnswer(**given), at=timezone.now(), by=request.actor)):
        messages.success(request, _("Thank you, your answer is noted."))
        return redirect("portal:work", pk)
    return _page(request, pk, form)


@door
def note(request: PortalRequest, pk: int) -> HttpResponse:
    """Give the maintenance note that network operators exchange."""
    row = queries.announcement(request.actor, pk)
    content = note_for(row.work, by_ids([row.customer_id])[row.customer_id], _publisher(request), at=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.pk}.ics"'
    return response


@require_POST
@door
def subscribe(request: PortalRequest) -> HttpResponse:
    """Make a calendar of the customer's own planned work, and show its address, once."""
    made, secret = feed_actions.make_feed(FeedKind.PERSON, at=timezone.now(), by=request.actor)
    address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
    context = {"address": address, "made": made, "feeds": list(feeds.feeds_of(request.actor))}
    return render(request, "portal/works_subscribed.html", context, status=201)


@require_POST
@door
def unsubscribe(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a calendar's address lead nowhere."""
    feed_actions.revoke_feed(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("The address leads nowhere from now on."))
    return redirect("portal:works")


def worded(work: Any, name: str) -> str:
    """Return a text of work in the reader's language; without an English one the Chinese."""
    english = getattr(work, f"{name}_en") if (get_language() or "").startswith("en") else ""
    return str(english or getattr(work, name))


def _publisher(request: PortalRequest) -> Publisher:
    return Publisher(request.get_host().split(":")[0])


def _page(request: PortalRequest, pk: int, form: forms.Form) -> HttpResponse:
    at, row = timezone.now(), queries.announcement(request.actor, pk)
    over = row.work.status in (WorkStatus.CANCELLED, WorkStatus.DONE) or row.withdrawn_at is not None
    context: dict[str, Any] = {
        "row": row,
        "work": row.work,
        "details": worded(row.work, "details"),
        "preparation": worded(row.work, "preparation"),
        "state": WORDS[row.state],
        "circuits": [(each.circuit, WORDS[each.state]) for each in queries.circuits_of(row)[:200]],
        "form": form,
        "over": over,
        "moving": row.work.announced_at is None and not over,
        "may_answer": not over and at < row.from_at and row.work.announced_at is not None,
        "data_at": at,
    }
    return render(request, "portal/work.html", context, status=422 if form.errors else 200)
