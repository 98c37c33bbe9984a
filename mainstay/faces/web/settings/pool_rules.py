"""Settings › Rules of the pool: how many one may hold, when a customer returns (A8)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.portfolios.actions import rules as actions
from mainstay.accounts.portfolios.choices import RuleKind
from mainstay.accounts.portfolios.queries import pool, recalls
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity.choices import Permission


class LimitsForm(forms.Form):
    """How many customers of each grade one may claim up to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for grade, label in ServiceGrade.choices:
            self.fields[grade] = forms.IntegerField(label=label, min_value=0, max_value=100_000, required=False)


class RuleForm(forms.Form):
    """A rule by which customers return to the pool."""

    kind = forms.ChoiceField(label=_("Why"), choices=RuleKind.choices)
    grade = forms.ChoiceField(
        label=_("Service grade"), choices=[("", _("Any other grade")), *ServiceGrade.choices], required=False
    )
    days = forms.IntegerField(label=_("After so many days"), min_value=1, max_value=3650)
    warn_days = forms.IntegerField(label=_("Days of warning"), min_value=0, max_value=365, initial=7)
    active = forms.BooleanField(label=_("In force"), required=False, initial=True)


@door(Permission.SETTINGS)
def pool_rules(request: ConsoleRequest) -> HttpResponse:
    """Show the rules; set one of a kind and grade."""
    chosen = next((r for r in recalls.rules() if str(r.pk) == request.GET.get("rule")), None)
    names = ("kind", "grade", "days", "warn_days", "active")
    initial = {name: getattr(chosen, name) for name in names} if chosen else {}
    form = RuleForm(request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        actions.save_rule(actions.NewRule(**given), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Kept; it is looked at every morning."))
        return redirect("web:settings-pool")
    context = {"rules": recalls.rules(), "form": form, "limits_form": LimitsForm(initial=pool.limits())}
    answer = show(request, "pool_rules", "settings-pool", **context)
    answer.status_code = 422 if form.errors else 200
    return answer


@require_POST
@door(Permission.SETTINGS)
def limits(request: ConsoleRequest) -> HttpResponse:
    """Set how many customers of each grade one may claim up to; empty: any number."""
    form = LimitsForm(request.POST)
    if accepted(form, lambda given: actions.set_limits(given, at=timezone.now(), by=request.actor)):
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("A limit is a whole number, or empty."))
    return redirect("web:settings-pool")


@require_POST
@door(Permission.SETTINGS)
def shipped(request: ConsoleRequest) -> HttpResponse:
    """Lay down the rules the house is shipped with, at rest."""
    actions.load_shipped(at=timezone.now(), by=request.actor)
    messages.success(request, _("The shipped rules are laid down, not in force yet; look at each and put it in force."))
    return redirect("web:settings-pool")


urlpatterns = [
    path("settings/pool", pool_rules, name="settings-pool"),
    path("settings/pool/limits", limits, name="settings-pool-limits"),
    path("settings/pool/shipped", shipped, name="settings-pool-shipped"),
]
