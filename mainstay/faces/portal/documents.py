"""The customer's reports: what was sent to them, month by month; nobody else's, and no drafts (L1, R1)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from mainstay.faces.portal.door import PortalRequest, door
from mainstay.faces.ui.downloads import download
from mainstay.platform.documents import queries
from mainstay.platform.documents.choices import Language
from mainstay.platform.documents.queries import DocumentFilters

SHOWN = 200


@door
def documents(request: PortalRequest) -> HttpResponse:
    """List the reports by month, the newest first; the newest version of each, older ones beneath."""
    language = request.GET.get("language", "")
    filters = DocumentFilters(language=language if language in Language.values else "")
    rows = list(queries.document_list(request.actor, filters)[:SHOWN])
    corrected = {row.corrects_id for row in rows}
    context = {
        "documents": [(row, row.pk in corrected) for row in rows],
        "tabs": [
            {"label": label, "url": url, "active": language == value}
            for value, label, url in (
                ("", _("All"), "?"), *((value, label, f"?language={value}") for value, label in Language.choices)
            )
        ],
    }  # fmt: skip
    return render(request, "portal/documents.html", context)


@door
def document(request: PortalRequest, pk: int) -> HttpResponse:
    """Give one of the customer's own reports."""
    found, content = queries.content(request.actor, pk)
    return download(found.file_name, found.format, content, inline="view" in request.GET)


urlpatterns = [
    path("reports", documents, name="documents"),
    path("reports/<int:pk>", document, name="document"),
]
