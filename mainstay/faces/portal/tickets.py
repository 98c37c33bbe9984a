"""The customer's own tickets: what happens, by when, and what they may do about it (L2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.faces.portal.door import PortalRequest, accepted, door
from mainstay.faces.ui.words import absolute_words
from mainstay.service.tickets.actions import settling, working
from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.queries import customer as queries
from mainstay.service.tickets.queries.page import StoryEntry

PICTURES = {
    EventKind.OPENED: "system",
    EventKind.CIRCUIT_DOWN: "alarm",
    EventKind.CIRCUIT_DEGRADED: "alarm",
    EventKind.CIRCUIT_RESTORED: "done",
    EventKind.NOTE: "note",
    EventKind.CALL: "call",
    EventKind.CUSTOMER_REPORT: "call",
    EventKind.CUSTOMER_TOLD: "message",
    EventKind.NEXT_UPDATE: "clock",
    EventKind.PAUSED: "pause",
    EventKind.RESUMED: "resume",
    EventKind.RESOLVED: "done",
    EventKind.CONFIRMED: "done",
    EventKind.REOPENED: "state",
    EventKind.CLOSED: "done",
}
STATES = {EventKind.CIRCUIT_DOWN: "down", EventKind.CIRCUIT_DEGRADED: "degraded", EventKind.CIRCUIT_RESTORED: "up"}


LABELS = {EventKind.CUSTOMER_TOLD: _("Notice sent")}


class TextForm(forms.Form):
    """A few words to whoever works on the ticket."""

    text = forms.CharField(label=_("Your note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class WhyForm(forms.Form):
    """What is still wrong."""

    why = forms.CharField(label=_("What is still wrong"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


@door
def tickets(request: PortalRequest) -> HttpResponse:
    """List the customer's tickets: the open ones, or the closed ones."""
    at, closed = timezone.now(), request.GET.get("show") == "closed"
    context = {
        "tickets": queries.own_tickets(request.actor, at=at, live=not closed),
        "closed": closed,
        "tabs": [
            {"label": _("Open tickets"), "url": "?", "active": not closed},
            {"label": _("Closed"), "url": "?show=closed", "active": closed},
        ],
        "data_at": at,
    }
    return render(request, "portal/tickets.html", context)


@door
def ticket(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one ticket as its customer reads it."""
    return _page(request, pk, TextForm(), WhyForm())


@require_POST
@door
def note(request: PortalRequest, pk: int) -> HttpResponse:
    """Add a note of the customer's."""
    form = TextForm(request.POST)
    if accepted(form, lambda given: working.note(pk, given["text"], at=timezone.now(), by=request.actor)):
        messages.success(request, _("Your note is on the ticket."))
        return redirect("portal:ticket", pk)
    return _page(request, pk, form, WhyForm())


@require_POST
@door
def confirm(request: PortalRequest, pk: int) -> HttpResponse:
    """Let the customer say that all is well."""
    settling.confirm(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("Thank you. We have noted that service is restored."))
    return redirect("portal:ticket", pk)


@require_POST
@door
def reopen(request: PortalRequest, pk: int) -> HttpResponse:
    """Let the customer say that it is not well."""
    form = WhyForm(request.POST)
    if accepted(form, lambda given: settling.reopen(pk, given["why"], at=timezone.now(), by=request.actor)):
        messages.success(request, _("The ticket is open again; we are on it."))
        return redirect("portal:ticket", pk)
    return _page(request, pk, TextForm(), form)


def _page(request: PortalRequest, pk: int, note_form: forms.Form, why_form: forms.Form) -> HttpResponse:
    at = timezone.now()
    found = queries.own_ticket(request.actor, pk, at=at)
    context = {
        "page": found,
        "ticket": found.ticket,
        "story": [told(entry) for entry in reversed(found.story)],
        "note_form": note_form,
        "why_form": why_form,
        "data_at": at,
    }
    status = 422 if note_form.errors or why_form.errors else 200
    return render(request, "portal/ticket.html", context, status=status)


def told(entry: StoryEntry) -> dict[str, Any]:
    """Return a line of the story for the timeline."""
    kind = EventKind(entry.kind)
    label = str(LABELS.get(kind, entry.kind_label))
    return {
        "id": f"event-{entry.id}",
        "at": entry.at,
        "kind": PICTURES.get(kind, "system"),
        "title": f"{label} · {entry.circuit_number}" if entry.circuit_number else label,
        "body": entry.text,
        "by": entry.by,
        "state": STATES.get(kind, ""),
        "detail": list(_details(entry.body)),
    }


def _details(body: dict[str, Any]) -> Iterator[tuple[object, str]]:
    """Say who was told, and when we are heard of again."""
    if body.get("names"):
        yield _("Told"), "、".join(body["names"])
    if body.get("next_update_at"):
        yield _("Next update"), absolute_words(datetime.fromisoformat(body["next_update_at"]))
