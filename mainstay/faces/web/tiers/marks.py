"""What people say by hand about one customer: a fact no system delivers, a grade above the table."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.tiers.actions import approving
from mainstay.accounts.tiers.queries.register import Unit, facts, given_by_hand
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.listing import day_of
from mainstay.platform.identity.choices import Permission


class FactForm(forms.Form):
    """A fact given by hand."""

    fact = forms.ChoiceField(label=_("What"), choices=())
    value = forms.CharField(
        label=_("Value"), required=False, max_length=40,
        help_text=_("yes, no, a number, or a day like 2026-09-01; empty forgets it"),
    )  # fmt: skip
    fact_why = forms.CharField(label=_("How do you know?"), max_length=400)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(fact.name, fact.label) for fact in given_by_hand()]
        self.fields["fact"].choices = choices  # type: ignore[attr-defined]


@require_POST
@door(Permission.WRITE_CUSTOMERS)
def give_fact(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give a fact by hand."""
    given = request.POST
    name, text = given.get("fact", ""), given.get("value", "")
    if name in facts() and facts()[name].kind.unit == Unit.FLAG and text.strip() in ("no", "否"):
        text = "0"
    approving.give_fact(pk, name, text, why=given.get("fact_why", ""), at=timezone.now(), by=request.actor)
    messages.success(request, _("Saved; the rules went by it at once."))
    return redirect(f"{reverse('web:customer', args=[pk])}?tab=grade")


@require_POST
@door(Permission.APPROVE_TIERS)
def name_grade(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Set a grade by hand, or give the customer back to the table."""
    given = request.POST
    code, _dot, grade = given.get("grade", "").partition(".")
    until = day_of(given.get("until_on", ""))
    approving.name_grade(pk, code, grade, why=given.get("why", ""), until=until, at=timezone.now(), by=request.actor)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('web:customer', args=[pk])}?tab=grade")


urlpatterns = [
    path("customers/<int:pk>/grade/fact", give_fact, name="customer-tier-fact"),
    path("customers/<int:pk>/grade/name", name_grade, name="customer-tier-name"),
]
