"""A promise for one circuit alone: agree it, see what it changes, end it (D2, promise-clocks 14)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import Metric, Unit
from mainstay.faces.web import listing
from mainstay.faces.web.contract_forms import SpecialTermForm
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.promises import EndForm
from mainstay.network.inventory.queries import circuits
from mainstay.platform.identity.choices import Permission
from mainstay.service.promises import actions, queries


class CircuitTermForm(SpecialTermForm):
    """A promise for this circuit, and why."""

    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("What was agreed, with whom; it is kept."))


@door(Permission.WRITE_CONTRACTS)
def new_circuit_term(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Promise one circuit something of its own; while it is typed, the page says what it would change."""
    found = circuits.circuit(request.actor, pk)
    if request.htmx and request.method == "GET":
        return render(request, "web/circuits/_term_effect.html", {"effect": effect(pk, CircuitTermForm(request.GET))})
    initial = {"metric": Metric.RESTORATION, "calendar": "24x7", "valid_from": timezone.localdate()}
    form = CircuitTermForm(request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        change = effect(pk, form)
        actions.set_circuit_term(pk, form.terms(), why=given["why"], at=timezone.now(), by=request.actor)
        messages.success(request, change or str(_("Saved.")))

    if request.method == "POST" and accepted(form, act):
        return redirect("web:circuit", pk)
    context = {"form": form, "circuit": found, "title": _("Promise of its own"), "effect": effect(pk, form)}
    return render(request, "web/circuits/term.html", context)


def effect(circuit_id: int, form: CircuitTermForm) -> str:
    """Say what a term would change on the day it begins, "" while too little is typed (7 queries)."""
    if not form.is_bound:
        return ""
    form.is_valid()
    given = form.cleaned_data
    begin = listing.day_start(given.get("valid_from"))
    if begin is None or given.get("amount") is None or not {"metric", "unit"} <= given.keys():
        return ""
    old = queries.promise_for(circuit_id, given["metric"], begin)
    words = {
        "metric": Metric(given["metric"]).label,
        "old": old.sentence() if old else gettext("nothing"),
        "new": f"{given['amount'].normalize():f}\u2009{Unit(given['unit']).label}",
        "day": f"{given['valid_from']:%Y-%m-%d}",
        "end": f"{given['valid_to']:%Y-%m-%d}" if given.get("valid_to") else "",
    }
    if words["end"]:
        return gettext("%(metric)s: instead of “%(old)s” %(new)s for this circuit, from %(day)s to %(end)s.") % words
    return gettext("%(metric)s: instead of “%(old)s” %(new)s for this circuit, from %(day)s.") % words


@door(Permission.WRITE_CONTRACTS)
def end_circuit_term(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a circuit's own promise hold no longer; what stands below it holds again."""
    term = queries.visible_term(request.actor, pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and accepted(
        form, lambda given: actions.end_circuit_term(pk, on=given["on"], at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _then(term.circuit_id, term.metric, form.cleaned_data["on"]))
        return redirect("web:circuit", term.circuit_id)
    title = gettext("End the promise of its own: %(metric)s") % {"metric": term.get_metric_display()}
    return render(request, "web/circuits/term.html", {"form": form, "circuit": term.circuit, "title": title})


def _then(circuit_id: int, metric: str, on: Any) -> str:
    begin = listing.day_start(on)
    holds = queries.promise_for(circuit_id, metric, begin) if begin else None
    words = {"day": f"{on:%Y-%m-%d}", "promise": holds.sentence() if holds else gettext("nothing")}
    return gettext("From %(day)s this holds: %(promise)s.") % words


urlpatterns = [
    path("circuits/<int:pk>/terms/new", new_circuit_term, name="circuit-term-new"),
    path("circuit-terms/<int:pk>/end", end_circuit_term, name="circuit-term-end"),
]
