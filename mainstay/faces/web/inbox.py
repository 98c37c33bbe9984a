"""What was I told, and what have I not read yet?"""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.faces.web import listing
from mainstay.faces.web.changes import link_to
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.links import page
from mainstay.faces.web.whereabouts import tell_where
from mainstay.platform.messages import actions, queries

HEAD = (_("When"), _("Kind"), _("Subject"), _("Message"), _("Read at"))
FRESH = timedelta(minutes=1)
MOST = 5
"""Messages told at once; more are in the list."""


@door()
def inbox(request: ConsoleRequest) -> HttpResponse:
    """List the reader's messages, newest first."""
    rows = queries.inbox(request.actor)
    if "unread" in request.GET:
        rows = rows.filter(read_at__isnull=True)
    if listing.wants_file(request):
        return listing.list_file(request, "messages", HEAD, rows.iterator(chunk_size=1000), cells)
    shown = listing.page_of(rows, request)
    tell_where(shown.object_list)
    shown.object_list = [{"message": row, "url": link_to(row.object_kind, row.object_id)} for row in shown.object_list]
    filters = [{"name": "unread", "label": _("Unread only"), "kind": "toggle"}]
    context = {"page": shown, "filters": filters, **listing.export_urls(request)}
    return render(request, "web/inbox/inbox.html", context)


def cells(message: Any) -> tuple[object, ...]:
    """Return a message as a row of the export."""
    return message.created_at, message.get_kind_display(), message.subject, message.body, message.read_at


@require_POST
@door()
def read(request: ConsoleRequest) -> HttpResponse:
    """Mark messages as read: those posted, or all."""
    chosen = [int(pk) for pk in request.POST.getlist("message") if pk.isdigit()]
    unread = queries.inbox(request.actor).filter(read_at__isnull=True)
    actions.mark_read(chosen or unread.values_list("pk", flat=True), at=timezone.now(), by=request.actor)
    return redirect("web:inbox")


@door()
def fresh(request: ConsoleRequest) -> HttpResponse:
    """Say what came to the reader in the last minute and is unread, the oldest first, for a notice on the desktop."""
    rows = queries.inbox(request.actor).filter(read_at__isnull=True, created_at__gt=timezone.now() - FRESH)[:MOST]
    told = [
        {
            "id": row.pk,
            "subject": row.subject,
            "body": row.body[:200],
            "url": link_to(row.object_kind, row.object_id) or page("inbox"),
        }
        for row in reversed(rows)
    ]
    return JsonResponse({"messages": told})


urlpatterns = [
    path("messages", inbox, name="inbox"),
    path("messages/read", read, name="inbox-read"),
    path("messages/fresh", fresh, name="inbox-fresh"),
]
