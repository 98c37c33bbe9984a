"""How many days before their end managers are told of contracts (D1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.contracts import actions, queries
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity.choices import Permission


class ReminderForm(forms.Form):
    """Numbers of days."""

    days = forms.CharField(label=_("Days before the end"), max_length=80, help_text=_("Numbers with a space between."))

    def clean_days(self) -> list[int]:
        """Return the numbers."""
        words = str(self.cleaned_data["days"]).replace(",", " ").replace("，", " ").replace("、", " ").split()
        if not all(word.isascii() and word.isdecimal() and len(word) < 4 for word in words):
            raise ValidationError(gettext("Give numbers of days, with a space between."))
        return [int(word) for word in words]


@door(Permission.SETTINGS)
def reminders(request: ConsoleRequest) -> HttpResponse:
    """Say and change when managers are told that a contract ends."""
    initial = {"days": " ".join(str(days) for days in queries.reminder_days())}
    form = ReminderForm(request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        actions.set_reminder_days(given["days"], at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:settings-reminders")
    up = {"url": reverse("web:settings")}
    return show(request, "form", "settings-reminders", form=form, title=_("Contract reminders"), verb=_("Save"), up=up)


urlpatterns = [path("settings/reminders", reminders, name="settings-reminders")]
