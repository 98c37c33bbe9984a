"""Rules for waves: which change of a customer's deposits is told to the account manager (B6)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.nominations.actions.filters import save_wave_rule
from mainstay.accounts.nominations.queries import runs as queries
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.vips.tabs import tabs
from mainstay.platform.identity.choices import Permission


class RuleForm(forms.Form):
    """A change in per cent and in yuan within so many days."""

    name = forms.CharField(label=_("Name"), max_length=80)
    percent = forms.IntegerField(label=_("Change, at least (per cent)"), min_value=1, max_value=10_000)
    least = forms.DecimalField(label=_("And at least, yuan"), min_value=0, max_digits=15, decimal_places=2)
    days = forms.IntegerField(label=_("Within days"), min_value=1, max_value=92)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)


@door()
def wave_rules(request: ConsoleRequest) -> HttpResponse:
    """List the rules."""
    rows = [{"row": row, "least": yuan(row.least_fen)} for row in queries.wave_rules()]
    context = tabs("wave-rules") | {"rows": rows, "may_write": request.actor.may(Permission.SETTINGS)}
    return render(request, "web/vips/rules.html", context)


@door(Permission.SETTINGS)
def new_rule(request: ConsoleRequest) -> HttpResponse:
    """Make a rule."""
    return _edit(request, None, {"percent": 30, "days": 7})


@door(Permission.SETTINGS)
def edit_rule(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    row = queries.wave_rule(pk)
    initial = {name: getattr(row, name) for name in ("name", "percent", "days", "active")}
    return _edit(request, pk, initial | {"least": row.least_fen / 100})


def _edit(request: ConsoleRequest, pk: int | None, initial: dict[str, Any]) -> HttpResponse:
    form = RuleForm(request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        save_wave_rule(given["name"], percent=given["percent"], least_fen=round(given["least"] * 100),
                       days=given["days"], active=given["active"], rule_id=pk, at=timezone.now(),
                       by=request.actor)  # fmt: skip

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("web:wave-rules")
    title = initial.get("name") or _("New wave rule")
    context = {"form": form, "title": title, "up": (_("Wave rules"), reverse("web:wave-rules"))}
    return render(request, "web/catalog/form.html", context)


urlpatterns = [
    path("vips/rules", wave_rules, name="wave-rules"),
    path("vips/rules/new", new_rule, name="wave-rule-new"),
    path("vips/rules/<int:pk>", edit_rule, name="wave-rule"),
]
