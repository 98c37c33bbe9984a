"""What shall I do now, in which order, and why (C6)?"""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from mainstay.accounts.consulting.queries.sight import Sight
from mainstay.domain.actor import Actor
from mainstay.faces.web.agenda import agenda
from mainstay.faces.web.changes import KINDS, action_words, entry_fields, link_to
from mainstay.faces.web.circuits import with_states
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.sight import sight_of
from mainstay.network.inventory.queries import circuits
from mainstay.platform.journal import queries as journal
from mainstay.service.tickets.queries import desk

CHANGED = ("customer", "contact", "contract", "circuit", "site")
SHOWN = 12


@door()
def my_day(request: ConsoleRequest) -> HttpResponse:
    """Show the one list, what is impaired, and what changed since yesterday."""
    at = timezone.now()
    impaired = circuits.circuit_list(request.actor, circuits.CircuitFilters(state="impaired"), size=8)
    context = {
        "tasks": agenda(request.actor, at=at),
        "counts": desk.counts(request.actor, at=at),
        "states": circuits.state_counts(request.actor),
        "impaired": with_states(impaired),
        "changes": changes(request.actor, sight_of(request), at=at),
        "data_at": at,
    }
    return render(request, "web/my_day/_day.html" if request.htmx else "web/my_day/my_day.html", context)


def changes(actor: Actor, sight: Sight, *, at: datetime) -> list[dict[str, Any]]:
    """Return what others changed about the actor's customers and circuits in the last day, newest first."""
    entries = journal.find(actor, journal.EntryFilter(object_kinds=CHANGED, from_at=at - timedelta(days=1)))
    return [
        {
            "entry": entry,
            "kind": KINDS[entry.object_kind],
            "action": action_words(entry.action),
            "fields": entry_fields(entry, sight)[:3],
            "url": link_to("customer", entry.customer_id) or link_to(entry.object_kind, entry.object_id),
        }
        for entry in entries.exclude(user_id=actor.user_id)[:SHOWN]
    ]


urlpatterns = [path("", my_day, name="my-day")]
