"""Compensations: the list with its sums, one with its derivation and evidence, deciding, entering one by hand (H8)."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.customers import queries as customers
from mainstay.faces.web import listing
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.links import page
from mainstay.faces.web.lists.compensation import COMPENSATION, month_of, wanted
from mainstay.faces.web.lists.showing import show
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal
from mainstay.service.compensation.actions import deciding, proposing
from mainstay.service.compensation.finding import may_propose
from mainstay.service.compensation.queries import claims as queries

HISTORY = 30
PROPOSED = _("%(number)s is proposed; somebody else decides on it.")


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class NewForm(forms.Form):
    """A compensation no clause gives: for whom, which month, how much, why."""

    circuit = forms.CharField(
        label=_("Circuit"), required=False, max_length=48, help_text=_("Its number; empty: for no single circuit.")
    )
    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    )
    amount = forms.DecimalField(label=_("Amount, yuan"), min_value=0, max_digits=11, decimal_places=2)
    why = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


@door()
def claims(request: ConsoleRequest) -> HttpResponse:
    """List compensations, the latest month first, with their sums by state."""
    at, actor = timezone.now(), request.actor
    asked = COMPENSATION.asked(actor, request.GET, at=at)
    more: dict[str, Any] = {}
    if not request.htmx:
        found = queries.totals(queries.matching(actor, wanted(asked)))
        more = {
            "totals": [(total, _with_status(request, total.status)) for total in found],
            "may_propose": may_propose(actor),
            "may_bill": actor.may(Permission.APPROVE),
        }
    return show(request, COMPENSATION, "web/compensation/claims.html", **more)


def _with_status(request: ConsoleRequest, status: str) -> str:
    query = request.GET.copy()
    query["status"] = status
    query.pop("page", None)
    return f"?{query.urlencode()}"


@door()
def claim(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one compensation: its reckoning, the month's evidence, what can be done with it now."""
    found = queries.claim(request.actor, pk)
    story = journal.history_of("compensation", pk, actor=request.actor)
    context = {
        "claim": found,
        "row": found.row,
        "evidence_url": evidence_of(found.row.circuit_id, found.row.month, found.result_version),
        "reject_form": WhyForm(prefix="reject"),
        "reverse_form": WhyForm(prefix="reverse"),
        "history": [entry_told(entry) for entry in story[:HISTORY]],
        "data_at": timezone.now(),
    }
    return render(request, "web/compensation/claim.html", context)


def evidence_of(circuit_id: int | None, month: date, version: int = 0) -> str:
    """Return the page that shows a circuit's month minute by minute, the circuit's own where there is none."""
    if circuit_id is None:
        return ""
    query = f"version={version}" if version else ""
    return page("level", f"{month:%Y-%m}", circuit_id, query=query) or page("circuit", circuit_id)


@require_POST
@door()
def approve(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Grant a compensation somebody else proposed."""
    revision = listing.number_of(request.POST.get("revision"))
    done = deciding.approve(pk, at=timezone.now(), by=request.actor, revision=revision)
    messages.success(request, _("%(number)s is approved.") % {"number": done.number})
    return redirect("web:compensation", pk)


@require_POST
@door()
def reject(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Refuse a proposal, or take one's own back."""
    done = deciding.reject(pk, request.POST.get("reject-why", ""), at=timezone.now(), by=request.actor)
    messages.success(request, _("%(number)s is rejected.") % {"number": done.number})
    return redirect("web:compensation", pk)


@require_POST
@door()
def reverse_claim(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask to take back what was granted."""
    made = proposing.ask_reversal(pk, request.POST.get("reverse-why", ""), at=timezone.now(), by=request.actor)
    messages.success(request, PROPOSED % {"number": made.number})
    return redirect("web:compensation", made.pk)


@door()
def new_claim(request: ConsoleRequest, customer: int) -> HttpResponse:
    """Enter a compensation by hand for a customer."""
    owner = customers.visible_customer(request.actor, customer)
    if not may_propose(request.actor):
        raise Http404
    initial = {"month": month_of(request.GET.get("month")) or timezone.localdate().replace(day=1)}
    form = NewForm(request.POST or None, initial={**initial, "circuit": request.GET.get("circuit", "")})
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        circuit = queries.circuit_named(request.actor, given["circuit"])
        new = proposing.NewClaim(customer, given["month"], int(given["amount"] * 100), given["why"], circuit)
        made.append(proposing.propose_by_hand(new, at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        messages.success(
            request, _("%(number)s is proposed; somebody else decides on it.") % {"number": made[0].number}
        )
        return redirect("web:compensation", made[0].pk)
    up = reverse("web:customer", args=[customer]) + "?tab=contracts"
    return render(request, "web/compensation/new.html", {"form": form, "customer": owner, "up": up})


urlpatterns = [
    path("compensation", claims, name="compensations"),
    path("compensation/<int:pk>", claim, name="compensation"),
    path("compensation/<int:pk>/approve", approve, name="compensation-approve"),
    path("compensation/<int:pk>/reject", reject, name="compensation-reject"),
    path("compensation/<int:pk>/reverse", reverse_claim, name="compensation-reverse"),
    path("customers/<int:customer>/compensation/new", new_claim, name="compensation-new"),
]
