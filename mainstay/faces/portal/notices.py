"""What was the customer's person told, and what have they not read yet (L1)?"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mainstay.faces.portal.circuits import page_number
from mainstay.faces.portal.door import PortalRequest, door
from mainstay.platform.messages import actions, queries

SIZE = 50
PAGES = {"ticket": "ticket", "circuit": "circuit", "announcement": "work", "compensation": "claim"}
"""Pages of what a message is about, by its kind."""


@door
def notices(request: PortalRequest) -> HttpResponse:
    """List the reader's messages, newest first."""
    page = Paginator(queries.inbox(request.actor), SIZE).get_page(page_number(request.GET.get("page", "")))
    context = {"page": page, "notices": [shown(message) for message in page.object_list], "data_at": timezone.now()}
    return render(request, "portal/notices.html", context)


@require_POST
@door
def read(request: PortalRequest) -> HttpResponse:
    """Mark all of the reader's messages as read."""
    unread = queries.inbox(request.actor).filter(read_at__isnull=True).values_list("pk", flat=True)
    actions.mark_read(list(unread), at=timezone.now(), by=request.actor)
    return redirect("portal:notices")


def shown(message: Any) -> dict[str, Any]:
    """Return a message with the page of what it is about, where the portal has one."""
    known = message.object_kind in PAGES and message.object_id.isdecimal()
    url = reverse(f"portal:{PAGES[message.object_kind]}", args=[message.object_id]) if known else ""
    return {"message": message, "url": url}
