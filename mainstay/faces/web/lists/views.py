"""Keep, share, pin and delete saved views (A6)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.lists.pages import page_named
from mainstay.platform.identity.actions import require
from mainstay.platform.saved_views import actions


@require_POST
@door()
def save(request: ConsoleRequest, name: str) -> HttpResponse:
    """Keep how a list is looked at now, under a name, or over the view of that name."""
    page, query = page_named(name), request.POST.get("query", "")
    require(request.actor, page.permission)
    view = actions.save_view(page.name, request.POST.get("name", ""), query, at=timezone.now(), by=request.actor)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(f"{reverse(f'web:{page.name}')}?{query}{'&' if query else ''}view={view.pk}")


@require_POST
@door()
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Rename a view, share it, pin it, open its page with it, or delete it."""
    verb, by, at = request.POST.get("verb", ""), request.actor, timezone.now()
    if verb == "delete":
        view = actions.delete_view(pk, at=at, by=by)
        messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
        return redirect(f"{reverse(f'web:{view.page}')}?view=0")
    if verb in ("pin", "unpin"):
        actions.pin_view(pk, verb == "pin", by=by)
    elif verb in ("default", "no-default"):
        actions.open_with(pk, verb == "default", by=by)
    else:
        given = request.POST
        actions.change_view(pk, name=given.get("name", ""), audience=given.get("audience", ""), at=at, by=by)
    return redirect(_back(request, pk))


def _back(request: ConsoleRequest, pk: int) -> str:
    page = page_named(request.POST.get("page", ""))
    query = request.POST.get("query", "")
    return f"{reverse(f'web:{page.name}')}?{query}{'&' if query else ''}view={pk}"


urlpatterns = [
    path("lists/<slug:name>/views", save, name="view-save"),
    path("views/<int:pk>", change, name="view-change"),
]
