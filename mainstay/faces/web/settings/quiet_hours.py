"""At which hours customers of which grade are left in peace, and on which channels (K8)."""

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade, ServiceGrade
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages import queries
from mainstay.platform.messages.actions.choosing import Quiet, set_quiet_hours
from mainstay.platform.messages.choices import OUTSIDE

GRADES = [*(grade for grade in CircuitGrade if grade != CircuitGrade.AAA), *ServiceGrade]
EVENING, MORNING = time(22, 0), time(7, 0)
CLOCK = {"type": "time", "class": "form-control form-control-sm w-auto"}


class QuietForm(forms.Form):
    """A row a grade: from, to, and the channels that wait."""

    def __init__(self, known: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = []
        for grade in GRADES:
            row, name = known.get(grade.value), grade.value
            begin, end = (_clock(row.from_minute), _clock(row.to_minute)) if row else (EVENING, MORNING)
            widget = forms.TimeInput(attrs={**CLOCK, "aria-label": _("From")}, format="%H:%M")
            until = forms.TimeInput(attrs={**CLOCK, "aria-label": _("To")}, format="%H:%M")
            self.fields[f"{name}-from"] = forms.TimeField(label=_("From"), initial=begin, widget=widget)
            self.fields[f"{name}-to"] = forms.TimeField(label=_("To"), initial=end, widget=until)
            self.fields[f"{name}-channels"] = forms.MultipleChoiceField(
                label=_("Channels that wait"), choices=[(c.value, c.label) for c in OUTSIDE], required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
                initial=row.channels if row else [],
            )  # fmt: skip
            self.rows.append((grade, *(self[f"{name}-{part}"] for part in ("from", "to", "channels"))))

    def wanted(self) -> list[Quiet]:
        """Return what was entered."""
        given = self.cleaned_data
        return [
            Quiet(
                grade.value, _minute(given[f"{grade.value}-from"]), _minute(given[f"{grade.value}-to"]),
                tuple(given[f"{grade.value}-channels"]),
            )
            for grade in GRADES
        ]  # fmt: skip


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


@door(Permission.SETTINGS)
def quiet_hours(request: ConsoleRequest) -> HttpResponse:
    """Show and set the quiet hours of all grades."""
    form = QuietForm(queries.quiet_hours(), request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda _given: set_quiet_hours(form.wanted(), at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved."))
        return redirect("web:settings-quiet-hours")
    return show(
        request, "quiet_hours", "settings-quiet-hours", form=form, zone=timezone.get_current_timezone_name(),
        channels=[channel.label for channel in OUTSIDE],
    )  # fmt: skip


urlpatterns = [path("settings/quiet-hours", quiet_hours, name="settings-quiet-hours")]
