"""Maintenance notes: taken from suppliers, given to customers; what suppliers' names mean here (I3)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from mainstay.accounts.customers.queries import by_ids
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.listing import page_of
from mainstay.network.planned_work import maintnotes
from mainstay.network.planned_work.actions import suppliers as actions
from mainstay.network.planned_work.queries import suppliers as queries
from mainstay.network.planned_work.queries.notes import Publisher, note_for
from mainstay.platform.identity.choices import Permission
from mainstay.service.announcements import queries as announcements

OUTCOMES = {
    actions.PLANNED: pgettext_lazy("note", "planned"),
    actions.MOVED: pgettext_lazy("note", "moved"),
    actions.CANCELLED: pgettext_lazy("note", "called off"),
    actions.FINISHED: pgettext_lazy("note", "finished"),
    actions.KNOWN: pgettext_lazy("note", "nothing new"),
    actions.REFUSED: pgettext_lazy("note", "refused"),
}


class NoteForm(forms.Form):
    """A file of notes."""

    file = forms.FileField(label=_("Maintenance note (.ics)"))


class MappingForm(forms.Form):
    """What a supplier's name means."""

    supplier = forms.CharField(label=_("Supplier"), max_length=120)
    object_id = forms.CharField(label=_("Supplier’s circuit"), max_length=160)
    resource = forms.CharField(label=_("Code of our resource"), max_length=80)


def publisher(request: Any) -> Publisher:
    """Return who publishes: this house, under the address at which it is read."""
    return Publisher(request.get_host().split(":")[0], request.build_absolute_uri("/").rstrip("/"))


@door(Permission.PLAN_WORK)
def notes(request: ConsoleRequest) -> HttpResponse:
    """Take suppliers' notes, and map what they name."""
    form = NoteForm(request.POST or None, request.FILES or None)
    taken: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        found = maintnotes.read(given["file"].read(maintnotes.LARGEST + 1))
        taken.extend(actions.take_notes(found, at=timezone.now(), by=request.actor))

    if request.method == "POST":
        accepted(form, act)
    changed = any(each.outcome not in (actions.KNOWN, actions.REFUSED) for each in taken)
    shown = [(each, OUTCOMES[each.outcome]) for each in taken]
    return _page(request, form=form, taken=shown, status=201 if changed else 200)


@require_POST
@door(Permission.PLAN_WORK)
def map_name(request: ConsoleRequest) -> HttpResponse:
    """Say which resource a supplier's name means."""
    form = MappingForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        actions.map_object(
            given["supplier"], given["object_id"], given["resource"], at=timezone.now(), by=request.actor
        )

    if accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:work-notes")
    return _page(request, mapping=form)


@require_POST
@door(Permission.PLAN_WORK)
def forget(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Forget what a supplier's name means."""
    actions.forget_object(pk, at=timezone.now(), by=request.actor)
    return redirect("web:work-notes")


def _page(request: ConsoleRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    context = {
        "form": NoteForm(),
        "mapping": MappingForm(),
        "page": page_of(queries.supplier_circuits(request.actor), request),
    }
    errors = any(getattr(form, "errors", None) for form in given.values())
    return render(request, "web/works/notes.html", context | given, status=422 if errors else status)


@door(Permission.WORK_TICKETS)
def note(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give the maintenance note of an announcement."""
    row = announcements.announcement(request.actor, pk)
    return note_file(request, row)


def note_file(request: Any, row: Any) -> HttpResponse:
    """Return the maintenance note of an announcement as a file."""
    content = note_for(row.work, by_ids([row.customer_id])[row.customer_id], publisher(request), at=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.work_id}-{row.customer_id}.ics"'
    return response


urlpatterns = [
    path("works/notes", notes, name="work-notes"),
    path("works/notes/map", map_name, name="work-note-map"),
    path("works/notes/<int:pk>/forget", forget, name="work-note-forget"),
    path("announcements/<int:pk>/note.ics", note, name="announcement-note"),
]
