"""Files in and out: upload, choose columns, look at what would happen, run, mend, undo; export every kind (A7)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.duplicates import queries as duplicates
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.faces.web import listing
from mainstay.faces.web.changes import action_words, changed_fields, link_to
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.sight import CLOSED
from mainstay.platform.imports import actions, giving, queries, registry
from mainstay.platform.imports.choices import ENDED, Mode, Outcome, State
from mainstay.platform.imports.reading import read_file, refuse_large
from mainstay.platform.journal import queries as journal

SHOWN = 50
ACTIVE = {State.READING, State.WAITING, State.RUNNING, State.UNDOING}


class UploadForm(forms.Form):
    """What is taken in, from which file."""

    kind = forms.ChoiceField(label=_("What the file holds"))
    file = forms.FileField(
        label=_("File"), help_text=_("CSV (UTF-8, GBK or UTF-16) of up to 1 GB, or XLSX of up to five million cells.")
    )


@door()
def imports(request: ConsoleRequest) -> HttpResponse:
    """List what can be taken in and given out, and the reader's imports."""
    page = listing.page_of(queries.visible_to(request.actor), request)
    context = {
        "page": page,
        "kinds": registry.kinds(),
        "may": {kind.name for kind in registry.kinds_for(request.actor)},
    }
    return render(request, "web/imports/imports.html", context | {"titles": _titles()})


@door()
def new_import(request: ConsoleRequest) -> HttpResponse:
    """Take a file in."""
    kinds = registry.kinds_for(request.actor)
    if not kinds:
        raise NotAllowed(msgid("None of your duties includes taking in what files hold; ask an administrator."))
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    form.fields["kind"].choices = [(kind.name, kind.title) for kind in kinds]  # type: ignore[attr-defined]
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        file = given["file"]
        refuse_large(file.size)
        kind = registry.kind_named(given["kind"])
        made.append(actions.take_in(kind, read_file(file.file), file_name=file.name, at=timezone.now(),
                                    by=request.actor))  # fmt: skip

    if request.method == "POST" and accepted(form, act):
        return redirect("web:import", made[0].pk)
    return render(request, "web/imports/new.html", {"form": form, "kinds": kinds})


@door()
def one_import(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show an import: its columns and preview before, its progress and result after."""
    run = queries.visible_run(request.actor, pk)
    kind = registry.kind_named(run.kind)
    context: dict[str, Any] = {"run": run, "kind": kind, "active": run.state in ACTIVE, "title": kind.title}
    if run.state == State.DRAFT:
        context |= {"columns": _columns(run, kind), "preview": _preview(run), "same": queries.same_file(run),
                    "modes": Mode.choices, "options": kind.columns, "alike": queries.same_heads(run),
                    "takes": [(column, giving.takes(column)) for column in kind.columns]}  # fmt: skip
        return render(request, "web/imports/draft.html", context)
    judged = run.created + run.updated + run.unchanged + run.refused
    context |= {"judged": judged, "undoable": run.state in ENDED and run.created + run.updated > run.undone}
    if not context["active"]:
        kept = queries.kept_rows(run)
        if run.kind == "customers" and run.created:
            context["pairs"] = duplicates.pairs_of_import(request.actor, pk)
        context |= {"refused": [(row, giving.error_of(row)) for row in queries.refused_rows(run)[:SHOWN]],
                    "kept": [(row, giving.error_of(row), link_to(row.object_kind, row.object_id))
                             for row in kept[:SHOWN]], "kept_count": kept.count() if run.undone_at else 0,
                    "mended_by": queries.mended_by(request.actor, run), "story": _story(request, run)}  # fmt: skip
    return render(request, "web/imports/_run.html" if request.htmx else "web/imports/run.html", context)


def _story(request: ConsoleRequest, run: Any) -> list[dict[str, Any]]:
    """Return what the audit trail tells of an import, the oldest first."""
    entries = journal.history_of("import", run.pk, actor=request.actor).order_by("id")[:SHOWN]
    return [
        {"entry": entry, "action": action_words(entry.action), "fields": changed_fields(entry.before, entry.after)}
        for entry in entries
    ]


def _columns(run: Any, kind: registry.Kind) -> list[dict[str, Any]]:
    """Return the file's columns with what they are read as and the first cells."""
    first = queries.first_rows(run, 3)
    return [
        {
            "name": name,
            "column": run.mapping.get(name, ""),
            "cells": [row.cells[place] for row in first],
            "read_as": kind.by_name.get(run.mapping.get(name, "")),
        }
        for place, name in enumerate(run.columns)
    ]


def _preview(run: Any) -> dict[str, Any]:
    labels = dict(Outcome.choices)
    kind = run.kind.removesuffix("s")

    def hide(name: str, value: Any) -> Any:
        return CLOSED.hide(kind, {name: value}, customer_id=None)[name]

    rows = [
        {
            "line": row["line"],
            "outcome": row["outcome"],
            "word": labels.get(row["outcome"], ""),
            "cells": row["cells"],
            "error": giving.sentence(row["error"], row["values"]),
            "changes": changed_fields(row["before"], row["after"], hide) if row["outcome"] == Outcome.UPDATED else [],
        }
        for row in run.preview.get("rows", ())
    ]
    return {**run.preview, "rows": rows}


@door()
def choose(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Say which column is which, and look at what the first rows would do."""
    run = queries.visible_run(request.actor, pk)
    if request.method == "POST":
        mapping = {name: request.POST.get(f"column-{place}", "") for place, name in enumerate(run.columns)}
        actions.choose_columns(pk, mapping, at=timezone.now(), by=request.actor)
    return redirect("web:import", pk)


@door()
def start(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a draft be run."""
    queries.visible_run(request.actor, pk)
    if request.method == "POST":
        mode = request.POST.get("mode", Mode.GOOD_ROWS)
        actions.ask_for_run(pk, mode=mode, at=timezone.now(), by=request.actor)
    return redirect("web:import", pk)


@door()
def undo(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let an import be undone."""
    queries.visible_run(request.actor, pk)
    if request.method == "POST":
        actions.ask_for_undo(pk, at=timezone.now(), by=request.actor)
    return redirect("web:import", pk)


@door()
def discard(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    run = queries.visible_run(request.actor, pk)
    if request.method != "POST":
        return redirect("web:import", pk)
    actions.discard(pk, at=timezone.now(), by=request.actor)
    messages.success(request, gettext("The draft of %(file)s is gone.") % {"file": run.file_name})
    return redirect("web:imports")


@door()
def bad_rows(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give the bad rows as the file gave them, each with its error, to be mended; with `?kept` those not undone."""
    run = queries.visible_run(request.actor, pk)
    if "kept" in request.GET:
        return listing.table_file(request, f"not-undone-{pk}", giving.error_head(run), giving.kept_rows(run))
    return listing.table_file(request, f"errors-{pk}", giving.error_head(run), giving.refused_rows(run))


@door()
def template(request: ConsoleRequest, name: str) -> HttpResponse:
    """Give a template of a kind: head, example, what each column takes."""
    kind = _kind(name)
    lines = [giving.MARK, *(line.encode() for line in giving.template_lines(kind))]
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind.name}-template.csv"'
    return response  # type: ignore[return-value]  # the stubs do not know that it is an answer like any other


@door()
def export(request: ConsoleRequest, name: str) -> HttpResponse:
    """Give everything of a kind within the reader's scope; it can be taken in again."""
    kind = _kind(name)
    return listing.table_file(request, kind.name, giving.head(kind), giving.all_rows(kind, request.actor))


def _kind(name: str) -> registry.Kind:
    if name not in _titles():
        raise Http404
    return registry.kind_named(name)


def _titles() -> dict[str, Any]:
    return {kind.name: kind.title for kind in registry.kinds()}


urlpatterns = [
    path("imports", imports, name="imports"),
    path("imports/new", new_import, name="import-new"),
    path("imports/<int:pk>", one_import, name="import"),
    path("imports/<int:pk>/columns", choose, name="import-columns"),
    path("imports/<int:pk>/start", start, name="import-start"),
    path("imports/<int:pk>/undo", undo, name="import-undo"),
    path("imports/<int:pk>/discard", discard, name="import-discard"),
    path("imports/<int:pk>/errors", bad_rows, name="import-errors"),
    path("imports/template/<slug:name>", template, name="import-template"),
    path("exports/<slug:name>", export, name="export"),
]
