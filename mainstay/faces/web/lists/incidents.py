"""The list of incidents: its columns, filters and orders (G2, G3)."""

from typing import Any

from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.faces.web.causes import told
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.faces.web.states import WORDS
from mainstay.network.alarms.choices import IncidentStatus
from mainstay.network.alarms.queries import incidents as queries
from mainstay.network.inventory.choices import LiveState
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places

TABS: dict[str, tuple[Any, dict[str, Any]]] = {
    "live": (_("Live"), {"status": "live"}),
    "mine": (_("Mine"), {"status": "live", "mine": True}),
    "closed": (IncidentStatus.CLOSED.label, {"status": IncidentStatus.CLOSED}),
    "all": (_("All"), {"status": ""}),
}


def tab_of(asked: Asked) -> str:
    """Return the tab the address names."""
    tab = asked.given.get("tab", "live")
    return tab if tab in TABS else "live"


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar."""
    states = [(WORDS[state], state.label) for state in reversed(LiveState) if state != LiveState.UP]
    return [
        {"name": "q", "label": _("Cause"), "kind": "search"},
        {"name": "state", "label": _("State"), "kind": "chips", "options": states},
        {"name": "customers", "label": _("With customers hit"), "kind": "toggle"},
    ]


def _matching(asked: Asked) -> Any:
    given, states = asked.given, {name: value for value, name in WORDS.items()}
    wanted = queries.IncidentFilter(
        **TABS[tab_of(asked)][1],
        state=states.get(given.get("state", "")),
        text=given.get("q", "").strip(),
        with_customers="customers" in given,
    )
    return queries.incidents_matching(asked.actor, wanted, sort=given.get("sort", "opened"))


COUNTED, REGION = "counted", "region"


def _fetch(rows: Any, asked: Asked) -> Any:
    return rows.select_related("cause", *(asked.needs - {COUNTED, REGION}))


def _rows(found: list[Any], asked: Asked) -> list[Any]:
    if COUNTED in asked.needs:
        queries.count_impacts(found, asked.actor)
    names = places.names(sorted({i.region_code for i in found})) if REGION in asked.needs else {}
    for incident in found:
        incident.region_name = names.get(incident.region_code, incident.region_code)
        told(incident)
    return found


def _state(i: Any, asked: Asked) -> object:
    if i.restored_at:
        return cells.state("up", asked.at, label=gettext("restored"))
    return cells.state(i.state, asked.at, label=i.state_label)


def _cause(i: Any, asked: Asked) -> object:
    if not i.cause_inferred:
        return i.cause_label
    return format_html('{} <span class="text-secondary">{}</span>', i.cause_label, gettext("inferred"))


def _hits(name: str) -> Any:
    def cell(i: Any, asked: Asked) -> object:
        return format_html('<a href="{}#hits">{}</a>', reverse("web:incident", args=[i.pk]), getattr(i, name))

    return cell


def _grades(i: Any, asked: Asked) -> object:
    template = get_template("web/incidents/_grades.html")
    return template.render({"incident": i})


def _alarms(i: Any, asked: Asked) -> object:
    return format_html('<a href="{}?incident={}">{}</a>', reverse("web:alarms"), i.pk, i.standing)


def _at(name: str) -> tuple[Any, Any]:
    return (lambda i, a: cells.instant(getattr(i, name), a.at)), (lambda i, _a: getattr(i, name))


def _holder(i: Any) -> str:
    return i.claimed_by.display_name if i.claimed_by else ""


COLUMNS = (
    column("number", _("Number"), lambda i, _a: cells.link("incident", i.pk, i.number, css="row-link"),
           lambda i, _a: i.number, css="text-nowrap", fixed=True),
    column("state", _("State"), _state,
           lambda i, _a: gettext("restored") if i.restored_at else i.get_worst_state_display(),
           sort="state"),
    column("cause", _("Cause"), _cause, lambda i, _a: i.cause_label),
    column("customers", _("Customers"), _hits("customers"), lambda i, _a: i.customers, numeric=True, needs=(COUNTED,)),
    column("circuits", _("Circuits"), _hits("circuits"), lambda i, _a: i.circuits, numeric=True, needs=(COUNTED,)),
    column("grades", _("Grades"), _grades, lambda i, _a: " ".join(f"{g} {n}" for g, n in i.grades_shown),
           css="text-nowrap", needs=(COUNTED,)),
    column("alarms", _("Alarms"), _alarms, lambda i, _a: i.standing, numeric=True, needs=(COUNTED,)),
    column("handling", _("Handling"), lambda i, _a: i.get_status_display()),
    column("claimed", _("Claimed by"), lambda i, _a: cells.person(_holder(i)), lambda i, _a: _holder(i),
           needs=("claimed_by",)),
    column("opened", _("Began"), *_at("opened_at"), sort="opened"),
    column("eta", _("Expected back"), *_at("eta_at")),
    column("next_update", _("Next update"), *_at("next_update_at"), shown=False),
    column("restored", _("Restored"), *_at("restored_at"), shown=False),
    column("closed", _("Closed"), *_at("closed_at"), shown=False),
    column("region", _("Region"), lambda i, _a: cells.text(i.region_name), lambda i, _a: i.region_name, shown=False,
           needs=(REGION,)),
)  # fmt: skip

INCIDENTS = ListPage(
    name="incidents",
    title=_("Incidents"),
    object_kind="incident",
    columns=COLUMNS,
    matching=_matching,
    visible=queries.visible_to,
    fetch=_fetch,
    rows=_rows,
    url=lambda i: reverse("web:incident", args=[i.pk]),
    id_of=lambda i: int(i.pk),
    label_of=lambda i: str(i.number),
    filters=filters,
    sorts=frozenset(queries.SORTS),
    others=frozenset({"tab"}),
    live="incident impact circuit",
    empty=(
        _("No incident matches"),
        _(
            "An incident opens by itself when an alarm touches what circuits run on. "
            "Widen the filters to see closed ones."
        ),
        "alert-triangle",
    ),
    permission=Permission.READ_ALARMS,
)
