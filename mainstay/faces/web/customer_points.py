"""A customer's points on their page: balance, expiry, statement, gifts; offers with why or why not (B4, B5)."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.offers.queries import offers
from mainstay.accounts.points import queries as points
from mainstay.accounts.points.actions import corrections, orders
from mainstay.accounts.points.queries import gifts, statements
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.platform.identity.choices import Permission

SHOWN = 5
CHOICE = _("%(name)s · %(points)s points · %(stock)s in stock")


class AskForm(forms.Form):
    """Which gift, how many, for what occasion."""

    gift = forms.ChoiceField(label=_("Gift"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=orders.MOST, initial=1)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, offered: list[gifts.Offered], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gift"].choices = [  # type: ignore[attr-defined]
            (one.id, CHOICE % {"name": one.name, "points": f"{one.price:,}", "stock": one.stock})
            for one in offered
            if one.stock > 0
        ]


class CorrectForm(forms.Form):
    """How many points more or fewer, and why. `key`: a form sent twice counts once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    points = forms.IntegerField(
        label=_("Points"), min_value=-1_000_000, max_value=1_000_000, help_text=_("Below zero takes points away.")
    )
    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("It stands in the customer's statement."))


def points_tab(request: ConsoleRequest, customer: Any, at: datetime) -> dict[str, Any]:
    """Return everything the tab shows (about 20 queries: only when it is the one shown)."""
    actor, today = request.actor, timezone.localdate(at)
    balance = points.balance_of([customer.pk], today).get(customer.pk, points.PointsBalance())
    return {
        "balance": balance,
        "page": statements.statement(actor, customer.pk, page=listing.page_number(request)),
        "lots": statements.lots(actor, customer.pk)[:SHOWN],
        "orders": gifts.order_list(actor, customer_id=customer.pk, size=SHOWN).object_list,
        "waiting": statements.open_orders(customer.pk),
        "possible": offers.possible(actor, customer.pk, today),
        "may_work": actor.may(Permission.WORK_POINTS),
        "may_correct": actor.may(Permission.APPROVE),
    }


@door(Permission.WORK_POINTS)
def ask_gift(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask for a gift on a customer's behalf."""
    customer, at = customers.visible_customer(request.actor, pk), timezone.now()
    today = timezone.localdate(at)
    balance = points.balance_of([pk]).get(pk, points.PointsBalance())
    offered = gifts.catalogue(today, grade=customer.service_grade, available=balance.available)
    form = AskForm(offered, request.POST or None, initial={"gift": request.GET.get("gift", "")})

    def act(given: dict[str, Any]) -> None:
        asked = orders.Asked(pk, int(given["gift"]), given["quantity"], given["note"])
        made.append(orders.ask(asked, at=at, by=request.actor))

    made: list[Any] = []
    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("%(number)s: the points are frozen until the gift is handed out.")
                         % {"number": made[0].number})  # fmt: skip
        return redirect("web:gift-order", made[0].pk)
    context = {"form": form, "customer": customer, "balance": balance, "offered": offered, "title": _("Ask for a gift")}
    return render(request, "web/gifts/ask.html", context)


@door(Permission.APPROVE)
def correct(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Correct a customer's points by hand."""
    customer = customers.visible_customer(request.actor, pk)
    form = CorrectForm(request.POST or None, initial={"key": f"{request.request_id}"[:40] or "form"})

    def act(given: dict[str, Any]) -> None:
        corrections.correct(pk, given["points"], given["why"], at=timezone.now(), by=request.actor, key=given["key"])

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The points are corrected."))
        return redirect(tab_of(pk))
    context = {"form": form, "customer": customer, "title": _("Correct points")}
    return render(request, "web/customers/form.html", context)


@require_POST
@door(Permission.APPROVE)
def reverse_transfer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take a transfer back."""
    corrections.take_back(pk, request.POST.get("why", ""), at=timezone.now(), by=request.actor)
    messages.success(request, _("The transfer is reversed."))
    return back(request, "/customers")


def tab_of(customer_id: int) -> str:
    """Return the address of the tab."""
    return reverse("web:customer", args=[customer_id]) + "?tab=points"


urlpatterns = [
    path("customers/<int:pk>/gifts/new", ask_gift, name="gift-ask"),
    path("customers/<int:pk>/points/correct", correct, name="points-correct"),
    path("points/transfers/<int:pk>/reverse", reverse_transfer, name="points-reverse"),
]
