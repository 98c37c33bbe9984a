"""Gifts: what was asked for and waits, one on its way, the catalogue and its stock (B4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.points import queries as points
from mainstay.accounts.points.actions import gifts as actions
from mainstay.accounts.points.actions import orders as steps
from mainstay.accounts.points.choices import OPEN, STEPS, OrderStatus
from mainstay.accounts.points.queries import gifts as queries
from mainstay.faces.web import listing
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STATUSES = [("open", _("Waiting")), *OrderStatus.choices]


class GiftForm(forms.Form):
    """A gift of the catalogue."""

    code = forms.CharField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    text = forms.CharField(label=_("Description"), max_length=300, required=False)
    price = forms.IntegerField(label=_("Points for one"), min_value=1, max_value=100_000_000)
    pieces = forms.IntegerField(
        label=_("Pieces added to the stock"), min_value=-1_000_000, max_value=1_000_000, initial=0,
        help_text=_("Below zero takes pieces out; the stock never falls below zero."),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("In the catalogue from"), widget=DATE)
    valid_to = forms.DateField(label=_("until"), widget=DATE, required=False)
    grades = forms.MultipleChoiceField(
        label=_("For grades"), choices=ServiceGrade.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for all."),
    )  # fmt: skip


class HandOutForm(forms.Form):
    """Who took it."""

    receiver = forms.CharField(label=_("Taken by"), max_length=80)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("Why"), max_length=200)


@door()
def gift_orders(request: ConsoleRequest) -> HttpResponse:
    """List the gifts asked for, and the catalogue beside them."""
    status = request.GET.get("status", "")
    page = queries.order_list(request.actor, status=status, page=listing.page_number(request))
    filters = [{"name": "status", "label": _("Status"), "kind": "chips", "options": STATUSES}]
    context = {
        "page": page, "filters": filters, "gifts": queries.gifts(request.actor, timezone.localdate()),
        "may_keep": request.actor.may(Permission.SETTINGS), "data_at": timezone.now(),
    }  # fmt: skip
    return render(request, "web/gifts/gifts.html", context)


@door()
def gift_order(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one gift asked for, and what can be done with it now."""
    row, actor = queries.order(request.actor, pk), request.actor
    may = actor.may(Permission.WORK_POINTS)
    context = {
        "order": row,
        "balance": points.balance_of([row.customer_id]).get(row.customer_id, points.PointsBalance()),
        "may_approve": may and OrderStatus.APPROVED in STEPS[row.status] and row.asked_user_id != actor.user_id,
        "own": may and row.status == OrderStatus.ASKED and row.asked_user_id == actor.user_id,
        "may_hand_out": may and OrderStatus.HANDED_OUT in STEPS[row.status],
        "may_cancel": may and row.status in OPEN,
        "hand_out_form": HandOutForm(),
        "cancel_form": WhyForm(prefix="cancel"),
        "history": [entry_told(entry) for entry in journal.history_of("gift_order", pk, actor=actor)[:30]],
        "data_at": timezone.now(),
    }
    return render(request, "web/gifts/order.html", context)


@require_POST
@door(Permission.WORK_POINTS)
def approve(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Agree to a gift somebody else asked for."""
    revision = listing.number_of(request.POST.get("revision"))
    row = steps.approve(pk, at=timezone.now(), by=request.actor, revision=revision)
    messages.success(request, _("%(number)s is approved.") % {"number": row.number})
    return redirect("web:gift-order", pk)


@require_POST
@door(Permission.WORK_POINTS)
def hand_out(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Say who took a gift."""
    row = steps.hand_out(pk, request.POST.get("receiver", ""), at=timezone.now(), by=request.actor)
    messages.success(request, _("%(number)s is handed out; its points are redeemed.") % {"number": row.number})
    return redirect("web:gift-order", pk)


@require_POST
@door(Permission.WORK_POINTS)
def cancel(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Cancel a gift that was not handed out."""
    row = steps.cancel(pk, request.POST.get("cancel-why", ""), at=timezone.now(), by=request.actor)
    messages.success(request, _("%(number)s is cancelled; its points are available again.") % {"number": row.number})
    return redirect("web:gift-order", pk)


@door(Permission.SETTINGS)
def new_gift(request: ConsoleRequest) -> HttpResponse:
    """Put a gift into the catalogue."""
    return _keep(request, None, {"valid_from": timezone.localdate(), "pieces": 0})


@door(Permission.SETTINGS)
def edit_gift(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a gift of the catalogue."""
    row = queries.gift(pk)
    names = [name for name in GiftForm.base_fields if name != "pieces"]
    return _keep(request, pk, {name: getattr(row, name) for name in names} | {"pieces": 0}, row.stock)


def _keep(request: ConsoleRequest, pk: int | None, initial: dict[str, Any], stock: int = 0) -> HttpResponse:
    form, at = GiftForm(request.POST or None, initial=initial), timezone.now()

    def act(given: dict[str, Any]) -> None:
        pieces = given.pop("pieces")
        new = actions.NewGift(**{**given, "grades": tuple(given["grades"])})
        actions.save_gift(new, at=at, by=request.actor, gift_id=pk, pieces=pieces)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:gifts")
    context = {"form": form, "title": _("Change gift") if pk else _("New gift"), "stock": stock if pk else None}
    return render(request, "web/gifts/gift.html", context)


urlpatterns = [
    path("gifts", gift_orders, name="gifts"),
    path("gifts/new", new_gift, name="gift-new"),
    path("gifts/<int:pk>/edit", edit_gift, name="gift-edit"),
    path("gifts/orders/<int:pk>", gift_order, name="gift-order"),
    path("gifts/orders/<int:pk>/approve", approve, name="gift-approve"),
    path("gifts/orders/<int:pk>/hand-out", hand_out, name="gift-hand-out"),
    path("gifts/orders/<int:pk>/cancel", cancel, name="gift-cancel"),
]
