"""Which systems deliver alarms, and what each kind of alarm does to service."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.settings.alarm_rules import EXPLAINED, sentence, trial
from mainstay.faces.web.settings.pages import show
from mainstay.network.alarms.queries import alarms
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_ALARMS)
def sources(request: ConsoleRequest) -> HttpResponse:
    """List the sources, how they are read, and which are silent."""
    return show(request, "sources", "settings-sources", sources=alarms.sources(), may_write=may_write(request))


@door(Permission.READ_ALARMS)
def effects(request: ConsoleRequest) -> HttpResponse:
    """List the rules that say what an alarm does to service: stated assumptions."""
    if request.htmx:
        return render(request, "web/settings/_verdict.html", trial(request))
    rules = [(rule, sentence(rule)) for rule in alarms.rules()]
    context = {"rules": rules, "explained": EXPLAINED, "may_write": may_write(request), **trial(request)}
    return show(request, "effects", "settings-effects", **context)


def may_write(request: ConsoleRequest) -> bool:
    """Say whether the reader may change settings."""
    return request.actor.may(Permission.SETTINGS)


urlpatterns = [
    path("settings/sources", sources, name="settings-sources"),
    path("settings/effects", effects, name="settings-effects"),
]
