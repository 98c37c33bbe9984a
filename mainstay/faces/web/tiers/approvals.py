"""Changes of grade that wait for approval: the list, one click each, or many at once; mandates and cities."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.tiers.actions import approving
from mainstay.accounts.tiers.actions.approving import NewMandate
from mainstay.accounts.tiers.queries import proposals
from mainstay.faces.web.door import ConsoleRequest, back, door
from mainstay.faces.web.listing import day_of
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.lists.tiers import PROPOSALS
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_REVENUE)
def approvals(request: ConsoleRequest) -> HttpResponse:
    """List changes of grade within the reader's scope, those that wait first."""
    decidable = proposals.waiting_for(request.actor).count()
    return show(request, PROPOSALS, "web/tiers/approvals.html", decidable=decidable)


@require_POST
@door(Permission.APPROVE_TIERS)
def decide(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    """Approve one change, or reject it."""
    approving.decide(pk, verb == "approve", why=request.POST.get("why", ""), at=timezone.now(), by=request.actor)
    messages.success(request, _("Approved.") if verb == "approve" else _("Rejected."))
    return back(request, "/tiers/approvals")


@require_POST
@door(Permission.APPROVE_TIERS)
def mandate(request: ConsoleRequest, code: str) -> HttpResponse:
    """Give a written mandate to a city."""
    given: Any = request.POST
    new = NewMandate(
        code, given.get("grade", ""), given.get("region_code", ""), given.get("document", ""),
        day_of(given.get("from_on", "")) or timezone.localdate(), day_of(given.get("until_on", "")),
    )  # fmt: skip
    approving.give_mandate(new, at=timezone.now(), by=request.actor)
    messages.success(request, _("Saved."))
    return redirect("web:tier-rules", code)


@require_POST
@door(Permission.APPROVE_TIERS)
def mandate_end(request: ConsoleRequest, pk: int) -> HttpResponse:
    """End a mandate today."""
    approving.end_mandate(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("Saved."))
    return back(request, "/tiers")


@require_POST
@door(Permission.APPROVE_TIERS)
def cities(request: ConsoleRequest) -> HttpResponse:
    """Say which revenue group the cities are in."""
    given = {n.removeprefix("city-"): request.POST.get(n, "") for n in request.POST if n.startswith("city-")}
    groups = [(code, int(value)) for code, value in given.items() if value.isdigit()]
    approving.group_cities(groups, at=timezone.now(), by=request.actor)
    messages.success(request, _("Saved; the next run goes by it."))
    return back(request, "/tiers")


urlpatterns = [
    path("tiers/approvals", approvals, name="tier-approvals"),
    path("tiers/approvals/<int:pk>/<slug:verb>", decide, name="tier-approval"),
    path("tiers/cities", cities, name="tier-cities"),
    path("tiers/mandates/<int:pk>/end", mandate_end, name="tier-mandate-end"),
    path("tiers/<slug:code>/mandates", mandate, name="tier-mandate"),
]
