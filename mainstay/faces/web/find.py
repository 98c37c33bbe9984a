"""Find anything one may see by a few characters (A6): a fragment for the palette, a page for the search field."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mainstay.faces.web.changes import ICONS, KINDS
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.links import page
from mainstay.platform.search import actions as use
from mainstay.platform.search import queries as search

ORDER = list(KINDS)
FEW, MANY = 12, 60


@door()
def find(request: ConsoleRequest) -> HttpResponse:
    """Show what was found, by kind, and apart from it what may have been meant."""
    text = request.GET.get("q", "").strip()
    short = bool(request.htmx) or "X-Palette" in request.headers
    answer = search.answer(text, request.actor, limit=FEW if short else MANY)
    context = {
        "groups": groups(answer.found),
        "like": groups(list(answer.like)),
        "q": text,
        "find_text": text,
        "count": len(answer.found),
        "weighed": search.WEIGHED if answer.many else 0,
    }
    return render(request, "ui/_find_results.html" if short else "web/find/find.html", context)


@require_POST
@door()
def opened(request: ConsoleRequest) -> HttpResponse:
    """Note that the reader opened what was found, so that it comes nearer the top; says nothing."""
    use.note_use(request.POST.get("kind", ""), request.POST.get("id", ""), at=timezone.now(), by=request.actor)
    return HttpResponse(status=204)


def groups(found: list[search.Found]) -> list[dict[str, Any]]:
    """Put what was found into groups by kind; the group of the best match comes first."""
    best = {item.kind: place for place, item in reversed(list(enumerate(found)))}
    by_kind = sorted(found, key=lambda item: best[item.kind])
    return [
        {"label": KINDS.get(kind, kind), "items": [shown(item) for item in items]}
        for kind, items in groupby(by_kind, key=lambda item: item.kind)
    ]


def shown(item: search.Found) -> dict[str, Any]:
    """Return a found thing as the palette shows it."""
    return {"label": item.label, "detail": item.detail, "url": address_of(item), "icon": ICONS.get(item.kind, "search"),
            "kind": item.kind, "id": item.id}  # fmt: skip


def address_of(item: search.Found) -> str:
    """Return where a found thing is read; people and contracts are read on their customer's page."""
    if item.kind in ("contact", "contract") and item.customer_id:
        tab = "contacts" if item.kind == "contact" else "contracts"
        return page("customer", item.customer_id, query=f"tab={tab}")
    return page(item.kind, item.id) or reverse("web:find")


urlpatterns = [path("find", find, name="find"), path("find/opened", opened, name="find-opened")]
