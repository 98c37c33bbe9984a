"""What did, or would, one export change; why is it held; which of its rows are bad?"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.sync.forms import WhyForm
from mainstay.faces.web.sync.words import value
from mainstay.network.reconciliation.actions import running
from mainstay.network.reconciliation.choices import ACTIVE_RUNS, DifferenceKind, Verdict
from mainstay.network.reconciliation.queries import sources as queries
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports import giving

SHOWN = 50
COUNTS = (
    ("rows", _("Rows"), ""), ("agree", _("Agree"), ""), ("new", _("New"), "new"),
    ("changed", _("Changed"), "source-changed"),
    ("conflicts", _("Conflicts"), "conflict"), ("vanished", _("Vanished"), "vanished"),
    ("gone", _("Out of service here"), "gone-here"), ("bad", _("Bad rows"), ""),
    ("outside", _("Outside its area"), ""),
)  # fmt: skip
RESULTS = (("applied", _("Applied by rule"), "applied"), ("asked", _("Ask a person"), "open"),
           ("refused", _("Refused by the inventory"), "open"),
           ("settled", _("Settled by themselves"), "expired"))  # fmt: skip
SELDOM = {"gone", "outside", "refused", "settled"}
TODO = {"apply": _("would be applied"), "ask": _("would ask a person"), "keep": _("another source comes first"),
        "settled": _("was decided before")}  # fmt: skip


@door(Permission.READ_ALARMS)
def run(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a run: its progress, its figures, what it would change, its bad rows."""
    found = queries.visible_run(request.actor, pk)
    context = {
        "run": found,
        "active": found.state in ACTIVE_RUNS,
        "counts": _counts(found, COUNTS),
        "results": _counts(found, RESULTS) if found.state == "done" else [],
        "problem": giving.sentence(found.problem, found.problem_values or {}),
        "held": [_held(each) for each in found.held_because],
        "sample": [_sample(found.source.covers, each) for each in found.sample[:SHOWN]],
        "bad": [(row, giving.sentence(row.error, row.error_values or {})) for row in queries.bad_lines(found)[:SHOWN]],
        "may_decide": request.actor.may(Permission.WRITE_INVENTORY),
        "why_form": WhyForm(auto_id="why_%s"),
    }
    return render(request, "web/sync/_run.html" if request.htmx else "web/sync/run.html", context)


def _counts(found: Any, names: Any) -> list[tuple[Any, int, str]]:
    """Return (title, count, address of what is counted)."""
    there = reverse("web:sync-differences")
    told = []
    for name, title, key in names:
        count = found.counts.get(name, 0)
        if not count and name in SELDOM:
            continue
        by = "state" if names is RESULTS else "kind"
        linked = key and count and found.state == "done"
        told.append((title, count, f"{there}?run={found.pk}&{by}={key}" + ("" if by == "state" else "&state=")
                     if linked else ""))  # fmt: skip
    return told


def _held(each: dict[str, Any]) -> str:
    said = (
        gettext("%(count)s of %(among)s objects would vanish: more than %(percent)s %%.")
        if each["what"] == "vanish"
        else gettext("%(count)s of %(among)s objects would change: more than %(percent)s %%.")
    )
    return said % each


def _sample(covers: str, each: dict[str, Any]) -> dict[str, Any]:
    titles = queries.fields_of(covers)
    return {
        **each, "what": titles.get(each["field"], gettext("The whole object")),
        "word": DifferenceKind(each["kind"]).label, "todo_word": TODO.get(each["todo"], ""),
        "why": Verdict(each["verdict"]).label,
        "ours": value(covers, each["field"], each["ours"]), "theirs": value(covers, each["field"], each["theirs"]),
    }  # fmt: skip


@door(Permission.WRITE_INVENTORY)
def decide(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    """Let a held export through, throw it away, or take over one that was tried out."""
    queries.visible_run(request.actor, pk)
    if request.method != "POST":
        return redirect("web:sync-run", pk)
    at = timezone.now()
    if verb == "for-real":
        running.run_for_real(pk, at=at, by=request.actor)
        return redirect("web:sync-run", pk)
    act = running.release if verb == "release" else running.reject
    form = WhyForm(request.POST)
    if not accepted(form, lambda given: act(pk, given["why"], at=at, by=request.actor)):
        messages.error(request, " ".join(str(each) for problems in form.errors.values() for each in problems))
    return redirect("web:sync-run", pk)


@door(Permission.READ_ALARMS)
def bad_rows(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give the bad rows as the file gave them, each with its error."""
    found = queries.visible_run(request.actor, pk)
    head = [gettext("Line of the file"), *found.head, gettext("Error")]
    rows = ([row.line, *row.cells, giving.sentence(row.error, row.error_values or {})]
            for row in queries.bad_lines(found).iterator(chunk_size=500))  # fmt: skip
    return listing.table_file(request, f"sync-errors-{pk}", head, rows)


urlpatterns = [
    path("sync/runs/<int:pk>", run, name="sync-run"),
    path("sync/runs/<int:pk>/errors", bad_rows, name="sync-bad-rows"),
    path("sync/runs/<int:pk>/<slug:verb>", decide, name="sync-run-decide"),
]
