"""Which customers will return to the pool, which would by the rules now, and which did (A8)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.accounts.portfolios.choices import RecallState
from mainstay.accounts.portfolios.queries import recalls as queries
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.portfolios.frame import tabs
from mainstay.platform.identity.choices import Permission

SHOWS = [
    ("warned", _("Warned")),
    ("would", _("Dry run")),
    ("returned", _("Returned")),
    ("kept", pgettext_lazy("recall", "Kept")),
]


@door()
def returning(request: ConsoleRequest) -> HttpResponse:
    """Show warnings; `?show=would` says what the rules would do now, `returned` and `kept` what became of others."""
    at, show = timezone.now(), request.GET.get("show", "warned")
    chips = {"name": "show", "label": _("Show"), "kind": "chips", "options": SHOWS, "value": show}
    context: dict[str, Any] = {
        "tabs_shown": tabs("returning", request.actor), "filters": [chips], "show": show,
        "may_set": request.actor.may(Permission.SETTINGS), "data_at": at,
        "may_assign": request.actor.may(Permission.ASSIGN_CUSTOMERS),
    }  # fmt: skip
    if show == "would":
        context["would"] = would = queries.would_return(request.actor, at=at)
        context["counted"] = sum(each.count for each in would)
    else:
        state = show if show in RecallState.values else RecallState.WARNED
        context["page"] = listing.page_of(queries.recalls(request.actor, state), request)
    return render(request, "web/portfolios/returning.html", context)


urlpatterns = [path("pool/returning", returning, name="returning")]
