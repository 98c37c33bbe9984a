"""The list of tickets: its columns, filters and orders (H1, H2)."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.domain.actor import Actor
from mainstay.faces.web import listing
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places
from mainstay.service.tickets.choices import CauseCode, Responsibility, TicketKind, TicketStatus
from mainstay.service.tickets.queries import lists, readings

TABS: dict[str, tuple[Any, dict[str, Any]]] = {
    "live": (_("Live"), {"status": "live"}),
    "mine": (_("Mine"), {"status": "live", "mine": True}),
    "unclaimed": (_("Unclaimed"), {"status": "live", "unassigned": True}),
    "to-confirm": (_("To be confirmed"), {"status": TicketStatus.RESOLVED}),
    "breached": (_("Promise missed"), {"status": "live", "breached": True}),
    "all": (_("All"), {}),
}


class Row(NamedTuple):
    """A ticket as the list shows it, and as it is stored."""

    row: readings.TicketRow
    ticket: Any
    region: str


def tab_of(asked: Asked) -> str:
    """Return the tab the address names."""
    tab = asked.given.get("tab", "live")
    return tab if tab in TABS else "live"


def wanted(asked: Asked) -> lists.TicketFilter:
    """Read the filters from the address."""
    given = asked.given
    return lists.TicketFilter(
        **TABS[tab_of(asked)][1],
        grade=given.get("grade", ""),
        kind=given.get("kind", ""),
        customer_id=listing.number_of(given.get("customer")),
        q=given.get("q", ""),
    )


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar."""
    return [
        {"name": "q", "label": _("Number, customer, circuit or title"), "kind": "search"},
        {"name": "grade", "label": _("Grade"), "kind": "chips", "options": CircuitGrade.choices},
        {"name": "kind", "label": _("Kind"), "kind": "choice", "options": TicketKind.choices},
    ]


def _matching(asked: Asked) -> Any:
    sort = asked.given.get("sort") or ("-opened" if tab_of(asked) == "all" else "deadline")
    return lists.tickets_matching(asked.actor, wanted(asked), sort=sort)


def _fetch(rows: Any, asked: Asked) -> Any:
    return rows.select_related(*readings.ROW_RELATIONS, *(asked.needs - {"region"}))


def _rows(found: list[Any], asked: Asked) -> list[Row]:
    codes = {ticket.region_code for ticket in found} if "region" in asked.needs else set()
    names = places.names(sorted(codes)) if codes else {}
    told = readings.rows_of(found, asked.at)
    return [Row(row, ticket, names.get(row.region_code, row.region_code))
            for row, ticket in zip(told, found, strict=True)]  # fmt: skip


def _title(r: Row, asked: Asked) -> object:
    if not r.row.is_repeat:
        return r.row.title
    return format_html('{} <span class="ms-tag">{}</span>', r.row.title, gettext("repeated"))


def _assigned(r: Row, asked: Asked) -> object:
    if r.row.assigned_to:
        return cells.person(r.row.assigned_to)
    return format_html('<span class="ms-unclaimed">{}</span>', gettext("unclaimed"))


def _incident(r: Row, asked: Asked) -> object:
    if r.row.incident_id and asked.actor.may(Permission.READ_ALARMS):
        return cells.link("incident", r.row.incident_id, r.row.incident_number)
    return cells.text(r.row.incident_number)


def _cause(r: Row, asked: Asked) -> str:
    code = r.row.cause_code
    return str(CauseCode(code).label) if code in CauseCode.values else code


def _side(r: Row, asked: Asked) -> str:
    return str(Responsibility(r.row.responsibility).label) if r.row.responsibility else ""


def _people(name: str) -> tuple[Any, Any]:
    def value(r: Row, asked: Asked) -> str:
        return str(getattr(r.ticket.customer, name) or "")

    return (lambda r, asked: cells.person(value(r, asked))), value


def _circuits(r: Row, asked: Asked) -> str:
    return " ".join(number for _id, number in r.row.circuits)


def _at(name: str) -> tuple[Any, Any]:
    return (lambda r, a: cells.instant(getattr(r.row, name), a.at)), (lambda r, _a: getattr(r.row, name))


COLUMNS = (
    column("number", _("Number"), lambda r, _a: cells.link("ticket", r.row.id, r.row.number, css="row-link"),
           lambda r, _a: r.row.number, css="text-nowrap", fixed=True),
    column("clock", _("Clock"), lambda r, a: cells.clock(r.row.clock, a.at),
           (_("Deadline"), lambda r, _a: r.row.clock and r.row.clock.deadline_at),
           (_("Remaining, in seconds"), lambda r, _a: r.row.clock and r.row.clock.remaining_seconds),
           (_("Missed at"), lambda r, _a: r.row.breached_at), sort="deadline"),
    column("grade", _("Grade"), lambda r, _a: cells.grade(r.row.grade), lambda r, _a: r.row.grade, sort="grade"),
    column("customer", _("Customer"), lambda r, _a: cells.link("customer", r.row.customer_id, r.row.customer_name),
           lambda r, _a: r.row.customer_name, sort="customer"),
    column("title", _("Title"), _title, lambda r, _a: r.row.title),
    column("status", _("Status"), lambda r, _a: r.row.status_label, css="text-nowrap", sort="status"),
    column("assigned", _("Assigned to"), _assigned, lambda r, _a: r.row.assigned_to),
    column("next_update", _("Next update"), *_at("next_update_at"), css="text-nowrap"),
    column("opened", _("Opened"), *_at("opened_at"), css="text-nowrap", sort="opened"),
    column("incident", _("Incident"), _incident, lambda r, _a: r.row.incident_number),
    column("circuits", _("Circuits"), lambda r, a: cells.text(_circuits(r, a)), _circuits, shown=False),
    column("kind", _("Kind"), lambda r, _a: r.row.kind_label, shown=False),
    column("origin", _("Reported by way of"), lambda r, _a: r.row.origin_label, shown=False),
    column("responsibility", _("Responsibility"), lambda r, a: cells.text(_side(r, a)), _side, shown=False),
    column("cause", _("Cause"), lambda r, a: cells.text(_cause(r, a)), _cause, shown=False),
    column("region", _("Region"), lambda r, _a: cells.text(r.region), lambda r, _a: r.region, shown=False,
           needs=("region",)),
    column("manager", _("Account manager"), *_people("account_manager"), shown=False,
           needs=("customer__account_manager",)),
    column("engineer", _("Customer engineer"), *_people("customer_engineer"), shown=False,
           needs=("customer__customer_engineer",)),
    column("resolved", _("Resolved"), *_at("resolved_at"), css="text-nowrap", shown=False),
    column("closed", _("Closed"), *_at("closed_at"), css="text-nowrap", shown=False),
    column("missed", _("Missed at"), *_at("breached_at"), css="text-nowrap", shown=False),
)  # fmt: skip

TICKETS = ListPage(
    name="tickets",
    title=_("Tickets"),
    object_kind="ticket",
    columns=COLUMNS,
    matching=_matching,
    visible=lists.visible_to,
    fetch=_fetch,
    rows=_rows,
    url=lambda r: reverse("web:ticket", args=[r.row.id]),
    id_of=lambda r: int(r.row.id),
    label_of=lambda r: str(r.row.number),
    filters=filters,
    sorts=frozenset(lists.SORTS),
    others=frozenset({"tab", "customer"}),
    live="ticket",
    empty=(
        _("No ticket matches"),
        _("A ticket opens by itself when a circuit goes down, or when a fault is reported."),
        "ticket",
    ),
    windowed=True,
)
