"""The list of customers: its columns, filters and orders (A5)."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.consulting.queries.rules import is_guarded
from mainstay.accounts.consulting.queries.sight import Shown
from mainstay.accounts.customers import queries
from mainstay.accounts.customers.choices import Archive, CustomerKind
from mainstay.accounts.target_groups import queries as target_groups
from mainstay.domain.actor import Actor
from mainstay.domain.masking import Mask, masked
from mainstay.faces.ui.tags import marks
from mainstay.faces.web import listing
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.faces.web.sight import CLOSED, shown
from mainstay.faces.web.templatetags.archive import covered
from mainstay.network.inventory.queries import customers as lists
from mainstay.network.inventory.queries.circuits import counts_by_customer
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Duty
from mainstay.platform.places import queries as places
from mainstay.service.tickets.queries import lists as tickets


def wanted(asked: Asked) -> queries.CustomerFilters:
    """Read the filters from the address."""
    given = asked.given
    return queries.CustomerFilters(
        text=given.get("q", ""),
        grade=given.get("grade", ""),
        region=given.get("region", ""),
        kind=given.get("kind", ""),
        manager_id=listing.number_of(given.get("manager")),
        archive=_archive(given.get("archive", ""), group=given.get("group", "")),
    )


def _archive(given: str, *, group: str) -> str:
    """Return which archive is shown; a target group's members are shown wherever they are now."""
    if given == Archive.RETAINED:
        return Archive.RETAINED
    return "" if group else Archive.ACTIVE


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar (2 queries, 3 for those who see more than a portfolio)."""
    cities = [(region.code, region.name) for region in places.regions() if len(region.code) <= 4]
    return [
        {"name": "q", "label": _("Name, code or phone"), "kind": "search"},
        {"name": "grade", "label": _("Service grade"), "kind": "chips", "options": ServiceGrade.choices},
        {"name": "impaired", "label": _("With impaired circuits"), "kind": "toggle"},
        {"name": "region", "label": _("Region"), "kind": "choice", "options": cities},
        {"name": "kind", "label": _("Kind"), "kind": "choice", "options": CustomerKind.choices},
        {
            "name": "archive",
            "label": _("Archive"),
            "kind": "chips",
            "options": [(Archive.RETAINED, _("Retained archive"))],
        },
        *([] if actor.customer_ids is not None else [managers()]),
    ]


def managers() -> dict[str, Any]:
    """Return the filter by account manager (1 query)."""
    options = identity.names_holding(Duty.ACCOUNT_MANAGER)
    return {"name": "manager", "label": _("Account manager"), "kind": "choice", "options": options}


def _matching(asked: Asked) -> Any:
    sort, group = asked.given.get("sort", "name"), listing.number_of(asked.given.get("group"))
    rows = lists.customers_matching(asked.actor, wanted(asked), impaired="impaired" in asked.given, sort=sort)
    return rows.filter(target_groups.is_member(target_groups.visible_group(asked.actor, group).pk)) if group else rows


def group_filter(asked: Asked) -> list[dict[str, Any]]:
    """Return the filter by target group where one is asked for, as the groups' own page does (1 query, else none)."""
    chosen = listing.number_of(asked.given.get("group"))
    if not chosen:
        return []
    options = [(group.pk, group.name) for group in target_groups.newest(asked.actor)]
    if chosen not in dict(options):  # retired, or one of long ago: the bar says so all the same
        options.append((chosen, target_groups.visible_group(asked.actor, chosen).name))
    return [{"name": "group", "label": _("Target group"), "kind": "choice", "options": options}]


def _fetch(rows: Any, asked: Asked) -> Any:
    rows = rows.annotate(phone_guarded=is_guarded("customer.phone")) if "sight" in asked.needs else rows
    return rows.select_related("parent", *(asked.needs - COUNTED))


def _rows(found: list[Any], asked: Asked) -> list[Any]:
    ids = [customer.pk for customer in found]
    counts: dict[int, tuple[int, int, int]] = {}
    if "tickets" in asked.needs:
        counts = tickets.customer_counts(asked.actor, ids)
    elif "circuits" in asked.needs:
        counts = {pk: (*both, 0) for pk, both in counts_by_customer(ids).items()}
    for customer in found:
        customer.phone_shown = shown(CLOSED, customer, "phone")
        if getattr(customer, "phone_guarded", False) and customer.phone and not customer.phone_shown.covered:
            customer.phone_shown = Shown(masked(Mask.PHONE, customer.phone), True, "customer.phone", customer.pk)
        told = counts.get(customer.pk, (0, 0, 0))
        customer.circuits_counted, customer.impaired_counted, customer.tickets_counted = told
    return found


COUNTED = {"circuits", "tickets", "sight"}


def _phone(c: Any) -> SafeString:
    """Return the number to be tapped; an individual's masked, to be asked for on the customer's page."""
    if c.phone_shown.covered:
        return covered(c.phone_shown, reverse("web:customer", args=[c.pk]))
    return marks.phone(c.phone_shown.text, c.name)


def _phone_told(c: Any) -> str:
    return str(c.phone_shown.text)


def _name(c: Any, asked: Asked) -> SafeString:
    special = format_html(" {}", marks.grade("special")) if c.is_special else ""
    parent = format_html(' <span class="text-secondary">{}</span>', c.parent) if c.parent else ""
    return format_html("{}{}{}", cells.link("customer", c.pk, c.name, css="row-link"), special, parent)


def _count(c: Any, number: int, query: str, *, loud: bool = False) -> SafeString:
    if not number:
        return format_html('<span class="text-secondary">{}</span>', 0)
    shown = format_html("<strong>{}</strong>", number) if loud else number
    return format_html('<a href="{}{}">{}</a>', reverse("web:customer", args=[c.pk]), query, shown)


def _tickets(c: Any, asked: Asked) -> SafeString:
    return _count(c, c.tickets_counted, "?tab=tickets", loud=True)


def _person(name: str) -> tuple[Any, Any]:
    def value(c: Any, asked: Asked) -> str:
        return str(getattr(c, name) or "")

    return (lambda c, a: cells.text(value(c, a))), value


def _archived(c: Any) -> str:
    """Say why and since when a customer is in the retained archive."""
    return f"{timezone.localdate(c.archived_at)} {c.get_archive_reason_display()}" if c.archived_at else ""


COLUMNS = (
    column("name", _("Name"), _name, lambda c, _a: c.name, sort="name", fixed=True),
    column("grade", _("Grade"), lambda c, _a: cells.grade(c.service_grade, c.grade_reason),
           (_("Service grade"), lambda c, _a: c.get_service_grade_display()),
           (_("Reason of the grade"), lambda c, _a: c.grade_reason), sort="grade"),
    column("circuits", _("Circuits"), lambda c, _a: _count(c, c.circuits_counted, "?tab=services"),
           lambda c, _a: c.circuits_counted, sort="circuits", numeric=True, needs=("circuits",)),
    column("impaired", _("Impaired"),
           lambda c, _a: _count(c, c.impaired_counted, "?tab=services&state=impaired", loud=True),
           lambda c, _a: c.impaired_counted, sort="impaired", numeric=True, needs=("circuits",)),
    column("manager", _("Account manager"), *_person("account_manager"), sort="manager", needs=("account_manager",)),
    column("region", _("Region"), lambda c, _a: c.region.name, sort="region", needs=("region",)),
    column("phone", _("Phone"), lambda c, _a: _phone(c), lambda c, _a: _phone_told(c), needs=("sight",)),
    column("code", _("Code"), lambda c, _a: cells.quiet(c.code), lambda c, _a: c.code, sort="code"),
    column("tickets", _("Open tickets"), _tickets, lambda c, _a: c.tickets_counted, numeric=True, shown=False,
           needs=("tickets",)),
    column("engineer", _("Customer engineer"), *_person("customer_engineer"), shown=False,
           needs=("customer_engineer",)),
    column("industry", _("Trade"), lambda c, _a: cells.text(c.industry and c.industry.name),
           lambda c, _a: c.industry.name if c.industry else "", shown=False, needs=("industry",)),
    column("kind", _("Kind"), lambda c, _a: c.get_kind_display(), shown=False),
    column("ownership", _("Ownership"), lambda c, _a: cells.text(c.get_ownership_display()),
           lambda c, _a: c.get_ownership_display(), shown=False),
    column("since", _("Customer since"), lambda c, _a: cells.day(c.since_on), lambda c, _a: c.since_on, sort="since",
           css="text-nowrap", shown=False),
    column("group", _("Group"), *_person("parent"), shown=False),
    column("address", _("Address"), lambda c, _a: cells.text(c.address), lambda c, _a: c.address, shown=False),
    column("seller", _("Sales person"), *_person("sales_person"), shown=False, needs=("sales_person",)),
    column("archived", _("In the retained archive since"), lambda c, _a: cells.text(_archived(c)),
           lambda c, _a: _archived(c), shown=False),
    column("archive", _("Archive"), lambda c, _a: c.get_archive_display(), shown=False),
)  # fmt: skip

CUSTOMERS = ListPage(
    name="customers",
    title=_("Customers"),
    object_kind="customer",
    columns=COLUMNS,
    matching=_matching,
    visible=queries.visible_to,
    fetch=_fetch,
    rows=_rows,
    url=lambda c: reverse("web:customer", args=[c.pk]),
    id_of=lambda c: int(c.pk),
    label_of=lambda c: str(c.name),
    filters=filters,
    asked_filters=group_filter,
    others=frozenset({"group"}),
    sorts=frozenset({*queries.SORTS, "circuits", "impaired"}),
    live="circuit",
    windowed=True,
    reckoned=frozenset({"circuits", "impaired"}),
    empty=(
        _("No customer matches"),
        _("Your portfolio appears here. Widen the filters, or ask for a hand-over."),
        "building",
    ),
)
