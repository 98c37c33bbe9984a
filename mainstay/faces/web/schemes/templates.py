"""Scheme models: the list, and one whole with its parts, drawing, counter-schemes and versions (D4)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.catalog import policies
from mainstay.accounts.schemes import queries
from mainstay.accounts.schemes.actions import models as actions
from mainstay.accounts.schemes.choices import NEXT_STATUS, PartKind, SchemeStatus
from mainstay.accounts.schemes.drawing import ways
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.catalog.tabs import tabs
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.lists.offered import for_whom, speed_words
from mainstay.faces.web.lists.schemes import SCHEME_MODELS
from mainstay.faces.web.lists.showing import show
from mainstay.platform.identity.choices import Permission

STEPS = {SchemeStatus.RELEASED: _("Release"), SchemeStatus.WITHDRAWN: _("Withdraw")}


@door()
def scheme_models(request: ConsoleRequest) -> HttpResponse:
    """List the scheme models."""
    more = tabs("scheme-models") | {"may_write": request.actor.may(Permission.WRITE_SCHEMES)}
    return show(request, SCHEME_MODELS, "web/schemes/models.html", **more)


@door()
def scheme_model(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a scheme model whole."""
    row = queries.model(pk)
    trades = policies.industry_names(row.industries) if row.industries else {}
    context = {
        "model": row,
        "kinds": for_whom(row),
        "trades": list(trades.values()),
        "ways": ways(row.drawing),
        "parts": [part_told(part) for part in row.parts.all()],
        "advantages": lines_of(row.advantages),
        "limits": lines_of(row.limits),
        "versions": queries.versions(pk),
        "drafts": queries.drafts_matching(request.actor, queries.DraftFilter(model_id=pk)).count(),
        "steps": [(to.value, STEPS[to]) for to in NEXT_STATUS[SchemeStatus(row.status)]],
        "may_write": request.actor.may(Permission.WRITE_SCHEMES),
        "may_use": request.actor.may(Permission.WRITE_CUSTOMERS) and row.status == SchemeStatus.RELEASED,
    }
    return render(request, "web/schemes/model.html", context)


def part_told(part: Any) -> dict[str, Any]:
    """Return a part in words; products cost what their tariffs say."""
    own = part.kind != PartKind.PRODUCT
    return {
        "row": part, "speed": speed_words(part.speed_kbps) if part.speed_kbps else "",
        "once": yuan(part.one_time_fen) if own else "", "monthly": yuan(part.monthly_fen) if own else "",
    }  # fmt: skip


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@require_POST
@door(Permission.WRITE_SCHEMES)
def step_model(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Release a scheme model, or withdraw it."""
    row = actions.move_model(pk, request.POST.get("to", ""), at=timezone.now(), by=request.actor)
    messages.success(request, gettext("%(name)s is %(state)s.") % {"name": row.name, "state": row.get_status_display()})
    return redirect("web:scheme-model", pk)


urlpatterns = [
    path("schemes/models", scheme_models, name="scheme-models"),
    path("schemes/models/<int:pk>", scheme_model, name="scheme-model"),
    path("schemes/models/<int:pk>/step", step_model, name="scheme-model-step"),
]
