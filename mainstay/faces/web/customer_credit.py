"""Set a customer's credit by hand, with the reason, and leave it to the rules again (B3)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.credit import actions
from mainstay.accounts.credit import queries as credit
from mainstay.accounts.customers import queries as customers
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.identity.choices import Permission

USUAL = timedelta(days=90)


class CreditForm(forms.Form):
    """A score, until when, and why."""

    score = forms.IntegerField(label=_("Score, 0 to 1000"), min_value=0, max_value=1_000)
    until_on = forms.DateField(
        label=_("Holds until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From that day on the rules decide again."),
    )  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


@door(Permission.SET_CREDIT)
def set_credit(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Set the credit of a customer by hand."""
    customer, at = customers.customer(request.actor, pk), timezone.now()
    held = credit.hand_credit(pk, timezone.localdate(at))
    known: dict[str, Any] = {"until_on": timezone.localdate(at) + USUAL}
    known |= {"score": held.score, "until_on": held.until_on, "why": held.why} if held else {}
    form = CreditForm(request.POST or None, initial=known)

    def act(given: dict[str, Any]) -> None:
        actions.set_by_hand(pk, given["score"], given["why"], until_on=given["until_on"], at=at, by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Set. The page shows it at once; lists follow within seconds."))
        return redirect(_tab(pk))
    context = {"customer": customer, "form": form, "held": held, "up": _tab(pk)}
    return render(request, "web/revenue/credit_form.html", context)


@require_POST
@door(Permission.SET_CREDIT)
def withdraw(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Leave the credit of a customer to the rules again."""
    actions.withdraw_by_hand(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("The rules decide again."))
    return redirect(_tab(pk))


def _tab(pk: int) -> str:
    return f"{reverse('web:customer', args=[pk])}?tab=revenue"


urlpatterns = [
    path("customers/<int:pk>/credit", set_credit, name="customer-credit"),
    path("customers/<int:pk>/credit/withdraw", withdraw, name="customer-credit-withdraw"),
]
