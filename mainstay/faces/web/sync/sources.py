"""Which systems deliver inventory data, how fresh is it, and what came of their exports?"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import ngettext

from mainstay.domain.errors import MainstayError
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.sync.forms import ExportForm
from mainstay.network.reconciliation import drops, schedule
from mainstay.network.reconciliation.actions import running
from mainstay.network.reconciliation.choices import LARGEST_EXPORT
from mainstay.network.reconciliation.queries import differences as waiting
from mainstay.network.reconciliation.queries import sources as queries
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports.reading import refuse_large


@door(Permission.READ_ALARMS)
def sync(request: ConsoleRequest) -> HttpResponse:
    """List the sources, what waits in each, and how old their data is."""
    at = timezone.now()
    states = queries.states(request.actor, at=at)
    context = {
        "states": states,
        "open": waiting.open_count(request.actor),
        "held": sum(state.held for state in states),
        "late": sum(state.late for state in states),
        "may_set": request.actor.may(Permission.SETTINGS),
    }
    return render(request, "web/sync/sources.html", context)


@door(Permission.READ_ALARMS)
def source(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a source: where it drops exports, its rules, its runs and their trend."""
    found, at = queries.visible_source(request.actor, pk), timezone.now()
    trend = queries.trend(found)
    context = {
        "source": found,
        "page": listing.page_of(queries.runs(found), request, size=20),
        "changed": [run.counts.get("changed", 0) + run.counts.get("conflicts", 0) for run in trend],
        "bad": [run.bad for run in trend],
        "rules": _rules(found),
        "default": found.get_default_rule_display(),
        "folder": _folder(found),
        "late": queries.is_late(found, at),
        "open_url": f"{reverse('web:sync-differences')}?source={pk}",
        "open": waiting.filtered(request.actor, waiting.DifferenceFilter(source_id=pk)).count(),
        "may_set": request.actor.may(Permission.SETTINGS),
        "may_run": request.actor.may(Permission.WRITE_INVENTORY),
        "form": ExportForm(),
    }
    return render(request, "web/sync/source.html", context)


def _rules(found: Any) -> list[tuple[Any, str, Any]]:
    titles = queries.fields_of(found.covers)
    return [(titles.get(rule.field, rule.field), rule.get_rule_display(), rule.rank) for rule in queries.rules(found)]


def _folder(found: Any) -> str:
    try:
        return str(drops.folder_of(found))
    except MainstayError:
        return "—"


@door(Permission.WRITE_INVENTORY)
def give(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take an export in by hand, or only try it out."""
    found = queries.visible_source(request.actor, pk)
    form = ExportForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        for problems in form.errors.values():
            messages.error(request, " ".join(str(each) for each in problems))
        return redirect("web:sync-source", pk)
    file, at = form.cleaned_data["file"], timezone.now()
    refuse_large(file.size, most=LARGEST_EXPORT)
    dry_run = request.POST.get("how") == "try"
    run = running.take_in(found.pk, file.read(), file_name=file.name, file_at=at, dry_run=dry_run, at=at,
                          by=request.actor)  # fmt: skip
    return redirect("web:sync-run", run.pk)


@door(Permission.WRITE_INVENTORY)
def look(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Look into the source's folder now."""
    found = queries.visible_source(request.actor, pk)
    if request.method != "POST":
        return redirect("web:sync-source", pk)
    require(request.actor, Permission.WRITE_INVENTORY)
    taken = schedule.look(found, at=timezone.now(), by=request.actor)
    said = ngettext("%(n)s new export taken in.", "%(n)s new exports taken in.", len(taken)) % {"n": len(taken)}
    (messages.success if taken else messages.info)(request, said)
    return redirect("web:sync-run", taken[-1].pk) if taken else redirect("web:sync-source", pk)


urlpatterns = [
    path("sync", sync, name="sync"),
    path("sync/sources/<int:pk>", source, name="sync-source"),
    path("sync/sources/<int:pk>/give", give, name="sync-give"),
    path("sync/sources/<int:pk>/look", look, name="sync-look"),
]
