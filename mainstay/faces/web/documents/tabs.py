"""What leads from one of the pages on documents to the others."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PAGES = (
    ("documents", _("Documents")),
    ("document-runs", pgettext_lazy("documents", "Runs")),
    ("document-schedules", _("Schedules")),
)


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the tabs, the present one marked."""
    return [
        {"label": label, "url": reverse(f"web:{name}"), "active": request.path == reverse(f"web:{name}")}
        for name, label in PAGES
    ]
