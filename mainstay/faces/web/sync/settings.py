"""Set what a source is and who is right about each field."""

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.listing import number_of
from mainstay.faces.web.sync.forms import NewSourceForm, SourceForm
from mainstay.network.reconciliation.actions import sources as actions
from mainstay.network.reconciliation.actions.sources import SourceSettings
from mainstay.network.reconciliation.choices import Rule
from mainstay.network.reconciliation.queries import sources as queries
from mainstay.platform.identity.choices import Permission


@door(Permission.SETTINGS)
def new_source(request: ConsoleRequest) -> HttpResponse:
    """Connect a source."""
    initial = {**vars(SourceSettings("")), "mapping": ""}
    form = NewSourceForm(request.POST or None, initial=initial, others=_others(request))
    made: list[Any] = []
    if request.method == "POST" and accepted(form, lambda given: made.append(_save(request, **given))):
        messages.success(request, _("Connected; the first export that comes says what agrees."))
        return redirect("web:sync-source", made[0].pk)
    return render(request, "web/sync/form.html", {"form": form, "title": _("New source")})


@door(Permission.SETTINGS)
def edit_source(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a source, from its next export on."""
    found = queries.visible_source(request.actor, pk)
    known: dict[str, Any] = {each.name: getattr(found, each.name) for each in fields(SourceSettings)}
    known["mapping"] = "\n".join(f"{column} = {name}" for column, name in found.mapping.items())
    known["names_from"] = found.names_from.code if found.names_from else ""
    form = SourceForm(request.POST or None, initial=known, others=_others(request, without=found.code))
    if request.method == "POST" and accepted(
        form, lambda given: _save(request, code=found.code, covers=found.covers, **given)
    ):
        messages.success(request, _("Saved."))
        return redirect("web:sync-source", pk)
    return render(request, "web/sync/form.html", {"form": form, "title": found.name, "source": found})


def _others(request: ConsoleRequest, without: str = "") -> list[tuple[str, str]]:
    rows = queries.visible_to(request.actor).exclude(code=without)
    return [(row.code, row.name) for row in rows if row.native_column]


def _save(request: ConsoleRequest, *, code: str, covers: str, **given: Any) -> Any:
    for name in ("resource_kinds", "careful_grades"):
        given[name] = tuple(given[name])
    return actions.save_source(code, covers, SourceSettings(**given), at=timezone.now(), by=request.actor)


@door(Permission.SETTINGS)
def rules(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Say who is right about each field."""
    found = queries.visible_source(request.actor, pk)
    kept = {rule.field: rule for rule in queries.rules(found)}
    if request.method == "POST":
        wanted = {
            name: (request.POST[f"rule-{name}"], number_of(request.POST.get(f"rank-{name}")))
            for name in queries.fields_of(found.covers)
            if request.POST.get(f"rule-{name}")
        }
        actions.set_rules(pk, wanted, at=timezone.now(), by=request.actor)
        messages.success(request, _("Saved."))
        return redirect("web:sync-source", pk)
    rows = [(name, title, kept.get(name)) for name, title in queries.fields_of(found.covers).items()]
    return render(request, "web/sync/rules.html", {"source": found, "rows": rows, "rules": Rule.choices})


urlpatterns = [
    path("sync/sources/new", new_source, name="sync-source-new"),
    path("sync/sources/<int:pk>/settings", edit_source, name="sync-source-settings"),
    path("sync/sources/<int:pk>/rules", rules, name="sync-source-rules"),
]
