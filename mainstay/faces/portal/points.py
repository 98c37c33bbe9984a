"""The customer's points: balance, catalogue, gifts asked for, statement, offers they have (B4, L1)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.offers.queries import offers
from mainstay.accounts.points import queries as points
from mainstay.accounts.points.actions import orders
from mainstay.accounts.points.choices import OrderStatus
from mainstay.accounts.points.queries import gifts, statements
from mainstay.faces.portal.circuits import page_number
from mainstay.faces.portal.door import PortalRequest, door


@door
def points_page(request: PortalRequest) -> HttpResponse:
    """Show one of the customer's organisations: `?of=`; the first with points by default."""
    actor, today = request.actor, timezone.localdate()
    family = actor.customer_ids or frozenset()
    own = sorted(customers.visible_to(actor).order_by("name"), key=lambda one: one.parent_id in family)
    balances = points.balance_of([one.pk for one in own], today)
    chosen = _chosen(request, own, balances)
    if chosen is None:
        return render(request, "portal/points.html", {"data_at": timezone.now()})
    balance = balances.get(chosen.pk, points.PointsBalance())
    asked = gifts.order_list(actor, customer_id=chosen.pk, size=10).object_list
    context: dict[str, Any] = {
        "chosen": chosen, "balance": balance, "asked": asked, "asked_status": OrderStatus.ASKED,
        "filters": _filter(own, chosen), "granted": offers.own_grants(actor, chosen.pk),
        "catalogue": gifts.catalogue(today, grade=chosen.service_grade, available=balance.available),
        "page": statements.statement(actor, chosen.pk, page=page_number(request.GET.get("page", "")), size=20),
        "data_at": timezone.now(),
    }  # fmt: skip
    return render(request, "portal/points.html", context)


def _chosen(request: PortalRequest, own: list[Any], balances: dict[int, points.PointsBalance]) -> Any:
    wanted = request.GET.get("of", "")
    named = [one for one in own if str(one.pk) == wanted]
    with_points = [one for one in own if one.pk in balances and balances[one.pk].held]
    return next(iter([*named, *with_points, *own]), None)


def _filter(own: list[Any], chosen: Any) -> list[dict[str, Any]]:
    """Return the choice of organisation, where there is more than one."""
    if len(own) < 2:
        return []
    options = [(str(one.pk), str(one)) for one in own]
    return [{"name": "of", "label": _("Organisation"), "kind": "choice", "value": str(chosen.pk), "options": options}]


@require_POST
@door
def ask(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask for one piece of a gift, for the organisation posted."""
    given = request.POST.get("customer", "")
    number = int(given) if given.isdecimal() and len(given) < 19 else 0
    quantity = request.POST.get("quantity", "1")
    wanted = orders.Asked(number, pk, int(quantity) if quantity.isdecimal() and len(quantity) < 6 else 0)
    made = orders.ask(wanted, at=timezone.now(), by=request.actor)
    messages.success(
        request, _("We have your wish %(number)s; your account manager sees to it.") % {"number": made.number}
    )
    return redirect("portal:points")


@require_POST
@door
def cancel(request: PortalRequest, pk: int) -> HttpResponse:
    """Take back a wish that is not approved yet."""
    why = _("Taken back by the customer")
    orders.cancel(pk, why, at=timezone.now(), by=request.actor)
    messages.success(request, _("It is cancelled; the points are available again."))
    return redirect("portal:points")


urlpatterns = [
    path("points", points_page, name="points"),
    path("points/gifts/<int:pk>/ask", ask, name="gift-ask"),
    path("points/orders/<int:pk>/cancel", cancel, name="gift-cancel"),
]
