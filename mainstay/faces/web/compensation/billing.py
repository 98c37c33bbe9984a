"""Billing runs: what was given to billing, the file of each, what billing answered (H8)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.domain.csv_text import decoded
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.identity.choices import Permission
from mainstay.service.compensation.actions import billing as actions
from mainstay.service.compensation.choices import RunStatus
from mainstay.service.compensation.queries import billing as queries

LARGEST = 4_000_000


class AnswerForm(forms.Form):
    """Billing's answer, as a file."""

    file = forms.FileField(
        label=_("Billing's answer"), help_text=_("The file billing sends back: one line per row, accepted or refused.")
    )

    def clean_file(self) -> str:
        """Return the file as text."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise forms.ValidationError(_("The file is too large for an answer."))
        return decoded(given.read())[0]


@door(Permission.APPROVE)
def runs(request: ConsoleRequest) -> HttpResponse:
    """List the runs, the newest first, and what waits for the next one."""
    page = listing.page_of(queries.run_rows(request.actor), request)
    page.object_list = [queries.run_row(run) for run in page.object_list]
    count, amount = queries.waiting(request.actor)
    context = {"page": page, "waiting": count, "waiting_amount": amount, "most": actions.MOST_ROWS,
               "data_at": timezone.now()}  # fmt: skip
    return render(request, "web/compensation/runs.html", context)


@door(Permission.APPROVE)
def run(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a run with its rows; take billing's answer to it in."""
    form = AnswerForm(request.POST or None, request.FILES or None)

    def act(given: dict[str, Any]) -> None:
        actions.take_answer(given["file"], at=timezone.now(), by=request.actor, run_id=pk)

    row, rows = queries.run_page(request.actor, pk)
    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Billing's answer to %(number)s is taken in.") % {"number": row.number})
        return redirect("web:billing-run", pk)
    context = {"run": row, "rows": rows, "form": form, "open": row.status == RunStatus.EXPORTED}
    return render(request, "web/compensation/run.html", context)


@door(Permission.APPROVE)
def file(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give a run's file, the same bytes every time."""
    name, content = queries.file_of(request.actor, pk)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@door(Permission.APPROVE)
def export(request: ConsoleRequest) -> HttpResponse:
    """Give all that was granted to billing."""
    made = actions.export(at=timezone.now(), by=request.actor)
    messages.success(request, _("%(number)s holds %(count)s compensations; fetch its file and give it to billing.")
                     % {"number": made.number, "count": made.count})  # fmt: skip
    return redirect("web:billing-run", made.pk)


urlpatterns = [
    path("compensation/billing", runs, name="billing-runs"),
    path("compensation/billing/new", export, name="billing-export"),
    path("compensation/billing/<int:pk>", run, name="billing-run"),
    path("compensation/billing/<int:pk>/file", file, name="billing-file"),
]
