"""Documents that were made: the list, one with its versions, its file; sending a draft (R1)."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mainstay.faces.ui.downloads import download
from mainstay.faces.web import listing
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.documents.tabs import tabs
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.platform.documents import queries
from mainstay.platform.documents.choices import Audience, Format, Language
from mainstay.platform.documents.queries import DocumentFilters
from mainstay.platform.documents.registry import templates
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal
from mainstay.service.reports import actions
from mainstay.service.reports import queries as reports
from mainstay.service.reports.choices import ReportKind

SORTS = {
    "month": ("month", "id"),
    "title": ("title", "version"),
    "made": ("made_at", "id"),
    "sent": ("sent_at", "id"),
    "size": ("size_bytes", "id"),
}


class SendForm(forms.Form):
    """Who is to hear of it."""

    audience = forms.ChoiceField(label=_("Who is told"), choices=Audience.choices, initial=Audience.NOTIFIED)


@door()
def documents(request: ConsoleRequest) -> HttpResponse:
    """List documents within the reader's scope, the newest month first."""
    rows = queries.document_list(request.actor, wanted(request))
    page = listing.page_of(listing.sorted_by(rows, request, SORTS, default="-month"), request)
    context = {
        "page": page,
        "filters": filters(request),
        "tabs": tabs(request),
        "may_make": request.actor.may(Permission.MAKE_REPORTS),
        "customer": _customer(request),
        "data_at": timezone.now(),
    }
    return render(request, "web/documents/documents.html", context)


def wanted(request: ConsoleRequest) -> DocumentFilters:
    """Read what the list is limited to; what is none of the choices limits nothing."""
    given = request.GET
    return DocumentFilters(
        customer_id=listing.number_of(given.get("customer")),
        kind=_one_of(given.get("kind"), [template.code for template in templates()]),
        month=month_of(given.get("month")),
        language=_one_of(given.get("language"), Language.values),
        format=_one_of(given.get("format"), Format.values),
        state=_one_of(given.get("state"), ("sent", "waiting")),
        job_id=listing.number_of(given.get("run")),
        text=given.get("q", "").strip()[:80],
    )


def filters(request: ConsoleRequest) -> list[dict[str, Any]]:
    """Return the filter bar."""
    months = [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in queries.months_with_documents(request.actor)]
    kinds = [(template.code, template.name) for template in templates()]
    states = (("waiting", _("Not sent")), ("sent", _("Sent")))
    return [
        {"name": "q", "label": _("Title or number"), "kind": "search"},
        {"name": "month", "label": _("Month"), "options": months},
        {"name": "kind", "label": _("Kind"), "kind": "chips", "options": kinds},
        {"name": "state", "label": _("State"), "kind": "chips", "options": states},
        {"name": "format", "label": _("File"), "kind": "chips", "options": Format.choices},
        {"name": "language", "label": _("Language"), "kind": "chips", "options": Language.choices},
    ]


def month_of(text: str | None) -> date | None:
    """Read a month such as 2026-09; nonsense is as good as none."""
    return listing.day_of(f"{text}-01") if text else None


def _one_of(value: str | None, known: Any) -> str:
    return value if value in known else ""  # type: ignore[return-value]


def _customer(request: ConsoleRequest) -> dict[str, Any] | None:
    """Return the customer the list is limited to, with the months a preview can be made of."""
    pk = listing.number_of(request.GET.get("customer"))
    name = reports.names_of(request.actor, {pk}).get(pk) if pk else None
    if pk is None or name is None:
        return None
    months = reports.report_months()[:3]
    return {"pk": pk, "name": name, "months": months, "kinds": ReportKind.choices}


@door()
def document(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one document: what it is, which versions there are, who sent it when."""
    found = queries.document(request.actor, pk)
    name = reports.names_of(request.actor, {found.customer_id} if found.customer_id else set())
    context = {
        "document": found,
        "customer_name": name.get(found.customer_id or 0, ""),
        "versions": queries.versions(request.actor, found),
        "history": [entry_told(entry) for entry in journal.history_of("document", pk, actor=request.actor)[:20]],
        "may_send": found.sent_at is None and request.actor.may(Permission.MAKE_REPORTS),
        "send_form": SendForm(),
        "data_at": timezone.now(),
    }
    return render(request, "web/documents/document.html", context)


@door()
def document_file(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give the file; `?view` shows a PDF in the browser."""
    found, content = queries.content(request.actor, pk)
    return download(found.file_name, found.format, content, inline="view" in request.GET)


@require_POST
@door(Permission.MAKE_REPORTS)
def document_send(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Send a draft: release it to the portal and tell the customer's people."""
    form = SendForm(request.POST)
    audience = form.cleaned_data["audience"] if form.is_valid() else ""
    sent = actions.send_drafts([pk], audience, at=timezone.now(), by=request.actor)
    if sent:
        messages.success(
            request, ngettext("%(n)s document was sent.", "%(n)s documents were sent.", sent) % {"n": sent}
        )
    else:
        messages.info(request, _("It was sent before; nothing was done."))
    return redirect("web:document", pk)


urlpatterns = [
    path("documents", documents, name="documents"),
    path("documents/<int:pk>", document, name="document"),
    path("documents/<int:pk>/file", document_file, name="document-file"),
    path("documents/<int:pk>/send", document_send, name="document-send"),
]
