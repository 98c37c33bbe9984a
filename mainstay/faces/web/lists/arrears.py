"""The list of customers in arrears: its columns, filters and orders (M9)."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.credit import queries as credit
from mainstay.accounts.revenue.choices import Bucket
from mainstay.accounts.revenue.queries import arrears
from mainstay.domain.actor import Actor
from mainstay.faces.ui.tags.money import yuan
from mainstay.faces.web import listing
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, Column, ListPage, column
from mainstay.faces.web.lists.customers import managers
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places

SORTS = {
    "customer": ("customer__name", "pk"),
    "arrears": ("arrears_fen", "pk"),
    "oldest": ("-oldest_due_on", "pk"),
    "late": ("late_payments_year", "pk"),
    "month": ("billed_month_fen", "pk"),
    **{bucket.value: (bucket.value, "pk") for bucket in Bucket},
}


def wanted(asked: Asked) -> arrears.ArrearsFilter:
    """Read the filters from the address."""
    given = asked.given
    return arrears.ArrearsFilter(
        text=given.get("q", "").strip(), age=given.get("age", ""), region=given.get("region", ""),
        grade=given.get("grade", ""), manager_id=listing.number_of(given.get("manager")),
        at_least_fen=(listing.number_of(given.get("from")) or 0) * 100,
    )  # fmt: skip


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar (1 query, 2 for those who see more than a portfolio)."""
    cities = [(region.code, region.name) for region in places.regions() if len(region.code) <= 4]
    return [
        {"name": "q", "label": _("Name, code or phone"), "kind": "search"},
        {"name": "age", "label": _("Overdue for"), "kind": "chips", "options": Bucket.choices},
        {"name": "grade", "label": _("Service grade"), "kind": "choice", "options": ServiceGrade.choices},
        {"name": "region", "label": _("Region"), "kind": "choice", "options": cities},
        {"name": "from", "label": _("Arrears from, yuan"), "kind": "choice",
         "options": [(str(n), f"¥\u2009{n:,}") for n in (1_000, 10_000, 100_000, 1_000_000)]},
        *([] if actor.customer_ids is not None else [managers()]),
    ]  # fmt: skip


def _matching(asked: Asked) -> Any:
    rows = arrears.filtered(asked.actor, wanted(asked))
    return listing.ordered(rows, asked.given.get("sort", ""), SORTS, default="-arrears")


def _rows(found: list[Any], asked: Asked) -> list[Any]:
    if "credit" in asked.needs:
        scores = credit.scores([row.pk for row in found])
        for row in found:
            row.credit = scores.get(row.pk)
    return found


def _money(name: str, label: Any, sort: str = "", *, shown: bool = True) -> Column:
    return column(
        name, label, lambda r, _a: yuan(getattr(r, name)) if getattr(r, name) else cells.NONE,
        (label, lambda r, _a: getattr(r, name) / 100), sort=sort or name, numeric=True, css="text-nowrap", shown=shown,
    )  # fmt: skip


def _oldest(row: Any, asked: Asked) -> SafeString:
    days = (timezone.localdate(asked.at) - row.oldest_due_on) // timedelta(days=1)
    return format_html('{} <span class="text-secondary">({})</span>', cells.day(row.oldest_due_on),
                       _("%(n)s days") % {"n": days})  # fmt: skip


def _credit(row: Any, _asked: Asked) -> object:
    return format_html("{} <strong>{}</strong>", row.credit[0], row.credit[1]) if row.credit else cells.NONE


COLUMNS = (
    column("customer", _("Customer"), lambda r, _a: cells.link("customer", r.pk, r.customer.name, css="row-link"),
           lambda r, _a: r.customer.name, (_("Customer code"), lambda r, _a: r.customer.code), sort="customer",
           fixed=True),
    column("grade", _("Service grade"), lambda r, _a: cells.grade(r.customer.service_grade),
           lambda r, _a: r.customer.get_service_grade_display()),
    _money("arrears_fen", _("Arrears"), "arrears"),
    *(_money(bucket.value, bucket.label) for bucket in Bucket),
    column("oldest", _("Oldest due on"), _oldest, lambda r, _a: r.oldest_due_on, sort="oldest", css="text-nowrap"),
    column("late", _("Late in 12 months"), lambda r, _a: r.late_payments_year, sort="late", numeric=True),
    column("bills", _("Overdue bills"), lambda r, _a: r.overdue_bills, numeric=True, shown=False),
    _money("billed_month_fen", _("Billed last month"), "month", shown=False),
    column("credit", _("Credit"), _credit, lambda r, _a: r.credit[0] if r.credit else None, numeric=True,
           needs=("credit",)),
    column("manager", _("Account manager"), lambda r, _a: cells.person(str(r.customer.account_manager or "")),
           lambda r, _a: str(r.customer.account_manager or ""), needs=("customer__account_manager",)),
    column("region", _("Region"), lambda r, _a: r.customer.region.name, shown=False, needs=("customer__region",)),
)  # fmt: skip

ARREARS = ListPage(
    name="arrears",
    title=_("Arrears"),
    object_kind="customer_arrears",
    columns=COLUMNS,
    matching=_matching,
    visible=lambda actor: arrears.filtered(actor, arrears.ArrearsFilter()),
    fetch=lambda rows, asked: rows.select_related("customer", *(asked.needs - {"credit"})),
    rows=_rows,
    url=lambda r: f"{reverse('web:customer', args=[r.pk])}?tab=revenue",
    id_of=lambda r: int(r.pk),
    label_of=lambda r: str(r.customer.name),
    filters=filters,
    sorts=frozenset(SORTS),
    empty=(
        _("Nobody is in arrears"),
        _("Customers with bills that were due and are not paid appear here, once billing has delivered bills."),
        "hourglass",
    ),
    permission=Permission.READ_REVENUE,
    windowed=True,
)
