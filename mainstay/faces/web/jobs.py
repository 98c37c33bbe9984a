"""Jobs: what was asked for, how far it is, what was refused and why; cancel, try again, fetch the file."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.faces.web import listing
from mainstay.faces.web.changes import link_to
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.platform.jobs import actions, queries
from mainstay.platform.jobs.choices import ACTIVE, State
from mainstay.platform.jobs.registry import kind_named

SHOWN = 50


@door()
def jobs(request: ConsoleRequest) -> HttpResponse:
    """List the reader's jobs, the newest first; administrators see all."""
    rows = queries.visible_to(request.actor)
    state = request.GET.get("state", "")
    if state in State.values:
        rows = rows.filter(state=state)
    page = listing.page_of(rows, request)
    page.object_list = [told(job) for job in page.object_list]
    filters = [{"name": "state", "label": _("State"), "kind": "chips", "options": State.choices}]
    context = {"page": page, "filters": filters, "active": any(row["active"] for row in page.object_list)}
    return render(request, "web/jobs/_rows.html" if request.htmx else "web/jobs/jobs.html", context)


def told(job: Any) -> dict[str, Any]:
    """Return a job with what its row says."""
    return {"job": job, "active": job.state in ACTIVE, "judged": job.done + job.failed, "title": job.title or job.kind}


@door()
def job(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one job: its progress and rate, what is left, what was refused."""
    found, at = queries.visible_job(request.actor, pk), timezone.now()
    mine = found.user_id == request.actor.user_id
    context = told(found) | {
        "rate": queries.rate(found, at=at),
        "left_s": queries.seconds_left(found, at=at),
        "problem": queries.sentence(found.problem, found.problem_values),
        "refusals": _refusals(found) if found.failed else [],
        "retryable": mine and found.failed and found.state not in ACTIVE,
        "mine": mine,
        "data_at": at,
    }
    return render(request, "web/jobs/_job.html" if request.htmx else "web/jobs/job.html", context)


def _refusals(job: Any) -> list[dict[str, Any]]:
    kind = kind_named(job.kind)
    return [
        {
            "label": row.label or f"#{row.object_id}",
            "url": link_to(kind.object_kind, row.object_id) if row.label else "",
            "why": queries.sentence(row.error, row.error_values),
        }
        for row in queries.refusals(job)[:SHOWN]
    ]


@door()
def refusals(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give everything that was refused, with the reasons, as a file."""
    found = queries.visible_job(request.actor, pk)
    return listing.table_file(request, f"job-{pk}", (_("Object"), _("Id"), _("Why")), queries.refusal_rows(found))


@door()
def file(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give the file a job made, to who asked for it and nobody else, for a day."""
    found = queries.visible_job(request.actor, pk)
    if found.user_id != request.actor.user_id or not found.file or found.state != State.DONE:
        raise Http404
    where = actions.file_path(found.file)
    if not where.exists():
        raise Http404
    kind = listing.WORKBOOK if where.suffix == ".xlsx" else "text/csv; charset=utf-8"
    name = f"{found.arguments.get('list', 'list')}-{timezone.localdate(found.asked_at):%Y%m%d}{where.suffix}"
    answer: Any = FileResponse(where.open("rb"), content_type=kind, as_attachment=True, filename=name)
    return answer  # type: ignore[no-any-return]


@require_POST
@door()
def cancel(request: ConsoleRequest, pk: int) -> HttpResponse:
    """End a job after its present part."""
    actions.cancel(pk, at=timezone.now(), by=request.actor)
    return redirect("web:job", pk)


@require_POST
@door()
def retry(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask for the same again, for what was refused."""
    again = actions.retry(pk, at=timezone.now(), by=request.actor)
    return redirect("web:job", again.pk)


urlpatterns = [
    path("jobs", jobs, name="jobs"),
    path("jobs/<int:pk>", job, name="job"),
    path("jobs/<int:pk>/refused", refusals, name="job-refused"),
    path("jobs/<int:pk>/file", file, name="job-file"),
    path("jobs/<int:pk>/cancel", cancel, name="job-cancel"),
    path("jobs/<int:pk>/retry", retry, name="job-retry"),
]
