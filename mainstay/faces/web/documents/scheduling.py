"""Schedules: which reports are made and sent by themselves, on which day, for whom (R1, D3)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.faces.web.customer_choice import customer_named
from mainstay.faces.web.documents.tabs import tabs
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.documents import queries
from mainstay.platform.documents.actions import NewSchedule, save_schedule, stop_schedule
from mainstay.platform.documents.choices import Audience, Cadence, Format, Language
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages.choices import OUTSIDE
from mainstay.service.reports import queries as reports
from mainstay.service.reports.choices import ReportKind, Subject

BOXES = forms.CheckboxSelectMultiple


class ScheduleForm(forms.Form):
    """What is made, when, for whom, and who hears of it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("One report"), choices=Subject.choices)
    templates = forms.MultipleChoiceField(label=_("Kinds of reports"), choices=ReportKind.choices, widget=BOXES)
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=Language.choices, widget=BOXES)
    formats = forms.MultipleChoiceField(label=_("Files"), choices=Format.choices, widget=BOXES)
    cadence = forms.ChoiceField(
        label=_("How often"), choices=Cadence.choices,
        help_text=_("As promised: what the terms of a customer's circuits say; monthly where they say nothing."),
    )  # fmt: skip
    day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=28,
        help_text=_("Of the month after. While that month is not closed, it waits."),
    )  # fmt: skip
    hour = forms.IntegerField(label=_("Hour"), min_value=0, max_value=23)
    customer_ids = forms.CharField(
        label=_("Customers"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Codes or full names, one a line; empty: all that you see."),
    )  # fmt: skip
    send = forms.BooleanField(
        label=_("Send by itself"),
        required=False,
        help_text=_("Otherwise they wait as drafts until somebody sends them."),
    )
    audience = forms.ChoiceField(label=_("Who is told"), choices=Audience.choices)
    channels = forms.MultipleChoiceField(
        label=_("By which channels"), required=False, choices=[(c.value, c.label) for c in OUTSIDE], widget=BOXES,
        help_text=_("None chosen: by all that a contact wants. The portal always has it."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_customer_ids(self) -> list[int]:
        """Return the customers named."""
        lines = [line.strip() for line in self.cleaned_data["customer_ids"].splitlines() if line.strip()]
        return [customer_named(self.actor, line).pk for line in lines[:500]]


NEW = {
    "kind": Subject.CUSTOMERS, "templates": [ReportKind.SERVICE], "languages": [Language.CHINESE],
    "formats": [Format.PDF], "cadence": Cadence.PROMISED, "day": 5, "hour": 6, "send": True,
    "audience": Audience.NOTIFIED,
}  # fmt: skip


@door()
def schedules(request: ConsoleRequest) -> HttpResponse:
    """List the reader's schedules; administrators see all."""
    context = {
        "schedules": list(queries.schedules(request.actor)),
        "tabs": tabs(request),
        "may_make": request.actor.may(Permission.MAKE_REPORTS),
        "data_at": timezone.now(),
    }
    return render(request, "web/documents/schedules.html", context)


@door(Permission.MAKE_REPORTS)
def new_schedule(request: ConsoleRequest) -> HttpResponse:
    """Set up a schedule."""
    return _form(request, None, NEW)


@door(Permission.MAKE_REPORTS)
def schedule(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a schedule; saving sets a resting one going again."""
    found = queries.schedule(request.actor, pk)
    names = reports.names_of(request.actor, set(found.customer_ids))
    initial = {name: getattr(found, name) for name in ScheduleForm.base_fields} | {
        "customer_ids": "\n".join(names.values())
    }
    return _form(request, found, initial)


def _form(request: ConsoleRequest, found: Any, initial: dict[str, Any]) -> HttpResponse:
    form = ScheduleForm(request.POST or None, actor=request.actor, initial=initial)

    def act(given: dict[str, Any]) -> None:
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
        new = NewSchedule(**values)
        save_schedule(new, at=timezone.now(), by=request.actor, schedule_id=found.pk if found else None)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The schedule is set."))
        return redirect("web:document-schedules")
    context = {"form": form, "schedule": found}
    return render(request, "web/documents/schedule.html", context, status=422 if form.errors else 200)


@require_POST
@door(Permission.MAKE_REPORTS)
def schedule_stop(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a schedule rest."""
    stopped = stop_schedule(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("“%(name)s” rests; save it anew to set it going.") % {"name": stopped.name})
    return redirect("web:document-schedules")


urlpatterns = [
    path("documents/schedules", schedules, name="document-schedules"),
    path("documents/schedules/new", new_schedule, name="document-schedule-new"),
    path("documents/schedules/<int:pk>", schedule, name="document-schedule"),
    path("documents/schedules/<int:pk>/stop", schedule_stop, name="document-schedule-stop"),
]
