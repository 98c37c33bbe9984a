"""Who changed what, when, from what to what, and why (A4, P2)."""

from functools import partial
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.consulting.queries.sight import Sight, sealed
from mainstay.faces.web import listing
from mainstay.faces.web.changes import KINDS, action_words, entry_fields, link_to
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.sight import sight_of
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import queries as journal

HEAD = ("at", "actor", "action", "object_kind", "object", "before", "after", "why", "request")
BROKEN_SHOWN = 20


@door(Permission.READ_AUDIT)
def audit(request: ConsoleRequest) -> HttpResponse:
    """List the trail, newest first."""
    entries = journal.find(request.actor, wanted(request))
    if listing.wants_file(request):
        return listing.list_file(
            request, "audit", HEAD, entries.iterator(chunk_size=1000), partial(cells, sight=sealed(request.actor))
        )
    page = listing.page_of(entries, request)
    page.object_list = [told(entry, sight_of(request)) for entry in page.object_list]
    context = {
        "page": page,
        "filters": filters(request),
        "export_url": listing.export_url(request),
        "workbook_url": listing.export_url(request, "xlsx"),
    }
    return render(request, "web/audit/audit.html", context)


def wanted(request: ConsoleRequest) -> journal.EntryFilter:
    """Read the filters from the URL."""
    given = request.GET
    return journal.EntryFilter(
        text=given.get("q", "").strip(),
        object_kind=given.get("kind", ""),
        action=given.get("action", ""),
        from_at=listing.day_start(listing.day_of(given.get("from"))),
        to_at=listing.day_end(listing.day_of(given.get("to"))),
        by_people="people" in given,
    )


def filters(request: ConsoleRequest) -> list[dict[str, Any]]:
    """Return the filter bar."""
    return [
        {"name": "q", "label": _("Person, object or request"), "kind": "search"},
        {"name": "kind", "label": _("Object"), "kind": "choice", "options": list(KINDS.items())},
        {"name": "from", "label": _("From day"), "kind": "date"},
        {"name": "to", "label": _("To day"), "kind": "date"},
        {"name": "people", "label": _("People only"), "kind": "toggle"},
    ]


def told(entry: Any, sight: Sight) -> dict[str, Any]:
    """Return an entry as people read it."""
    return {
        "entry": entry,
        "kind": KINDS.get(entry.object_kind, entry.object_kind),
        "action": action_words(entry.action),
        "fields": entry_fields(entry, sight),
        "url": link_to(entry.object_kind, entry.object_id),
    }


def cells(entry: Any, sight: Sight) -> tuple[object, ...]:
    """Return an entry as a row of the export; what is sensitive leaves the house masked."""
    before, after = (sight.hide(entry.object_kind, each, customer_id=entry.customer_id)
                     for each in (entry.before, entry.after))  # fmt: skip
    return (
        entry.at, entry.actor_name, entry.action, entry.object_kind, entry.object_label or entry.object_id,
        before, after, entry.why, entry.request_id,
    )  # fmt: skip


@door(Permission.READ_AUDIT)
def seals(request: ConsoleRequest) -> HttpResponse:
    """Check that every sealed entry follows from the one before, and show where the trail was changed (P2)."""
    state = journal.seal_counts()
    broken = list(islice(journal.broken_seals(), BROKEN_SHOWN))
    readable = [told(entry, sight_of(request)) for entry in broken if _may_read(request, entry)]
    context = {"state": state, "broken": len(broken), "readable": readable}
    return render(request, "web/audit/seals.html", context)


def _may_read(request: ConsoleRequest, entry: Any) -> bool:
    return may_see(request.actor, customer_id=entry.customer_id, region_code=entry.region_code)


urlpatterns = [path("audit", audit, name="audit"), path("audit/seals", seals, name="audit-seals")]
