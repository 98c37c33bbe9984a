"""Reconciliation with billing: months, what differs, how it was settled (P6)."""

from datetime import date
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

from mainstay.accounts.revenue.actions import reconciling
from mainstay.accounts.revenue.choices import DifferenceState, Settling
from mainstay.accounts.revenue.queries import reconciling as queries
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.compensation import month_of
from mainstay.platform.identity.choices import Permission


class SettleForm(forms.Form):
    """How a difference is settled, and why."""

    settling = forms.ChoiceField(label=_("How settled"), choices=Settling.choices, widget=forms.RadioSelect)
    why = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


@door(Permission.READ_REVENUE)
def control(request: ConsoleRequest) -> HttpResponse:
    """Show the months billing gave totals of, and the differences of the chosen one."""
    months = queries.months(request.actor)
    chosen = month_of(request.GET.get("month")) or (months[0].month if months else None)
    state = request.GET.get("state", "")
    rows = queries.differences(request.actor, chosen, state=state if state in DifferenceState.values else "")
    if listing.wants_file(request):
        return listing.list_file(request, "differences", [str(word) for word in HEAD], rows, _cells)
    context = {
        "months": months,
        "chosen": chosen,
        "controls": queries.controls(request.actor, chosen) if chosen else [],
        "page": listing.page_of(rows, request),
        "filters": [{"name": "state", "label": _("State"), "kind": "chips", "options": DifferenceState.choices}],
        "may_settle": request.actor.may(Permission.RECONCILE_REVENUE),
        "csv_url": listing.export_url(request),
        "xlsx_url": listing.export_url(request, "xlsx"),
    }
    return render(request, "web/revenue/control.html", context)


HEAD = (_("Month"), _("Bills or payments"), _("Level"), _("Customer"), _("Number"), _("Billing: how many"),
        _("Billing: yuan"), _("Here: how many"), _("Here: yuan"), _("State"), _("How settled"), _("Why"))  # fmt: skip


def _cells(row: Any) -> list[object]:
    return [f"{row.month:%Y-%m}", row.get_what_display(), row.get_level_display(),
            row.customer.name if row.customer else row.region_code, row.number, row.theirs_count, row.theirs_fen / 100,
            row.ours_count, row.ours_fen / 100, row.get_state_display(), row.get_settling_display(),
            row.why]  # fmt: skip


@require_POST
@door(Permission.RECONCILE_REVENUE)
def compare(request: ConsoleRequest) -> HttpResponse:
    """Compare a month again."""
    month = month_of(request.POST.get("month")) or timezone.localdate().replace(day=1)
    found = reconciling.compare(month, at=timezone.now(), by=request.actor)
    said = gettext("%(compared)s totals compared, %(differ)s differ.")
    messages.success(request, said % {"compared": found.compared, "differ": found.differ})
    return redirect(_month_url(month))


@door(Permission.RECONCILE_REVENUE)
def settle(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Settle a difference with how and why."""
    found = queries.visible_difference(request.actor, pk)
    form = SettleForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        reconciling.settle_difference(pk, given["settling"], given["why"], at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Settled."))
        return redirect(_month_url(found.month))
    return render(
        request, "web/revenue/settle.html", {"difference": found, "form": form, "up": _month_url(found.month)}
    )


def _month_url(month: date) -> str:
    return f"{reverse('web:control')}?month={month:%Y-%m}"


urlpatterns = [
    path("revenue/control", control, name="control"),
    path("revenue/control/compare", compare, name="control-compare"),
    path("revenue/control/differences/<int:pk>", settle, name="control-difference"),
]
