"""What do alarms name that the inventory does not know, and what is to be done with each name (G1)?"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.alarms import QUARANTINE
from mainstay.faces.web.lists.showing import show
from mainstay.network.alarms.actions import placing
from mainstay.network.alarms.choices import QuarantineStatus
from mainstay.network.alarms.queries import alarms as queries
from mainstay.network.inventory.queries import places
from mainstay.platform.identity.choices import Permission


class IgnoreForm(forms.Form):
    """Why a name is set aside."""

    why = forms.CharField(label=_("Why"), max_length=400)


class PlaceForm(forms.Form):
    """Which resource a name means."""

    code = forms.CharField(label=_("Code of the resource"), max_length=80)


@door(Permission.READ_ALARMS)
def quarantine(request: ConsoleRequest) -> HttpResponse:
    """List the names nobody has placed yet, those with most reports first."""
    status = request.GET.get("status") or QuarantineStatus.OPEN
    tabs = [
        {"label": choice.label, "url": f"{request.path}?status={choice.value}", "active": choice.value == status}
        for choice in QuarantineStatus
    ]
    return show(request, QUARANTINE, "web/alarms/quarantine.html", tabs_shown=tabs)


@door(Permission.WORK_INCIDENTS)
def decide(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Find the resource a name means, or set the name aside."""
    row, verb = queries.quarantined(request.actor, pk), request.POST.get("verb", "")
    place_form = PlaceForm(request.POST if verb == "place" else None)
    ignore_form = IgnoreForm(request.POST if verb == "ignore" else None)
    if verb == "place" and accepted(place_form, lambda given: _place(request, row, given["code"])):
        return redirect("web:quarantine")
    if verb == "ignore" and accepted(ignore_form, lambda given: _ignore(request, row, given["why"])):
        return redirect("web:quarantine")
    text = request.GET.get("q", row.resource_ref)
    context = {
        "row": row,
        "text": text,
        "found": places.resource_list(request.actor, text=text, size=20).object_list,
        "place_form": place_form,
        "ignore_form": ignore_form,
        "opened": "ignore" if verb == "ignore" else "",
        "here": reverse("web:quarantine-decide", args=[pk]),
    }
    return render(request, "web/alarms/decide.html", context, status=422 if verb else 200)


def _place(request: ConsoleRequest, row: Any, code: str) -> None:
    count = placing.place(row.pk, code, at=timezone.now(), by=request.actor)
    said = ngettext(
        "Placed; %(n)s report that was held back is taken in now.",
        "Placed; %(n)s reports that were held back are taken in now.",
        count,
    )
    messages.success(request, said % {"n": count})


def _ignore(request: ConsoleRequest, row: Any, why: str) -> None:
    placing.ignore(row.pk, why, at=timezone.now(), by=request.actor)
    messages.success(request, _("Set aside; later reports of it are counted but not shown as open."))


urlpatterns = [
    path("alarms/quarantine", quarantine, name="quarantine"),
    path("alarms/quarantine/<int:pk>", decide, name="quarantine-decide"),
]
