"""Customers: the list, and everything about one on a page (A5)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers import queries
from mainstay.accounts.customers.choices import CustomerKind
from mainstay.domain.actor import Actor
from mainstay.faces.web import listing
from mainstay.faces.web.customer_tabs import tab_context
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.links import report_page
from mainstay.faces.web.next_steps import next_steps, read_facts
from mainstay.network.inventory.queries import customers as lists
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.places import queries as places

HEAD = (
    _("Code"), _("Name"), _("Service grade"), _("Reason of the grade"), _("Region"), _("Account manager"), _("Address"),
    _("Phone"),
)  # fmt: skip


@door()
def customers(request: ConsoleRequest) -> HttpResponse:
    """List customers within the reader's scope."""
    wanted, given = wanted_customers(request), request.GET
    if listing.wants_csv(request):
        rows = queries.filtered(request.actor, wanted).select_related("account_manager", "region").order_by("code")
        return listing.csv_file("customers", HEAD, rows.iterator(chunk_size=1000), cells)
    page = lists.customer_list(
        request.actor,
        wanted,
        impaired="impaired" in given,
        sort=given.get("sort", "name"),
        page=listing.page_number(request),
    )
    page.object_list = list(page.object_list)
    context = {
        "page": page,
        "filters": filters(request.actor),
        "export_url": listing.export_url(request),
        "data_at": timezone.now(),
        "may_write": request.actor.may(Permission.WRITE_CUSTOMERS),
    }
    return render(request, "web/customers/_rows.html" if request.htmx else "web/customers/customers.html", context)


def wanted_customers(request: ConsoleRequest) -> queries.CustomerFilters:
    """Read the filters from the URL."""
    given = request.GET
    return queries.CustomerFilters(
        text=given.get("q", ""),
        grade=given.get("grade", ""),
        region=given.get("region", ""),
        kind=given.get("kind", ""),
        manager_id=listing.number_of(given.get("manager")),
    )


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar (1 query, 2 for those who see more than a portfolio)."""
    cities = [(region.code, region.name) for region in places.regions() if len(region.code) <= 4]
    return [
        {"name": "q", "label": _("Name, code or phone"), "kind": "search"},
        {"name": "grade", "label": _("Service grade"), "kind": "chips", "options": ServiceGrade.choices},
        {"name": "impaired", "label": _("With impaired circuits"), "kind": "toggle"},
        {"name": "region", "label": _("Region"), "kind": "choice", "options": cities},
        {"name": "kind", "label": _("Kind"), "kind": "choice", "options": CustomerKind.choices},
        *([] if actor.customer_ids is not None else [managers()]),
    ]


def managers() -> dict[str, Any]:
    """Return the filter by account manager (1 query)."""
    options = identity.names_holding(Duty.ACCOUNT_MANAGER)
    return {"name": "manager", "label": _("Account manager"), "kind": "choice", "options": options}


def cells(customer: Any) -> tuple[object, ...]:
    """Return a customer as a row of the export."""
    return (
        customer.code, customer.name, customer.get_service_grade_display(), customer.grade_reason, customer.region,
        customer.account_manager, customer.address, customer.phone,
    )  # fmt: skip


@door()
def customer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one customer: who they are, how they fare, what to do next; the rest in tabs."""
    found, at = queries.customer(request.actor, pk), timezone.now()
    facts = read_facts(request.actor, found, at=at)
    health = {"customer": found, "facts": facts}
    if request.htmx:
        return render(request, "web/customers/_health.html", health)
    context = {
        "steps": next_steps(found, facts),
        "report_url": report_page(customer=pk),
        "may_write": request.actor.may(Permission.WRITE_CUSTOMERS),
        "may_agree": request.actor.may(Permission.WRITE_CONTRACTS),
        "data_at": at,
    }
    return render(request, "web/customers/customer.html", health | context | tab_context(request, found, at=at))


urlpatterns = [path("customers", customers, name="customers"), path("customers/<int:pk>", customer, name="customer")]
