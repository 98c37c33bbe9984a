"""Customers without an account manager: find, claim, assign; give one back (A8)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers import queries as customers
from mainstay.accounts.portfolios.actions import pool as actions
from mainstay.accounts.portfolios.errors import BadPortfolio
from mainstay.accounts.portfolios.queries import pool as queries
from mainstay.domain.errors import msgid
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.portfolios.frame import may_claim, said, tabs
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.places import queries as places

HEAD = (
    gettext_lazy("Code"), gettext_lazy("Name"), gettext_lazy("Service grade"), gettext_lazy("Region"),
    gettext_lazy("Without a manager since"), gettext_lazy("Last account manager"), gettext_lazy("Why"),
)  # fmt: skip


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


@door()
def pool(request: ConsoleRequest) -> HttpResponse:
    """List customers nobody looks after, of one's regions; `?q=`, `?grade=`, `?region=` limit it."""
    actor, given = request.actor, request.GET
    wanted = queries.PoolFilters(given.get("q", ""), given.get("grade", ""), given.get("region", ""))
    rows = listing.sorted_by(queries.pool(actor, wanted), request, queries.SORTS, default="since")
    if listing.wants_file(request):
        return listing.list_file(request, "customer-pool", HEAD, rows.iterator(chunk_size=1000), cells)
    page = listing.page_of(rows, request)
    for row in page.object_list:
        row.said = said(row.last_why or "")
    claims, assigns = may_claim(actor), actor.may(Permission.ASSIGN_CUSTOMERS)
    context = {
        "tabs_shown": tabs("pool", request.actor),
        "page": page, "filters": filters(), "may_claim": claims, "may_assign": assigns,
        "room": queries.room_left(actor.user_id or 0) if claims else [],
        "managers": identity.names_holding(Duty.ACCOUNT_MANAGER) if assigns else [],
        "opens": actor.customer_ids is None, "data_at": timezone.now(), **listing.export_urls(request),
    }  # fmt: skip
    return render(request, "web/portfolios/pool.html", context)


def cells(row: Any) -> tuple[object, ...]:
    """Return a customer of the pool as a row of a file."""
    since = timezone.localtime(row.since_at).date()
    return (row.code, row.name, row.get_service_grade_display(), row.region.name, since, row.last_owner or "",
            said(row.last_why or ""))  # fmt: skip


def filters() -> list[dict[str, Any]]:
    """Return the filter bar."""
    regions = [(r.code, r.name) for r in places.regions() if len(r.code) <= 4]
    return [
        {"name": "q", "label": gettext_lazy("Name, pinyin, code"), "kind": "search"},
        {"name": "grade", "label": gettext_lazy("Service grade"), "options": ServiceGrade.choices},
        {"name": "region", "label": gettext_lazy("Region"), "options": regions},
    ]


def chosen(request: ConsoleRequest) -> list[int]:
    """Return the customers ticked. Raises BadPortfolio when none is."""
    ids = [pk for pk in map(listing.number_of, request.POST.getlist("customers")) if pk is not None]
    if not ids:
        raise BadPortfolio(msgid("Tick the customers first."))
    return ids


@require_POST
@door(Permission.WRITE_CUSTOMERS)
def claim(request: ConsoleRequest) -> HttpResponse:
    """Take what is ticked into one's own portfolio."""
    ids = chosen(request)
    n = actions.claim(ids, at=timezone.now(), by=request.actor)
    messages.success(request, ngettext("%(n)s customer is yours now.", "%(n)s customers are yours now.", n) % {"n": n})
    return redirect("web:customer", ids[0]) if n == 1 else redirect("web:customers")


@require_POST
@door(Permission.ASSIGN_CUSTOMERS)
def assign(request: ConsoleRequest) -> HttpResponse:
    """Give what is ticked to an account manager."""
    ids, to = chosen(request), listing.number_of(request.POST.get("to"))
    why = request.POST.get("why", "").strip()
    n = actions.assign(ids, to or 0, at=timezone.now(), by=request.actor.because(why))
    messages.success(request, ngettext("%(n)s customer is assigned.", "%(n)s customers are assigned.", n) % {"n": n})
    return back(request, "/pool")


@door(Permission.ASSIGN_CUSTOMERS)
def release(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give a customer back to the pool, with a reason."""
    customer = customers.customer(request.actor, pk)
    form = WhyForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        actions.release([pk], at=timezone.now(), by=request.actor.because(given["why"]))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("%(name)s is in the pool.") % {"name": customer})
        return redirect("web:customer", pk)
    context = {"form": form, "customer": customer, "title": _("Back to the pool")}
    return render(request, "web/customers/form.html", context)


urlpatterns = [
    path("pool", pool, name="pool"),
    path("pool/claim", claim, name="pool-claim"),
    path("pool/assign", assign, name="pool-assign"),
    path("customers/<int:pk>/release", release, name="customer-release"),
]
