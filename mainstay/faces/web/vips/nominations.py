"""Nominations: the list, one with its figures, proposing by hand, deciding, ending (B6)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.nominations.actions import by_hand
from mainstay.accounts.nominations.choices import Status
from mainstay.accounts.nominations.queries import nominated, runs
from mainstay.faces.web.customer_choice import customer_named, offered
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.lists.vips import VIPS, figure_told, origin, reason
from mainstay.faces.web.vips.tabs import tabs
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProposeForm(forms.Form):
    """Whom to nominate, why, and for how long."""

    customer = forms.CharField(
        label=_("Customer"), max_length=120, help_text=_("Its code or full name."),
        widget=forms.TextInput(attrs={"list": "customers", "autocomplete": "off"}),
    )  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    from_on = forms.DateField(label=_("From"), widget=DAY)
    until_on = forms.DateField(label=_("Until"), required=False, widget=DAY,
                               help_text=_("The first day it no longer holds; empty: open."))  # fmt: skip

    def __init__(self, actor: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_customer(self) -> int:
        """Return the customer's id."""
        return int(customer_named(self.actor, self.cleaned_data["customer"]).pk)


@door()
def vips(request: ConsoleRequest) -> HttpResponse:
    """List the nominations, the latest first."""
    more = {} if request.htmx else {"waiting": runs.waiting_count(request.actor)}
    may = {"may_propose": request.actor.may(Permission.WRITE_CUSTOMERS)}
    return show(request, VIPS, "web/vips/vips.html", **tabs("vips"), **may, **more)


@door()
def vip(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one nomination: why in figures, who decided, what can be done."""
    row = nominated.nomination(request.actor, pk)
    approve = request.actor.may(Permission.APPROVE)
    context = {
        "nomination": row, "how": origin(row), "reason": reason(row), "figures": [figure_told(f) for f in row.figures],
        "weighted": row.score > 0, "score": f"{row.score / 1000:g}",
        "may_decide": approve and row.status == Status.PROPOSED and row.made_by_id != request.actor.user_id,
        "own": row.status == Status.PROPOSED and row.made_by_id == request.actor.user_id,
        "may_end": approve and row.status == Status.NAMED,
        "history": [entry_told(each) for each in journal.history_of("nomination", pk, actor=request.actor)[:20]],
    }  # fmt: skip
    return render(request, "web/vips/vip.html", context)


@door(Permission.WRITE_CUSTOMERS)
def new_vip(request: ConsoleRequest) -> HttpResponse:
    """Nominate a customer by hand; somebody else decides."""
    initial = {"customer": request.GET.get("customer", ""), "from_on": timezone.localdate()}
    form, made = ProposeForm(request.actor, request.POST or None, initial=initial), list[Any]()

    def act(given: dict[str, Any]) -> None:
        made.append(by_hand.propose(given["customer"], given["why"], from_on=given["from_on"],
                                    until_on=given["until_on"], at=timezone.now(), by=request.actor))  # fmt: skip

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("Proposed; somebody else decides on it."))
        return redirect("web:vip", made[0].pk)
    context = {"form": form, "customers": offered(request.actor), "up": reverse("web:vips")}
    return render(request, "web/vips/new.html", context)


@require_POST
@door(Permission.APPROVE)
def decide_vip(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Approve a nomination, or refuse it with a reason."""
    approve = request.POST.get("decision") == "approve"
    by_hand.decide(pk, approve=approve, why=request.POST.get("why", ""), at=timezone.now(), by=request.actor)
    messages.success(request, gettext("Approved.") if approve else gettext("Refused."))
    return redirect("web:vip", pk)


@require_POST
@door(Permission.APPROVE)
def end_vip(request: ConsoleRequest, pk: int) -> HttpResponse:
    """End a nomination from today on, with a reason."""
    by_hand.end_nomination(pk, request.POST.get("why", ""), on=timezone.localdate(), at=timezone.now(),
                           by=request.actor)  # fmt: skip
    messages.success(request, gettext("The nomination is ended."))
    return redirect("web:vip", pk)


urlpatterns = [
    path("vips", vips, name="vips"),
    path("vips/new", new_vip, name="vip-new"),
    path("vips/<int:pk>", vip, name="vip"),
    path("vips/<int:pk>/decide", decide_vip, name="vip-decide"),
    path("vips/<int:pk>/end", end_vip, name="vip-end"),
]
