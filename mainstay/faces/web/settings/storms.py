"""From where is it a storm, and what is measured now (G6)?"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.network.alarms.actions import storms as actions
from mainstay.network.alarms.queries import storms
from mainstay.platform.identity.choices import Permission

MOST = 10_000_000


class StormForm(forms.Form):
    """The thresholds of domain.storm, one by one."""

    rate_least = forms.IntegerField(label=_("Reports a minute, at least"), min_value=1, max_value=MOST)
    rate_times = forms.IntegerField(
        label=_("Times the usual rate"),
        min_value=1,
        max_value=1000,
        help_text=_(
            "A rate counts from so many times the mean of a day without storms, but never below the number above."
        ),
    )
    backlog = forms.IntegerField(label=_("Reports waiting to be judged"), min_value=1, max_value=MOST)
    behind_s = forms.IntegerField(label=_("Judging behind by, in seconds"), min_value=1, max_value=86400)
    causes = forms.IntegerField(label=_("Causes that stand at once"), min_value=1, max_value=MOST)
    calm_percent = forms.IntegerField(label=_("It is over below, in percent"), min_value=1, max_value=100)
    calm_s = forms.IntegerField(label=_("… for so many seconds"), min_value=10, max_value=86400)


@door(Permission.SETTINGS)
def storm(request: ConsoleRequest) -> HttpResponse:
    """Change from where it is a storm."""
    at, kept = timezone.now(), storms.rule()
    form = StormForm(request.POST or None, initial={name: getattr(kept, name) for name in actions.RULE_FIELDS})

    def act(given: dict[str, Any]) -> None:
        actions.change_rule(given, at=at, by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Kept; it holds from the next second on."))
        return redirect("web:settings-storm")
    seen = storms.facts(at=at)
    said = gettext(
        "Now: %(per_minute)s reports a minute, usually %(usual)s, %(waiting)s waiting, %(causes)s causes."
    ) % {
        "per_minute": seen.per_minute,
        "usual": round(seen.usual_per_minute),
        "waiting": seen.waiting,
        "causes": seen.causes,
    }
    intro = f"{gettext('From where the wall turns to the storm view, and when it turns back.')} {said}"
    context = {"form": form, "title": _("Storm of alarms"), "intro": intro, "verb": _("Save")}
    answer = show(request, "form", "settings-storm", **context)
    answer.status_code = 422 if form.errors else 200
    return answer


urlpatterns = [path("settings/storm", storm, name="settings-storm")]
