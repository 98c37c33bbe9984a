"""Calendars behind secret addresses, for calendar programs: no sign-in, the address is the key (I3)."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.http import require_safe

from mainstay.network.planned_work.actions.feeds import note_read
from mainstay.network.planned_work.errors import NoSuchFeed
from mainstay.network.planned_work.queries.feeds import read_feed
from mainstay.network.planned_work.queries.notes import Publisher


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give what is behind a secret address as iCalendar; 404 for an unknown or revoked one, the same for both."""
    at = timezone.now()
    publisher = Publisher(request.get_host().split(":")[0], request.build_absolute_uri("/").rstrip("/"))
    try:
        found = read_feed(secret, publisher, at=at)
    except NoSuchFeed:
        return HttpResponseNotFound(content_type="text/plain; charset=utf-8")
    note_read(found.feed, at=at)
    response = HttpResponse(found.content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    response["Referrer-Policy"] = "no-referrer"
    return response
