"""The list of compensations: its columns, filters and orders (H8)."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.faces.web import listing
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.service.compensation.choices import ClaimKind, ClaimStatus
from mainstay.service.compensation.queries import claims

SHOWN_MONTHS = 12


def month_of(text: str | None) -> date | None:
    """Read a month from the URL, 2026-09."""
    found = listing.day_of(f"{text}-01") if text and len(text) == 7 else None
    return found.replace(day=1) if found else None


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar."""
    months = [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in claims.months(actor)[:SHOWN_MONTHS]]
    return [
        {"name": "q", "label": _("Number, customer or circuit"), "kind": "search"},
        {"name": "status", "label": _("Status"), "kind": "choice", "options": ClaimStatus.choices},
        {"name": "month", "label": _("Month"), "kind": "choice", "options": months},
        {"name": "kind", "label": _("Kind"), "kind": "chips", "options": ClaimKind.choices},
    ]


def wanted(asked: Asked) -> claims.ClaimFilter:
    """Read the filters from the address."""
    given = asked.given
    return claims.ClaimFilter(
        status=given.get("status", ""), month=month_of(given.get("month")), kind=given.get("kind", ""),
        customer_id=listing.number_of(given.get("customer")), circuit_id=listing.number_of(given.get("circuit")),
        contract_id=listing.number_of(given.get("contract")), run_id=listing.number_of(given.get("run")),
        text=given.get("q", ""),
    )  # fmt: skip


def _matching(asked: Asked) -> Any:
    rows = claims.matching(asked.actor, wanted(asked))
    return listing.ordered(rows, asked.given.get("sort", ""), claims.SORTS, default="-month")


def _rows(found: list[Any], _asked: Asked) -> list[claims.ClaimRow]:
    return [claims.row_of(claim) for claim in found]


COLUMNS = (
    column("number", _("Number"), lambda r, _a: cells.link("compensation", r.id, r.number, css="row-link"),
           lambda r, _a: r.number, css="text-nowrap", fixed=True),
    column("status", _("Status"), lambda r, _a: r.status_label, css="text-nowrap", sort="status"),
    column("month", _("Month"), lambda r, _a: f"{r.month:%Y-%m}", sort="month", css="text-nowrap"),
    column("customer", _("Customer"), lambda r, _a: cells.link("customer", r.customer_id, r.customer_name),
           lambda r, _a: r.customer_name, sort="customer"),
    column("circuit", _("Circuit"), lambda r, _a: cells.link("circuit", r.circuit_id, r.circuit_number),
           lambda r, _a: r.circuit_number, css="text-nowrap"),
    column("clause", _("Clause"), lambda r, _a: cells.text(r.clause_name or r.kind_label),
           lambda r, _a: r.clause_name),
    column("amount", _("Owed"), lambda r, _a: r.amount, (_("Amount, yuan"), lambda r, _a: r.amount_fen / 100),
           sort="amount", numeric=True, css="text-nowrap"),
    column("kind", _("Kind"), lambda r, _a: r.kind_label, shown=False),
    column("proposed", _("Proposed at"), lambda r, a: cells.instant(r.proposed_at, a.at), lambda r, _a: r.proposed_at,
           sort="proposed", css="text-nowrap"),
    column("by", _("Proposed by"), lambda r, _a: cells.person(r.proposed_by), lambda r, _a: r.proposed_by,
           shown=False),
)  # fmt: skip

COMPENSATION = ListPage(
    name="compensations",
    title=_("Compensation"),
    object_kind="compensation",
    columns=COLUMNS,
    matching=_matching,
    visible=claims.visible_to,
    fetch=lambda rows, _asked: claims.fetched(rows),
    rows=_rows,
    url=lambda r: reverse("web:compensation", args=[r.id]),
    id_of=lambda r: int(r.id),
    label_of=lambda r: str(r.number),
    filters=filters,
    sorts=frozenset(claims.SORTS),
    others=frozenset({"customer", "circuit", "contract", "run"}),
    live="compensation",
    empty=(
        _("No compensation"),
        _("After a month is closed, what the clauses give for missed promises is proposed here, with every step of "
          "its reckoning; a second person decides."),
        "coins",
    ),
)  # fmt: skip
