"""Which systems deliver alarms, and what each kind of alarm does to service."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.settings.alarm_rules import EXPLAINED, sentence, trial
from mainstay.faces.web.settings.pages import show
from mainstay.network.alarms.queries import alarms
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places

HEAD = (_("Code"), _("Source"), _("Region it watches"), _("Last report"), _("Silent since"))
RULE_HEAD = (_("Source"), _("Alarm type"), _("Resource"), _("Severity"), _("Effect"), _("Note"))


@door(Permission.READ_ALARMS)
def sources(request: ConsoleRequest) -> HttpResponse:
    """List the sources, how they are read, and which are silent."""
    if listing.wants_file(request):
        return listing.list_file(request, "alarm-sources", HEAD, alarms.sources(), cells)
    found, names = alarms.sources(), {region.code: region.name for region in places.regions()}
    rows = [(source, names.get(source.region_code, source.region_code)) for source in found]
    context = {"sources": rows, "may_write": may_write(request), **listing.export_urls(request)}
    return show(request, "sources", "settings-sources", **context)


def cells(source: Any) -> tuple[object, ...]:
    """Return a source as a row of the export."""
    return source.code, source.name, source.region_code, source.last_report_at, source.silent_since


@door(Permission.READ_ALARMS)
def effects(request: ConsoleRequest) -> HttpResponse:
    """List the rules that say what an alarm does to service: stated assumptions."""
    if request.htmx:
        return render(request, "web/settings/_verdict.html", trial(request))
    if listing.wants_file(request):
        return listing.list_file(request, "effect-rules", RULE_HEAD, alarms.rules(), rule_cells)
    rules = [(rule, sentence(rule)) for rule in alarms.rules()]
    context = {"rules": rules, "explained": EXPLAINED, "may_write": may_write(request), **trial(request)}
    context |= listing.export_urls(request)
    return show(request, "effects", "settings-effects", **context)


def rule_cells(rule: Any) -> tuple[object, ...]:
    """Return a rule as a row of the export."""
    return (
        rule.source and rule.source.name, rule.alarm_type, rule.resource_kind,
        rule.get_severity_display() if rule.severity else "", rule.get_effect_display(), rule.note,
    )  # fmt: skip


def may_write(request: ConsoleRequest) -> bool:
    """Say whether the reader may change settings."""
    return request.actor.may(Permission.SETTINGS)


urlpatterns = [
    path("settings/sources", sources, name="settings-sources"),
    path("settings/effects", effects, name="settings-effects"),
]
