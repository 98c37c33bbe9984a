"""The list of suspected pairs: decide each, or have everybody looked at anew (A8)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mainstay.accounts.duplicates import queries
from mainstay.accounts.duplicates.actions import pairs as actions
from mainstay.accounts.duplicates.choices import PairState
from mainstay.accounts.duplicates.many import ask_for_scan
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, back, door
from mainstay.faces.web.duplicates.words import evidence_told
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places

SIZE = 25
HEAD = (
    gettext_lazy("Likeness, per cent"), gettext_lazy("Code"), gettext_lazy("Name"), gettext_lazy("Account manager"),
    gettext_lazy("Code"), gettext_lazy("Name"), gettext_lazy("Account manager"), gettext_lazy("Why"),
)  # fmt: skip


@door(Permission.MERGE_CUSTOMERS)
def duplicates(request: ConsoleRequest) -> HttpResponse:
    """List pairs of customers that may be one, the likest first, with what speaks for it."""
    given = request.GET
    state = given.get("state", "") if given.get("state") in PairState.values else PairState.OPEN
    rows = queries.pairs(request.actor, state=state, text=given.get("q", ""), region=given.get("region", ""))
    if listing.wants_file(request):
        return listing.list_file(request, "duplicates", HEAD, rows.iterator(chunk_size=500), cells)
    page = listing.page_of(rows, request, size=SIZE)
    page.object_list = [told(pair) for pair in page.object_list]
    context = {
        "page": page, "state": state, "filters": filters(state), "tabs_shown": tabs("duplicates"),
        "data_at": timezone.now(), **listing.export_urls(request),
    }  # fmt: skip
    return render(request, "web/duplicates/duplicates.html", context)


def told(pair: Any) -> dict[str, Any]:
    """Return a pair with its evidence in words."""
    return {"pair": pair, "ends": (pair.one, pair.other), "evidence": evidence_told(pair.evidence)}


def tabs(active: str) -> list[dict[str, Any]]:
    """Return the row of tabs."""
    both = (("duplicates", gettext_lazy("Pairs"), "users"), ("merges", gettext_lazy("Merges"), "arrows-join"))
    return [{"label": label, "url": f"/{name}", "icon": icon, "active": name == active} for name, label, icon in both]


def filters(state: str) -> list[dict[str, Any]]:
    """Return the filter bar."""
    regions = [(r.code, r.name) for r in places.regions() if len(r.code) <= 4]
    return [
        {"name": "q", "label": gettext_lazy("Name, pinyin, code"), "kind": "search"},
        {"name": "state", "label": gettext_lazy("State"), "kind": "chips", "options": PairState.choices,
         "value": state},
        {"name": "region", "label": gettext_lazy("Region"), "options": regions},
    ]  # fmt: skip


def cells(pair: Any) -> tuple[object, ...]:
    """Return a pair as a row of a file."""
    ends = [cell for c in (pair.one, pair.other) for cell in (c.code, c.name, str(c.account_manager or ""))]
    return (pair.score, *ends, "; ".join(str(each["label"]) for each in evidence_told(pair.evidence)))


@require_POST
@door(Permission.MERGE_CUSTOMERS)
def decide(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Remember that two are not the same, or take that back."""
    by = request.actor.because(request.POST.get("why", "").strip())
    if request.POST.get("verb") == "take_up":
        actions.take_up(pk, at=timezone.now(), by=by)
        messages.success(request, _("The pair is to be decided again."))
    else:
        actions.call_different(pk, at=timezone.now(), by=by)
        messages.success(request, _("Remembered: these two are not the same."))
    return back(request, "/duplicates")


@require_POST
@door(Permission.MERGE_CUSTOMERS)
def scan(request: ConsoleRequest) -> HttpResponse:
    """Have all customers looked at, as a job."""
    job = ask_for_scan(at=timezone.now(), by=request.actor, language=get_language() or "")
    return redirect("web:job", job.pk)


urlpatterns = [
    path("duplicates", duplicates, name="duplicates"),
    path("duplicates/scan", scan, name="duplicates-scan"),
    path("duplicates/<int:pk>/decide", decide, name="duplicate-decide"),
]
