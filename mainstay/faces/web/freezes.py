"""When is work refused, when does it need a mandate, and why (I1)?"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.listing import page_of
from mainstay.faces.web.work_forms import RuleForm, WhyForm
from mainstay.network.planned_work.actions import freezing as actions
from mainstay.network.planned_work.queries import freezing as queries
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_ALARMS)
def rules(request: ConsoleRequest) -> HttpResponse:
    """List the rules in force now or later, or all there ever were."""
    past = request.GET.get("show") == "all"
    context = {
        "page": page_of(queries.rules(at=timezone.now(), past=past), request),
        "may_rule": request.actor.may(Permission.APPROVE),
        "tabs_shown": [
            {"label": _("In force or to come"), "url": "?", "active": not past},
            {"label": _("All"), "url": "?show=all", "active": past},
        ],
        "data_at": timezone.now(),
    }
    return render(request, "web/works/freezes.html", context)


@door(Permission.APPROVE)
def new_rule(request: ConsoleRequest) -> HttpResponse:
    """Lay down a rule."""
    form = RuleForm(request.POST or None)

    def act(_given: dict[str, Any]) -> None:
        actions.add_rule(actions.NewRule(**form.values()), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved; work in this period is held against it from now on."))
        return redirect("web:freezes")
    return render(request, "web/works/freeze.html", {"form": form})


@door(Permission.APPROVE)
def end_rule(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take a rule out of force before its end, and say why."""
    rule, form = queries.own_rule(request.actor, pk), WhyForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        actions.retire_rule(pk, at=timezone.now(), by=request.actor.because(given["why"]))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The rule is not in force any more."))
        return redirect("web:freezes")
    return render(request, "web/works/freeze.html", {"form": form, "rule": rule})


urlpatterns = [
    path("works/freezes", rules, name="freezes"),
    path("works/freezes/new", new_rule, name="freeze-new"),
    path("works/freezes/<int:pk>/end", end_rule, name="freeze-end"),
]
