"""The list of circuits: its columns, filters and orders (E1, E2)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.domain.actor import Actor
from mainstay.faces.ui.tags import marks
from mainstay.faces.ui.words import STATE_WORDS
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.faces.web.states import state_of
from mainstay.network.inventory.choices import CircuitStatus, Technology
from mainstay.network.inventory.queries import circuits as queries
from mainstay.platform.places import queries as places


def wanted(asked: Asked) -> queries.CircuitFilters:
    """Read the filters from the address."""
    given = asked.given
    return queries.CircuitFilters(
        text=given.get("q", ""),
        state=given.get("state", ""),
        grade=given.get("grade", ""),
        technology=given.get("technology", ""),
        region=given.get("region", ""),
        status=given.get("status") or CircuitStatus.ACTIVE,
    )


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar; the states carry their counts (1 query)."""
    counts = queries.state_counts(actor)
    impaired = sum(count for state, count in counts.items() if state != "up")
    states = [(name, STATE_WORDS[name], counts.get(name, 0)) for name in ("down", "degraded", "unprotected", "up")]
    return [
        {"name": "q", "label": _("Number, name or customer"), "kind": "search"},
        {
            "name": "state",
            "label": _("State"),
            "kind": "chips",
            "options": [("impaired", _("Impaired"), impaired), *states],
        },
        {"name": "grade", "label": _("Grade"), "kind": "choice", "options": CircuitGrade.choices},
        {"name": "technology", "label": _("Technology"), "kind": "choice", "options": Technology.choices},
        {"name": "status", "label": _("Status"), "kind": "choice", "options": CircuitStatus.choices},
    ]


def _matching(asked: Asked) -> Any:
    return queries.matching(asked.actor, wanted(asked), sort=asked.given.get("sort", "-state"))


ENDS, REGION = "ends", "region"


def _fetch(rows: Any, asked: Asked) -> Any:
    return rows.select_related("customer", "live", *(asked.needs - {ENDS, REGION}))


def _rows(found: list[Any], asked: Asked) -> list[Any]:
    sides = queries.end_names([circuit.pk for circuit in found]) if ENDS in asked.needs else {}
    names = places.names(sorted({c.region_code for c in found})) if REGION in asked.needs else {}
    for circuit in found:
        circuit.side_names = sides.get(circuit.pk, {})
        circuit.region_name = names.get(circuit.region_code, circuit.region_code)
    return found


def _side(side: str) -> tuple[Any, Any]:
    return (lambda c, _a: cells.text(c.side_names.get(side))), (lambda c, _a: c.side_names.get(side, ""))


def _contract(c: Any) -> Any:
    return c.contract_line.contract if c.contract_line_id else None


def _contract_link(c: Any, asked: Asked) -> object:
    found = _contract(c)
    return cells.link("contract", found.pk, found.number) if found else cells.NONE


CONTRACT = ("contract_line__contract",)
COLUMNS = (
    column("number", _("Number"), lambda c, _a: cells.link("circuit", c.pk, c.number, css="row-link"),
           lambda c, _a: c.number, sort="number", css="text-nowrap", fixed=True),
    column("state", _("State"), lambda c, a: cells.state(state_of(c), a.at, since=c.live_since),
           lambda c, _a: STATE_WORDS[state_of(c)], (_("Since"), lambda c, _a: c.live_since), sort="state"),
    column("grade", _("Grade"), lambda c, _a: cells.grade(c.grade), lambda c, _a: c.grade, sort="grade"),
    column("customer", _("Customer"), lambda c, _a: cells.link("customer", c.customer_id, c.customer),
           lambda c, _a: c.customer.name, sort="customer"),
    column("name", _("Name"), lambda c, _a: cells.text(c.name), lambda c, _a: c.name),
    column("technology", _("Technology"), lambda c, _a: c.get_technology_display()),
    column("bandwidth", _("Bandwidth"), lambda c, _a: marks.bandwidth(c.bandwidth_kbps),
           (_("kbit/s"), lambda c, _a: c.bandwidth_kbps), sort="bandwidth", numeric=True),
    column("a_end", _("A end"), *_side("A"), shown=False, needs=(ENDS,)),
    column("z_end", _("Z end"), *_side("Z"), shown=False, needs=(ENDS,)),
    column("contract", _("Contract"), _contract_link, lambda c, _a: getattr(_contract(c), "number", ""), shown=False,
           needs=CONTRACT),
    column("ends_on", _("Contract ends on"), lambda c, _a: cells.day(getattr(_contract(c), "ends_on", None)),
           lambda c, _a: getattr(_contract(c), "ends_on", None), css="text-nowrap", shown=False, needs=CONTRACT),
    column("manager", _("Account manager"), lambda c, _a: cells.person(str(c.customer.account_manager or "")),
           lambda c, _a: str(c.customer.account_manager or ""), shown=False, needs=("customer__account_manager",)),
    column("product", _("Product"), lambda c, _a: c.product.name, shown=False, needs=("product",)),
    column("reach", _("Reach"), lambda c, _a: cells.text(c.get_reach_display()), lambda c, _a: c.get_reach_display(),
           shown=False),
    column("region", _("Region"), lambda c, _a: cells.text(c.region_name), lambda c, _a: c.region_name, shown=False,
           needs=(REGION,)),
    column("since", _("State since"), lambda c, a: cells.instant(c.live_since, a.at), lambda c, _a: c.live_since,
           sort="since", css="text-nowrap", shown=False),
    column("opened", _("Opened on"), lambda c, _a: cells.day(c.opened_on), lambda c, _a: c.opened_on, css="text-nowrap",
           shown=False),
    column("status", _("Status"), lambda c, _a: c.get_status_display(), shown=False),
)  # fmt: skip

CIRCUITS = ListPage(
    name="circuits",
    title=_("Circuits"),
    object_kind="circuit",
    columns=COLUMNS,
    matching=_matching,
    visible=queries.visible_to,
    fetch=_fetch,
    rows=_rows,
    url=lambda c: reverse("web:circuit", args=[c.pk]),
    id_of=lambda c: int(c.pk),
    label_of=lambda c: str(c.number),
    filters=filters,
    sorts=frozenset(queries.SORTS),
    others=frozenset({"region"}),
    live="circuit",
    empty=(
        _("No circuit matches"),
        _("Circuits come from the inventory import. Widen the filters to see more."),
        "route",
    ),
)
