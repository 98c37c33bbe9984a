"""The list of contracts: its columns, filters and orders (D1)."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.contracts import queries
from mainstay.accounts.contracts.choices import OVER, ContractStatus
from mainstay.domain.actor import Actor
from mainstay.faces.ui.tags import marks
from mainstay.faces.web import listing
from mainstay.faces.web.customer_tabs import yuan
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column

SOON = timedelta(days=90)
"""A contract that ends within this time wants to be renewed."""

SORTS = {
    "number": ("number",),
    "customer": ("customer__name", "number"),
    "price": ("monthly_fen", "number"),
    "lines": ("line_count", "number"),
    "ends": ("ends_key", "number"),
    "begins": ("starts_on", "number"),
}


def renewal(contract: Any, *, on: date) -> dict[str, Any]:
    """Say whether a contract runs, ends soon, or has run out; `urgent` when somebody should see to it."""
    if contract.status in OVER:
        return {"label": gettext("ended"), "urgent": False}
    if contract.status == ContractStatus.DRAFT:
        return {"label": gettext("not signed yet"), "urgent": False}
    if contract.starts_on > on:
        return {"label": gettext("has not begun"), "urgent": False}
    if contract.ends_on is None:
        return {"label": gettext("open-ended"), "urgent": False}
    left = (contract.ends_on - on).days
    if left < 0:
        return {"label": gettext("ran out %(n)s days ago") % {"n": -left}, "urgent": True}
    return {"label": gettext("%(n)s days left") % {"n": left}, "urgent": contract.ends_on < on + SOON}


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar."""
    return [
        {"name": "q", "label": _("Number, name or customer"), "kind": "search"},
        {"name": "status", "label": _("Status"), "kind": "chips", "options": ContractStatus.choices},
        {"name": "unregistered", "label": _("Not registered"), "kind": "toggle"},
        {"name": "soon", "label": _("Ends within 90 days"), "kind": "toggle"},
    ]


def _matching(asked: Asked) -> Any:
    given = asked.given
    before = timezone.localdate(asked.at) + SOON if "soon" in given else None
    wanted = queries.ContractFilter(
        text=given.get("q", "").strip(), status=given.get("status", ""), ends_before=before,
        unregistered="unregistered" in given,
    )  # fmt: skip
    return listing.ordered(queries.filtered(asked.actor, wanted), given.get("sort", ""), SORTS, default="ends")


def _fetch(rows: Any, asked: Asked) -> Any:
    return rows.select_related("customer", *asked.needs)


def _renewal(c: Any, asked: Asked) -> object:
    told = renewal(c, on=timezone.localdate(asked.at))
    if not told["urgent"]:
        return cells.quiet(told["label"])
    return format_html("<strong>{} {}</strong>", marks.icon("alert-triangle"), told["label"])


def _day(name: str) -> tuple[Any, Any]:
    return (lambda c, _a: cells.day(getattr(c, name))), (lambda c, _a: getattr(c, name))


COLUMNS = (
    column("number", _("Number"), lambda c, _a: cells.link("contract", c.pk, c.number, css="row-link"),
           lambda c, _a: c.number, sort="number", css="text-nowrap", fixed=True),
    column("customer", _("Customer"), lambda c, _a: cells.link("customer", c.customer_id, c.customer),
           lambda c, _a: c.customer.name, sort="customer"),
    column("name", _("Name"), lambda c, _a: cells.text(c.name), lambda c, _a: c.name),
    column("lines", _("Lines"), lambda c, _a: c.line_count, sort="lines", numeric=True),
    column("price", _("Monthly price"), lambda c, _a: yuan(c.monthly_fen or 0),
           lambda c, _a: (c.monthly_fen or 0) / 100,
           sort="price", numeric=True, css="text-nowrap"),
    column("begins", _("Begins on"), *_day("starts_on"), css="text-nowrap", sort="begins"),
    column("ends", _("Ends on"), *_day("ends_on"), css="text-nowrap", sort="ends"),
    column("renewal", _("Renewal"), _renewal, lambda c, a: renewal(c, on=timezone.localdate(a.at))["label"],
           css="text-nowrap"),
    column("status", _("Status"), lambda c, _a: c.get_status_display(), css="text-nowrap"),
    column("signed", _("Signed on"), *_day("signed_on"), css="text-nowrap", shown=False),
    column("manager", _("Account manager"), lambda c, _a: cells.person(str(c.customer.account_manager or "")),
           lambda c, _a: str(c.customer.account_manager or ""), shown=False, needs=("customer__account_manager",)),
    column("region", _("Region"), lambda c, _a: c.customer.region.name, shown=False, needs=("customer__region",)),
    column("registration", _("Registration"), lambda c, _a: cells.text(c.registration_number or "—"),
           lambda c, _a: c.registration_number, css="text-nowrap", shown=False),
    column("version", _("Version"), lambda c, _a: c.version, numeric=True, shown=False),
)  # fmt: skip

CONTRACTS = ListPage(
    name="contracts",
    title=_("Contracts"),
    object_kind="contract",
    columns=COLUMNS,
    matching=_matching,
    visible=lambda actor: queries.filtered(actor, queries.ContractFilter()),
    fetch=_fetch,
    url=lambda c: reverse("web:contract", args=[c.pk]),
    id_of=lambda c: int(c.pk),
    label_of=lambda c: str(c.number),
    filters=filters,
    sorts=frozenset(SORTS),
    empty=(
        _("No contract matches"),
        _(
            "Signed contracts are registered here with their lines; then their promises hold, "
            "and they are remembered before they end."
        ),
        "file-text",
    ),
)
