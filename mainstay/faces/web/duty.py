"""The duty roster, and the log that one shift leaves to the next (H3)."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.duty import actions, queries
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places

LEVELS = [(1, _("Desk")), (2, _("Supervisor")), (3, _("Leader"))]
WEEK = 7


class ShiftForm(forms.Form):
    """Who is on duty, where, at which level, from when to when."""

    desk = forms.ChoiceField(label=_("Duty desk"))
    user = forms.ChoiceField(label=_("Person"))
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=int)
    from_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    to_at = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    weeks = forms.IntegerField(
        label=_("Repeat weekly"), min_value=1, max_value=26, initial=1, help_text=_("How many weeks in a row.")
    )

    def __init__(self, desks: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["desk"].choices = [(str(desk.pk), desk.name) for desk in desks]
        staff = identity.find_users().filter(is_active=True, customer_id__isnull=True)
        fields["user"].choices = [(str(user.pk), f"{user.display_name} ({user.username})") for user in staff]

    def shifts(self) -> list[actions.PlannedShift]:
        """Return the shifts wanted, one a week."""
        given = self.cleaned_data
        weeks = [timedelta(weeks=n) for n in range(given["weeks"])]
        user, level = int(given["user"]), given["level"]
        return [actions.PlannedShift(user, given["from_at"] + w, given["to_at"] + w, level=level) for w in weeks]


class DeskForm(forms.Form):
    """A duty desk for a region."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    region_code = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = [(region.code, region.name) for region in places.regions() if len(region.code) <= 4]
        self.fields["region_code"].choices = [("", _("everywhere")), *regions]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """What the next shift must know."""

    desk = forms.ChoiceField(label=_("Duty desk"))
    text = forms.CharField(
        label=_("What the next shift must know"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, desks: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desk"].choices = [(str(desk.pk), desk.name) for desk in desks]  # type: ignore[attr-defined]


@door()
def roster(request: ConsoleRequest) -> HttpResponse:
    """Show a week of the roster, desk by desk, day by day."""
    first = listing.day_of(request.GET.get("from")) or timezone.localdate()
    start = listing.day_start(first)
    assert start is not None
    days = [first + timedelta(days=n) for n in range(WEEK)]
    tables = [(row.desk, levels_of(row.shifts, start)) for row in queries.roster(start, request.actor, days=WEEK)]
    return show(
        request,
        "roster",
        "settings-roster",
        days=days,
        tables=tables,
        before=first - timedelta(days=WEEK),
        after=first + timedelta(days=WEEK),
        now=timezone.now(),
        may_write=request.actor.may(Permission.SETTINGS),
    )


def levels_of(shifts: tuple[Any, ...], start: datetime) -> list[tuple[object, list[list[dict[str, Any]]]]]:
    """Return, by level, the shifts that touch each day of the week from `start`, with their hours on that day."""
    days = [start + timedelta(days=n) for n in range(WEEK)]
    return [
        (
            label,
            [
                [_on_day(shift, day) for shift in shifts if shift.level == level and _touches(shift, day)]
                for day in days
            ],
        )
        for level, label in LEVELS
    ]


def _touches(shift: Any, day: datetime) -> bool:
    return bool(shift.from_at < day + timedelta(days=1) and shift.to_at > day)


def _on_day(shift: Any, day: datetime) -> dict[str, Any]:
    """Return a shift as one day shows it; an arrow says that it came from the day before or goes on into the next."""
    begins = shift.from_at >= day
    begin = f"{timezone.localtime(shift.from_at):%H:%M}" if begins else "←"
    ends = shift.to_at <= day + timedelta(days=1)
    end = f"{timezone.localtime(shift.to_at):%H:%M}" if ends else "→"
    hours = f"{begin} – {end}" if begins or ends else _("all day")
    return {"shift": shift, "hours": hours, "begins": begins}


@door(Permission.SETTINGS)
def new_shift(request: ConsoleRequest) -> HttpResponse:
    """Put somebody on the roster."""
    desks = list(queries.desks(request.actor))
    form = ShiftForm(desks, request.POST or None, initial={"desk": request.GET.get("desk")})

    def act(given: dict[str, Any]) -> None:
        desk = next((each for each in desks if str(each.pk) == given["desk"]), None)
        if desk is not None:
            actions.plan_shifts(desk, form.shifts(), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The roster is changed."))
        return redirect("web:settings-roster")
    return _form(request, form, _("New shift"))


@door(Permission.SETTINGS)
def end_shift(request: ConsoleRequest, pk: int) -> HttpResponse:
    """End a shift now, or take one that has not begun off the roster."""
    if request.method == "POST":
        actions.end_shift(pk, at=timezone.now(), by=request.actor)
        messages.success(request, _("The roster is changed."))
    return back(request, reverse("web:settings-roster"))


@door(Permission.SETTINGS)
def new_desk(request: ConsoleRequest) -> HttpResponse:
    """Set up a duty desk."""
    form = DeskForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.create_desk(**given, at=timezone.now(), by=request.actor)
    ):
        return redirect("web:settings-roster")
    return _form(request, form, _("New duty desk"))


@door(Permission.READ_ALARMS)
def shift_log(request: ConsoleRequest) -> HttpResponse:
    """Read the log, write a line, take over."""
    desks = list(queries.desks(request.actor))
    form = NoteForm(desks, request.POST or None)

    def act(given: dict[str, Any]) -> None:
        actions.write_note(int(given["desk"]), given["text"], at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        return redirect("web:shift-log")
    page = listing.page_of(queries.shift_log(request.actor), request)
    context = {
        "form": form,
        "desks": desks,
        "page": page,
        "open_notes": queries.open_notes(request.actor).count(),
        "may_write": request.actor.may(Permission.WORK_INCIDENTS),
    }
    return render(request, "web/duty/shift_log.html", context)


@door(Permission.WORK_INCIDENTS)
def take_over(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Confirm that the open notes of a desk are read."""
    if request.method != "POST":
        raise Http404
    read = actions.take_over(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("%(n)s notes taken over.") % {"n": read})
    return redirect("web:shift-log")


def _form(request: ConsoleRequest, form: forms.Form, title: object) -> HttpResponse:
    up = {"url": reverse("web:settings-roster")}
    return show(request, "form", "settings-roster", form=form, title=title, verb=_("Save"), up=up)


urlpatterns = [
    path("settings/roster", roster, name="settings-roster"),
    path("settings/roster/new", new_shift, name="settings-shift-new"),
    path("settings/roster/<int:pk>/end", end_shift, name="settings-shift-end"),
    path("settings/desks/new", new_desk, name="settings-desk-new"),
    path("shift-log", shift_log, name="shift-log"),
    path("shift-log/<int:pk>/take-over", take_over, name="shift-log-take-over"),
]
