"""The customer's overview: is all well, what is not, who works on it, what were we told (L1)?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mainstay.faces.portal.circuits import with_ends
from mainstay.faces.portal.door import PortalRequest, door
from mainstay.faces.portal.notices import shown
from mainstay.faces.portal.works import with_words
from mainstay.network.inventory.queries import circuits, overview
from mainstay.platform.messages import queries as messages
from mainstay.service.announcements import queries as works
from mainstay.service.tickets.queries import customer as tickets

SHOWN = 12


@door
def home(request: PortalRequest) -> HttpResponse:
    """Show the circuits that are not well, the open tickets and the latest notices."""
    at = timezone.now()
    all_counts, planned = circuits.state_counts(request.actor), overview.planned_counts(request.actor)
    counts = {state: count - planned[state] for state, count in all_counts.items()}
    impaired = circuits.circuit_list(
        request.actor, circuits.CircuitFilters(state="impaired"), sort="-state", size=SHOWN
    )
    context = {
        "counts": counts,
        "planned": sum(planned.values()),
        "total": sum(all_counts.values()),
        "ill": sum(count for state, count in all_counts.items() if state != "up"),
        "impaired": with_ends(impaired.object_list),
        "tickets": tickets.own_tickets(request.actor, at=at, live=True, limit=SHOWN),
        "works": with_words(works.own(request.actor, at=at)[:SHOWN]),
        "notices": [shown(message) for message in messages.inbox(request.actor)[:5]],
        "data_at": at,
    }
    return render(request, "portal/home.html", context)
