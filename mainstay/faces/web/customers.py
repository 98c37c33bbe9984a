"""Customers: the list, and everything about one on a page (A5)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from mainstay.accounts.customers import queries
from mainstay.faces.web.customer_facts import read_facts
from mainstay.faces.web.customer_strip import strip
from mainstay.faces.web.customer_tabs import tab_context
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.duplicates.merging import merged_page
from mainstay.faces.web.links import report_page
from mainstay.faces.web.lists.customers import CUSTOMERS
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.next_steps import next_steps
from mainstay.faces.web.portfolios.notes import blank_note
from mainstay.platform.identity.choices import Permission


@door()
def customers(request: ConsoleRequest) -> HttpResponse:
    """List customers within the reader's scope; `?archive=retained` those put away (A2)."""
    may_write = request.actor.may(Permission.WRITE_CUSTOMERS)
    may_lock = request.actor.may(Permission.LOCK_GROUPS)
    return show(request, CUSTOMERS, "web/customers/customers.html", may_write=may_write, may_lock=may_lock)


@door()
def customer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one customer: who they are, how they fare, what to do next; the rest in tabs."""
    found, at = queries.customer(request.actor, pk), timezone.now()
    if found.merged_into_id is not None:
        return merged_page(request, found)
    facts = read_facts(request.actor, found, at=at)
    health = {"customer": found, "facts": facts, "strip": strip(request.actor, found, facts)}
    if request.htmx:
        return render(request, "web/customers/_health.html", health)
    context = {
        "steps": next_steps(found, facts, request.actor),
        "report_url": report_page(customer=pk),
        "may_write": request.actor.may(Permission.WRITE_CUSTOMERS),
        "may_agree": request.actor.may(Permission.WRITE_CONTRACTS),
        "note_form": blank_note(facts.contacts),
        "may_merge": request.actor.may(Permission.MERGE_CUSTOMERS),
        "may_see_grades": request.actor.may(Permission.READ_REVENUE),
        "data_at": at,
    }
    return render(request, "web/customers/customer.html", health | context | tab_context(request, found, at=at))


urlpatterns = [path("customers", customers, name="customers"), path("customers/<int:pk>", customer, name="customer")]
