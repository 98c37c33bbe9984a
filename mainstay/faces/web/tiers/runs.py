"""Whose grade a run changes: the list with filters and files; how far a run is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from mainstay.accounts.tiers.queries import runs
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.listing import number_of
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.lists.tiers import CHANGES, HOLDERS
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_REVENUE)
def changes(request: ConsoleRequest) -> HttpResponse:
    """List whose grade a run changes (`?run=5`): from what to what, by which row and figures."""
    found = runs.run(request.actor, number_of(request.GET.get("run", "")) or 0)
    told = runs.figures(request.actor, found, at=timezone.now())
    return show(
        request, CHANGES, "web/tiers/changes.html", run=found, figures=told, title=runs.title_of(found),
        version=found.version,
    )  # fmt: skip


@door(Permission.READ_REVENUE)
def held(request: ConsoleRequest) -> HttpResponse:
    """List who holds which grade now; `?sort=-spend` ranks them by what they spend."""
    return show(request, HOLDERS, "web/tiers/held.html")


@door()
def result(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show how far a run is and what it found so far: the part of the page that refreshes itself."""
    found = runs.run(request.actor, pk)
    told = runs.figures(request.actor, found, at=timezone.now())
    return render(request, "web/tiers/_result.html", {"run": found, "figures": told, "version": found.version})


urlpatterns = [
    path("tiers/held", held, name="tier-held"),
    path("tiers/changes", changes, name="tier-changes"),
    path("tiers/runs/<int:pk>/result", result, name="tier-run-result"),
]
