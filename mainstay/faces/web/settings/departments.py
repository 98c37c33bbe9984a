"""Departments that tickets are handed to, and their internal targets by grade (H4, PC 13)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade, Unit
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.calendars import queries as calendars
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.actions import departments as actions
from mainstay.service.tickets.queries import departments as queries

UNITS = [(unit.value, unit.label) for unit in (Unit.NATURAL_MINUTES, Unit.WORKING_MINUTES, Unit.WORKING_DAYS)]
GRADES = ("", *CircuitGrade.values)


class DepartmentForm(forms.Form):
    """A department, and how long a ticket of each grade may be with it; one unit and calendar for all grades."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    takes_first = forms.BooleanField(label=_("Tickets begin here"), required=False)
    active = forms.BooleanField(label=_("Tickets can be handed to it"), required=False, initial=True)
    unit = forms.ChoiceField(label=_("Unit of the targets"), choices=UNITS)
    calendar = forms.ChoiceField(label=_("Calendar of the targets"))
    pauses_help = forms.BooleanField(
        label=_("While a ticket is paused the internal clock stands still"), required=False
    )

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = [(c.code, c.name) for c in calendars.calendars()]  # type: ignore[attr-defined]
        if known:
            self.fields.pop("code")
        for grade in GRADES:
            label = _("Target for all other grades") if not grade else _("Target for %(grade)s") % {"grade": grade}
            self.fields[_field(grade)] = forms.IntegerField(label=label, required=False, min_value=1)

    def targets(self) -> list[actions.Target]:
        """Return the targets that were given."""
        given = self.cleaned_data
        return [
            actions.Target(given[_field(grade)], given["unit"], given["calendar"], grade, given["pauses_help"])
            for grade in GRADES
            if given[_field(grade)]
        ]

    def wanted(self, code: str) -> actions.NewDepartment:
        """Return the department."""
        given = self.cleaned_data
        return actions.NewDepartment(
            given.get("code", code), given["name"], given["name_en"], given["takes_first"], given["active"]
        )


def _field(grade: str) -> str:
    return f"target_{grade or 'any'}"


@door()
def departments(request: ConsoleRequest) -> HttpResponse:
    """List the departments with their targets."""
    rows = queries.departments()
    return show(
        request, "departments", "settings-departments", departments=rows,
        may_write=request.actor.may(Permission.SETTINGS),
    )  # fmt: skip


@door(Permission.SETTINGS)
def new_department(request: ConsoleRequest) -> HttpResponse:
    """Make a department."""
    return _edit(request, None, _("New department"))


@door(Permission.SETTINGS)
def department(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a department and its targets; running clocks keep theirs."""
    row = next((row for row in queries.departments() if row.pk == pk), None)
    if row is None:
        raise Http404
    return _edit(request, row, row.name)


def _edit(request: ConsoleRequest, row: Any, title: Any) -> HttpResponse:
    form = DepartmentForm(request.POST or None, known=row is not None, initial=_initial(row))
    pk, code = (row.pk, row.code) if row else (None, "")

    def act(_given: dict[str, Any]) -> None:
        actions.set_department(form.wanted(code), form.targets(), at=timezone.now(), by=request.actor, pk=pk)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved. New clocks follow it; running ones keep their target."))
        return redirect("web:settings-departments")
    up = {"url": reverse("web:settings-departments")}
    return show(request, "form", "settings-departments", form=form, title=title, verb=_("Save"), up=up)


def _initial(row: Any) -> dict[str, Any]:
    if row is None:
        return {"calendar": "24x7", "active": True}
    said = {name: getattr(row, name) for name in ("name", "name_en", "takes_first", "active")}
    targets = list(row.targets.all())
    if targets:
        said |= {"unit": targets[0].unit, "calendar": targets[0].calendar.code, "pauses_help": targets[0].pauses_help}
    return said | {_field(target.grade): target.amount for target in targets}


urlpatterns = [
    path("settings/departments", departments, name="settings-departments"),
    path("settings/departments/new", new_department, name="settings-department-new"),
    path("settings/departments/<int:pk>", department, name="settings-department"),
]
