"""Calendars: weekly hours, and the yearly tables of holidays and moved workdays (promise-clocks 1, 2)."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from mainstay.domain.business_time import Week
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.calendars import actions, queries
from mainstay.platform.identity.choices import Permission

HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})")
LARGEST_TABLE = 1_000_000
"""Bytes; a year has at most 366 rows."""


class HoursField(forms.CharField):
    """The hours of a weekday, "08:00-12:00, 14:00-18:00"; empty is a day off. Gives intervals in minutes."""

    def clean(self, value: Any) -> tuple[tuple[int, int], ...]:
        """Return the intervals; text that is not hours is refused with an example."""
        text = super().clean(value).strip()
        parts = [part.strip() for part in re.split(r"[;；,，、]", text) if part.strip()]
        found = [HOURS.fullmatch(part) for part in parts]
        if not all(found):
            raise forms.ValidationError(_("Write hours as 08:00-12:00, 14:00-18:00; leave empty for a day off."))
        numbers = [tuple(map(int, match.groups())) for match in found if match]
        return tuple((a * 60 + b, c * 60 + d) for a, b, c, d in numbers)


class WeekForm(forms.Form):
    """The hours of the seven weekdays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            self.fields[f"day{day}"] = HoursField(label=WEEKDAYS[day], required=False)

    def week(self) -> Week:
        """Return the week as the domain takes it, Monday first."""
        return tuple(self.cleaned_data[f"day{day}"] for day in range(7))


class CalendarForm(WeekForm):
    """A new calendar."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    time_zone = forms.CharField(label=_("Time zone"), max_length=48, initial="Asia/Shanghai")


class YearForm(forms.Form):
    """A year's official arrangement."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    source = forms.CharField(label=_("Source"), max_length=200, help_text=_("The notice that announced it."))
    table = forms.CharField(
        label=_("Table"),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 10, "placeholder": "2026-10-01,holiday,国庆节\n2026-10-10,workday,国庆节调休"}
        ),
        help_text=_("Lines of date, kind (holiday, workday, custom), name, and hours for custom."),
    )
    file = forms.FileField(label=_("or a CSV file"), required=False, help_text=_("UTF-8 or GBK."))
    replace = forms.BooleanField(label=_("Replace the table if the year is known already"), required=False)

    def clean(self) -> dict[str, Any]:
        """Take the file before the text; refuse neither and too much."""
        given = super().clean() or {}
        file = given.get("file")
        if file is not None and file.size > LARGEST_TABLE:
            raise forms.ValidationError(_("The file is larger than a year's table can be; choose another."))
        given["days"] = file.read() if file is not None else given.get("table", "")
        if not given["days"]:
            raise forms.ValidationError(_("Type the table or choose a file."))
        return given


@door()
def calendars(request: ConsoleRequest) -> HttpResponse:
    """List the calendars and the years whose tables are known; as a file, the days that differ."""
    if listing.wants_file(request):
        days = ((day.on, day.kind, day.label, table.source) for table in queries.year_tables() for day in
                table.days.all())  # fmt: skip
        return listing.table_file(request, "holidays", (_("Day"), _("Kind"), _("Meaning"), _("Source")), days)
    return show(
        request,
        "calendars",
        "settings-calendars",
        calendars=[(row, said_week(row)) for row in queries.calendars()],
        tables=queries.year_tables(),
        known_until=queries.known_until("CN"),
        may_write=request.actor.may(Permission.SETTINGS),
        **listing.export_urls(request),
    )


@door(Permission.SETTINGS)
def new_calendar(request: ConsoleRequest) -> HttpResponse:
    """Make a calendar."""
    form = CalendarForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        named = {name: given[name] for name in ("code", "name", "time_zone")}
        actions.create_calendar(actions.NewCalendar(**named, week=form.week()), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:settings-calendars")
    return _form(request, form, _("New calendar"))


@door(Permission.SETTINGS)
def hours(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Set the weekly hours of a calendar."""
    calendar = next((row for row in queries.calendars() if row.pk == pk), None)
    if calendar is None or calendar.always:
        raise Http404
    form = WeekForm(request.POST or None, initial={f"day{day}": text for day, _name, text in said_week(calendar)})
    if request.method == "POST" and accepted(
        form, lambda _given: actions.set_hours(calendar, form.week(), at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved."))
        return redirect("web:settings-calendars")
    return _form(request, form, calendar.name)


@door(Permission.SETTINGS)
def import_year(request: ConsoleRequest) -> HttpResponse:
    """Import a year's table, typed or as a file."""
    form = YearForm(request.POST or None, request.FILES or None, initial={"year": timezone.localdate().year + 1})

    def act(given: dict[str, Any]) -> None:
        actions.import_year(
            given["year"],
            given["days"],
            source=given["source"],
            replace=given["replace"],
            at=timezone.now(),
            by=request.actor,
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The table of %(year)s is in force.") % {"year": form.cleaned_data["year"]})
        return redirect("web:settings-calendars")
    return _form(request, form, _("Import a year"))


def said_week(calendar: Any) -> list[tuple[int, object, str]]:
    """Return (weekday, its name, its hours in words), Monday first; the hours must be fetched."""
    week = queries.week_of(calendar.hours.all())
    return [
        (day, WEEKDAYS[day], ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in week[day]))
        for day in range(7)
    ]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _form(request: ConsoleRequest, form: forms.Form, title: object) -> HttpResponse:
    up = {"url": reverse("web:settings-calendars")}
    return show(request, "form", "settings-calendars", form=form, title=title, verb=_("Save"), up=up)


urlpatterns = [
    path("settings/calendars", calendars, name="settings-calendars"),
    path("settings/calendars/new", new_calendar, name="settings-calendar-new"),
    path("settings/calendars/<int:pk>", hours, name="settings-calendar"),
    path("settings/calendars/import", import_year, name="settings-calendar-import"),
]
