"""What do sources and inventory not agree on, what would deciding it touch, and who decided what?"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, back, door
from mainstay.faces.web.links import page
from mainstay.faces.web.sync.words import said
from mainstay.network.inventory.choices import ResourceKind, Technology
from mainstay.network.reconciliation.actions import deciding
from mainstay.network.reconciliation.choices import Decision, DifferenceKind, DifferenceState
from mainstay.network.reconciliation.queries import differences as queries
from mainstay.network.reconciliation.queries import sources
from mainstay.platform.identity.choices import Permission

VERBS = (
    (Decision.APPLY, "check", "a"), (Decision.KEEP, "lock", "k"), (Decision.IGNORE, "eye-off", "i"),
    (Decision.ALWAYS_SOURCE, "checks", ""), (Decision.ALWAYS_OURS, "shield-check", ""),
)  # fmt: skip


@door(Permission.READ_ALARMS)
def differences(request: ConsoleRequest) -> HttpResponse:
    """List differences by object; those that wait unless the URL says otherwise."""
    wanted = _wanted(request)
    found = queries.by_object(request.actor, wanted, page=listing.page_number(request))
    objects = [(row, [said(each) for each in row.differences], _url(row)) for row in found.object_list]
    may_decide = request.actor.may(Permission.WRITE_INVENTORY)
    decidable = wanted.state in (DifferenceState.OPEN, DifferenceState.KEPT)
    context = {
        "page": found,
        "objects": objects,
        "filters": _filters(request),
        "may_decide": may_decide and decidable,
        "may_undo": may_decide and wanted.state == DifferenceState.APPLIED,
        "state": wanted.state,
        "verbs": VERBS if request.actor.may(Permission.SETTINGS) else VERBS[:3],
        "may_link": any(each.kind == "new" and each.source.native_column for row in found.object_list
                        for each in row.differences),
    }  # fmt: skip
    return render(request, "web/sync/differences.html", context)


def _wanted(request: ConsoleRequest) -> queries.DifferenceFilter:
    given = request.GET
    return queries.DifferenceFilter(
        source_id=listing.number_of(given.get("source")), kind=given.get("kind", ""),
        object_type=given.get("type", ""), state=given.get("state", DifferenceState.OPEN),
        region=given.get("region", "").strip(), field=given.get("field", ""), text=given.get("q", "").strip(),
        run_id=listing.number_of(given.get("run")),
    )  # fmt: skip


def _filters(request: ConsoleRequest) -> list[dict[str, Any]]:
    """Return the filter bar (1 query)."""
    types = [*ResourceKind.choices, *Technology.choices]
    return [
        {"name": "q", "label": _("Code or name"), "kind": "search"},
        {"name": "source", "label": _("Source"), "options": sources.named_sources(request.actor)},
        {"name": "kind", "label": _("Kind"), "options": DifferenceKind.choices},
        {"name": "type", "label": _("Object"), "options": types},
        {"name": "state", "label": _("State"), "options": DifferenceState.choices,
         "value": request.GET.get("state", DifferenceState.OPEN)},
        {"name": "region", "label": _("Region code"), "kind": "search"},
    ]  # fmt: skip


def _url(row: queries.ObjectRow) -> str:
    return page(row.object_kind, row.object_id) if row.object_id else ""


@door(Permission.WRITE_INVENTORY)
def decide(request: ConsoleRequest) -> HttpResponse:
    """Decide the differences that were picked."""
    there = reverse("web:sync-differences")
    if request.method != "POST":
        return back(request, there)
    ids = [pk for pk in map(listing.number_of, request.POST.getlist("differences")) if pk is not None]
    done = deciding.decide(
        ids, request.POST.get("decision", ""), request.POST.get("why", "").strip(),
        code=request.POST.get("code", "").strip(), at=timezone.now(), by=request.actor,
    )  # fmt: skip
    if done.settled:
        text = ngettext("%(n)s difference decided.", "%(n)s differences decided.", done.settled)
        messages.success(request, text % {"n": done.settled})
    for code, error in done.refused[:3]:
        messages.error(request, f"{code}: {error.explain(gettext)}")
    return back(request, there)


@door(Permission.WRITE_INVENTORY)
def undo(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take an applied difference back."""
    queries.visible_difference(request.actor, pk)
    if request.method == "POST":
        deciding.undo(pk, request.POST.get("why", "").strip(), at=timezone.now(), by=request.actor)
        messages.success(request, _("Undone; ours is kept until the source says something else."))
    return back(request, reverse("web:sync-differences"))


urlpatterns = [
    path("sync/differences", differences, name="sync-differences"),
    path("sync/differences/decide", decide, name="sync-decide"),
    path("sync/differences/<int:pk>/undo", undo, name="sync-undo"),
]
