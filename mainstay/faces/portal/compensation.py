"""What was granted to the customer for missed promises: which month, which circuit, how much, and why (H8, L1)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from mainstay.faces.portal.circuits import page_number
from mainstay.faces.portal.door import PortalRequest, door
from mainstay.service.compensation.queries import claims as queries


@door
def claims(request: PortalRequest) -> HttpResponse:
    """List the customer's compensations, the latest month first."""
    page = queries.claim_list(request.actor, page=page_number(request.GET.get("page", "")))
    return render(request, "portal/claims.html", {"page": page, "data_at": timezone.now()})


@door
def claim(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one compensation with its reckoning and the letter about it."""
    found = queries.claim(request.actor, pk)
    context: dict[str, Any] = {"claim": found, "row": found.row, "data_at": timezone.now()}
    if found.row.circuit_id:
        context["circuit_url"] = reverse("portal:circuit", args=[found.row.circuit_id])
    return render(request, "portal/claim.html", context)
