"""Offers: the list, one with whom it fits and what it costs, on a customer and on all, granting, the effect (B5)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.offers import many, wording
from mainstay.accounts.offers.actions import granting
from mainstay.accounts.offers.actions import offers as actions
from mainstay.accounts.offers.choices import BenefitWord, GrantStatus, OfferStatus
from mainstay.accounts.offers.queries import offers as queries
from mainstay.accounts.offers.queries import savings
from mainstay.faces.web import listing
from mainstay.faces.web.customer_choice import customer_named, offered
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.identity.choices import Permission

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OfferForm(forms.Form):
    """An offer: for whom, what it gives, when."""

    code = forms.CharField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    text = forms.CharField(
        label=_("Description"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    condition = forms.CharField(
        label=_("For whom"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("A condition over the facts below, by their English or Chinese names: "
                    "grade == 'gold' and revenue_year >= 1000000"),
    )  # fmt: skip
    benefit = forms.ChoiceField(label=_("What it gives"), choices=BenefitWord.choices)
    value = forms.DecimalField(
        label=_("How much"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2,
        help_text=_("Percent, yuan, months or points, as chosen above."),
    )  # fmt: skip
    months = forms.IntegerField(label=_("Runs for months"), min_value=1, max_value=120, initial=12)
    starts_on = forms.DateField(label=_("Can be granted from"), widget=DATE)
    ends_on = forms.DateField(label=_("until"), widget=DATE, required=False)


class ProposeForm(forms.Form):
    """For whom, why."""

    customer = forms.CharField(
        label=_("Customer"), help_text=_("Code or full name."), widget=forms.TextInput(attrs={"list": "customers"})
    )
    why = forms.CharField(label=_("Why"), max_length=400, required=False)


@door()
def offer_list(request: ConsoleRequest) -> HttpResponse:
    """List the offers with how many customers have them."""
    rows = queries.offer_list(request.actor, request.GET.get("status", ""))
    filters = [{"name": "status", "label": _("Status"), "kind": "chips", "options": OfferStatus.choices}]
    context = {"rows": rows, "filters": filters, "may_keep": request.actor.may(Permission.SETTINGS)}
    return render(request, "web/offers/offers.html", context | {"data_at": timezone.now()})


@door()
def offer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show an offer; with `?customer=` what it would save that customer, `&ahead=1` in the months to come."""
    actor, at = request.actor, timezone.now()
    row, today, may_read = queries.offer(pk), timezone.localdate(at), actor.may(Permission.READ_REVENUE)
    given = queries.grant_list(actor, pk, page=listing.page_number(request))
    for one in given.object_list:
        one.may_decide = (  # type: ignore[attr-defined]  # only for the page
            one.status == GrantStatus.PROPOSED
            and actor.may(Permission.APPROVE)
            and one.proposed_user_id != actor.user_id
        )
    context = {
        "offer": row, "name": row.shown_name, "page": given, "reckonings": queries.reckonings(actor, pk),
        "effect": savings.effect(actor, pk, today) if may_read else None, "offered": offered(actor),
        "may_keep": actor.may(Permission.SETTINGS), "may_work": actor.may(Permission.WORK_POINTS),
        "may_read": may_read, "is_open": row.status == OfferStatus.OPEN, "is_draft": row.status == OfferStatus.DRAFT,
        "propose_form": ProposeForm(prefix="propose"), "data_at": at, "asked": request.GET.get("customer", ""),
    }  # fmt: skip
    return render(request, "web/offers/offer.html", context | _simulated(request, pk))


def _simulated(request: ConsoleRequest, pk: int) -> dict[str, Any]:
    """Return the simulation on the customer the address names, by id or as people write them."""
    said = request.GET.get("customer", "").strip()
    if not said:
        return {}
    try:
        number = listing.number_of(said)
        found = customers.visible_customer(request.actor, number) if number else customer_named(request.actor, said)
    except forms.ValidationError as error:
        return {"simulation_problem": error.messages[0]}
    today, ahead = timezone.localdate(), bool(request.GET.get("ahead"))
    may_read = request.actor.may(Permission.READ_REVENUE)
    verdict = queries.verdict(request.actor, pk, found.pk, today)
    return {
        "asked": found.code,
        "simulated": found,
        "simulation": savings.simulate(request.actor, pk, found.pk, today, ahead=ahead) if may_read else None,
        "verdict": verdict, "clauses": wording.told(verdict, request.actor), "ahead": ahead,
    }  # fmt: skip


@door(Permission.SETTINGS)
def new_offer(request: ConsoleRequest) -> HttpResponse:
    """Draft an offer."""
    return _keep(request, None, {"starts_on": timezone.localdate(), "months": 12})


@door(Permission.SETTINGS)
def edit_offer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a draft, or the words of an open one."""
    row = queries.offer(pk)
    known = {name: getattr(row, name) for name in OfferForm.base_fields}
    if row.benefit == BenefitWord.AMOUNT:
        known["value"] = row.value / 100
    return _keep(request, pk, known)


def _keep(request: ConsoleRequest, pk: int | None, initial: dict[str, Any]) -> HttpResponse:
    form = OfferForm(request.POST or None, initial=initial)
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        value = given["value"] * 100 if given["benefit"] == BenefitWord.AMOUNT else given["value"]
        new = actions.NewOffer(**{**given, "value": value})
        made.append(actions.save_offer(new, at=timezone.now(), by=request.actor, offer_id=pk))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:offer", made[0].pk)
    context = {"form": form, "title": _("Change offer") if pk else _("New offer"), "facts": wording.vocabulary()}
    return render(request, "web/offers/form.html", context)


@require_POST
@door(Permission.SETTINGS)
def open_offer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a draft be granted."""
    actions.set_status(pk, OfferStatus.OPEN, at=timezone.now(), by=request.actor)
    return redirect("web:offer", pk)


@require_POST
@door(Permission.SETTINGS)
def end_offer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let it be granted no more; what was granted goes on."""
    actions.set_status(pk, OfferStatus.ENDED, at=timezone.now(), by=request.actor)
    return redirect("web:offer", pk)


@require_POST
@door(Permission.WORK_POINTS, Permission.READ_REVENUE)
def reckon(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Reckon it on all customers within scope, as a job."""
    job = many.ask(pk, at=timezone.now(), by=request.actor)
    return redirect("web:job", job.pk)


@require_POST
@door(Permission.WORK_POINTS)
def propose(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Propose to grant it to a customer."""
    said = request.POST.get("propose-customer", "")
    try:
        found = customer_named(request.actor, said)
    except forms.ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("web:offer", pk)
    why = request.POST.get("propose-why", "")
    granting.propose(pk, found.pk, why, at=timezone.now(), by=request.actor)
    messages.success(request, _("Proposed for %(customer)s; somebody else decides on it.") % {"customer": found})
    return redirect("web:offer", pk)


@require_POST
@door()
def decide(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    """Approve, reject or end a grant."""
    at, by, why = timezone.now(), request.actor, request.POST.get("why", "")
    if verb == "end":
        row = granting.end(pk, timezone.localdate(at), why, at=at, by=by)
    else:
        status = GrantStatus.APPROVED if verb == "approve" else GrantStatus.REJECTED
        row = granting.decide(pk, status, why, at=at, by=by)
    messages.success(request, _("%(customer)s: %(status)s.") % {
        "customer": row.customer, "status": row.get_status_display(),
    })  # fmt: skip
    return redirect("web:offer", row.offer_id)


urlpatterns = [
    path("offers", offer_list, name="offers"),
    path("offers/new", new_offer, name="offer-new"),
    path("offers/<int:pk>", offer, name="offer"),
    path("offers/<int:pk>/edit", edit_offer, name="offer-edit"),
    path("offers/<int:pk>/open", open_offer, name="offer-open"),
    path("offers/<int:pk>/end", end_offer, name="offer-end"),
    path("offers/<int:pk>/reckon", reckon, name="offer-reckon"),
    path("offers/<int:pk>/propose", propose, name="offer-propose"),
    path("offers/grants/<int:pk>/<slug:verb>", decide, name="offer-decide"),
]
