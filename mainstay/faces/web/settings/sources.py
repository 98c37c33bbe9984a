"""Which systems deliver alarms, and what each kind of alarm does to service."""

from django.http import HttpResponse
from django.urls import path

from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.settings.pages import show
from mainstay.network.alarms.queries import alarms
from mainstay.network.inventory.choices import ResourceKind
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_ALARMS)
def sources(request: ConsoleRequest) -> HttpResponse:
    """List the sources, how they are read, and which are silent."""
    return show(request, "sources", "settings-sources", sources=alarms.sources())


@door(Permission.READ_ALARMS)
def effects(request: ConsoleRequest) -> HttpResponse:
    """List the rules that say what an alarm does to service: stated assumptions."""
    kinds = dict(ResourceKind.choices)
    rules = [(rule, kinds.get(rule.resource_kind, "")) for rule in alarms.rules()]
    return show(request, "effects", "settings-effects", rules=rules)


urlpatterns = [
    path("settings/sources", sources, name="settings-sources"),
    path("settings/effects", effects, name="settings-effects"),
]
