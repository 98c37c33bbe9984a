"""The lists of alarms and of the names that could not be placed: columns, filters and orders (G1)."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.faces.ui.tags import marks
from mainstay.faces.web import listing
from mainstay.faces.web.causes import effect_state
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.network.alarms.choices import PerceivedSeverity, QuarantineStatus
from mainstay.network.alarms.queries import alarms as queries
from mainstay.platform.identity.choices import Permission


def wanted(asked: Asked) -> queries.AlarmFilter:
    """Read the filters from the address."""
    given = asked.given
    return queries.AlarmFilter(
        standing="cleared" not in given,
        severity=given.get("severity", ""),
        source=given.get("source", ""),
        text=given.get("q", "").strip(),
        incident_id=listing.number_of(given.get("incident")),
        unacknowledged="new" in given,
    )


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar (1 query)."""
    severities = [choice for choice in PerceivedSeverity.choices if choice[0] != PerceivedSeverity.CLEARED]
    sources = [(source.code, source.name) for source in queries.sources()]
    return [
        {"name": "q", "label": _("Resource or alarm type"), "kind": "search"},
        {"name": "severity", "label": _("Severity"), "kind": "chips", "options": severities},
        {"name": "new", "label": _("Not acknowledged"), "kind": "toggle"},
        {"name": "cleared", "label": _("Cleared ones too"), "kind": "toggle"},
        {"name": "source", "label": _("Source"), "kind": "choice", "options": sources},
    ]


def _matching(asked: Asked) -> Any:
    return queries.alarms_matching(asked.actor, wanted(asked), sort=asked.given.get("sort", "raised"))


def _fetch(rows: Any, asked: Asked) -> Any:
    return rows.select_related("resource", *asked.needs)


def _effect(alarm: Any, asked: Asked) -> object:
    if alarm.cleared_at:
        return cells.state("up", asked.at, since=alarm.cleared_at, label=gettext("cleared"))
    if alarm.planned:
        return cells.state("planned", asked.at)
    return cells.state(effect_state(alarm), asked.at, label=alarm.get_effect_display())


def _resource(alarm: Any, asked: Asked) -> object:
    return cells.link("alarm", alarm.pk, alarm.resource.name, css="row-link")


def _type(alarm: Any, asked: Asked) -> object:
    flaps = format_html(' <span class="text-secondary">{}</span>', gettext("flapping")) if alarm.flapping else ""
    off = gettext("The source’s clock is off; judged by the time of receipt.")
    clock = format_html(' <span title="{}">{}</span>', off, marks.icon("clock-x")) if alarm.clock_off else ""
    return format_html("{}{}{}", alarm.alarm_type, flaps, clock)


def _incident(alarm: Any, asked: Asked) -> object:
    if alarm.incident_id is None:
        return cells.NONE
    cause = format_html(' <span class="text-secondary">{}</span>', gettext("cause")) if alarm.is_cause else ""
    where = reverse("web:incident", args=[alarm.incident_id])
    return format_html(
        '<a href="{}" title="{}">{}</a>{}', where, alarm.incident.cause_label, alarm.incident.number, cause
    )


def _at(name: str) -> tuple[Any, Any]:
    return (lambda r, a: cells.instant(getattr(r, name), a.at)), (lambda r, _a: getattr(r, name))


def _acknowledged(alarm: Any, asked: Asked) -> object:
    if not alarm.acknowledged_at:
        return cells.NONE
    return format_html("{} {}", alarm.acknowledged_by, cells.instant(alarm.acknowledged_at, asked.at))


def _name(name: str) -> tuple[Any, Any]:
    return (lambda r, _a: cells.text(getattr(r.resource, name))), (lambda r, _a: getattr(r.resource, name))


ALARM_COLUMNS = (
    column("resource", _("Resource"), _resource, lambda r, _a: r.resource.name, fixed=True),
    column("effect", _("Effect"), _effect, lambda r, _a: gettext("cleared") if r.cleared_at else r.get_effect_display(),
           sort="severity"),
    column("type", _("Alarm type"), _type, lambda r, _a: r.alarm_type),
    column("severity", _("Severity"), lambda r, _a: r.get_severity_display()),
    column("incident", _("Incident"), _incident, lambda r, _a: r.incident.number if r.incident_id else "",
           needs=("incident",)),
    column("raised", _("Raised at"), *_at("raised_at"), sort="raised"),
    column("last", _("Last report"), *_at("last_at"), sort="last"),
    column("reports", _("Reports"), lambda r, _a: r.reports, sort="reports", numeric=True),
    column("source", _("Source"), lambda r, _a: r.source.name, needs=("source",)),
    column("acknowledged", _("Acknowledged"), _acknowledged, lambda r, _a: r.acknowledged_by,
           (_("Acknowledged at"), lambda r, _a: r.acknowledged_at)),
    column("code", _("Code of the resource"), *_name("code"), shown=False),
    column("cleared", _("Cleared at"), *_at("cleared_at"), shown=False),
    column("region", _("Region code"), *_name("region_code"), shown=False),
)  # fmt: skip

ALARMS = ListPage(
    name="alarms",
    title=_("Alarms"),
    object_kind="alarm",
    columns=ALARM_COLUMNS,
    matching=_matching,
    visible=queries.visible_to,
    fetch=_fetch,
    url=lambda r: reverse("web:alarm", args=[r.pk]),
    id_of=lambda r: int(r.pk),
    label_of=lambda r: f"{r.resource.name} {r.alarm_type}",
    filters=filters,
    sorts=frozenset(queries.SORTS),
    others=frozenset({"incident"}),
    live="alarm",
    empty=(
        _("No alarm matches"),
        _("Alarms appear as sources deliver them. Widen the filters, or show cleared ones too."),
        "bell-off",
    ),
    permission=Permission.READ_ALARMS,
)


def status_of(asked: Asked) -> str:
    """Return which names the address asks for."""
    status = asked.given.get("status", "")
    return status if status in QuarantineStatus.values else QuarantineStatus.OPEN


QUARANTINE_SORTS = {"reports": ("reports", "id"), "first": ("first_at", "id"), "last": ("last_at", "id")}


def _names(asked: Asked) -> Any:
    rows = queries.visible_names(asked.actor).filter(status=status_of(asked))
    return listing.ordered(rows, asked.given.get("sort", ""), QUARANTINE_SORTS, default="-reports")


def _decided(r: Any, asked: Asked) -> object:
    if not r.decided_at:
        return cells.NONE
    to = f" → {r.resource.name}" if r.resource else ""
    return format_html("{} {}{}", r.decided_by, cells.instant(r.decided_at, asked.at), to)


QUARANTINE_COLUMNS = (
    column("name", _("Name in the alarm"),
           lambda r, a: cells.link("quarantine-decide", r.pk, r.resource_ref, css="row-link")
           if a.actor.may(Permission.WORK_INCIDENTS) else r.resource_ref,
           lambda r, _a: r.resource_ref, fixed=True),
    column("source", _("Source"), lambda r, _a: r.source.name),
    column("reports", _("Reports"), lambda r, _a: r.reports, numeric=True, sort="reports"),
    column("first", _("First"), *_at("first_at"), sort="first"),
    column("last", _("Last"), *_at("last_at"), sort="last"),
    column("text", _("Last text"), lambda r, _a: cells.text(r.last_text), lambda r, _a: r.last_text),
    column("decided", _("Decided"), _decided, lambda r, _a: r.decided_by, (_("Decided at"), lambda r, _a: r.decided_at),
           shown=False),
)  # fmt: skip

QUARANTINE = ListPage(
    name="quarantine",
    title=_("Quarantine"),
    object_kind="quarantine",
    columns=QUARANTINE_COLUMNS,
    matching=_names,
    visible=queries.visible_names,
    fetch=lambda rows, _asked: rows.select_related("source", "resource"),
    url=lambda r: reverse("web:quarantine-decide", args=[r.pk]),
    opened_with=Permission.WORK_INCIDENTS,
    id_of=lambda r: int(r.pk),
    label_of=lambda r: str(r.resource_ref),
    sorts=frozenset(QUARANTINE_SORTS),
    others=frozenset({"status"}),
    live="alarm",
    permission=Permission.READ_ALARMS,
)
