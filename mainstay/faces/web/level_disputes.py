"""Disputes: one proposes another responsibility, a second person approves or refuses (PC 15)."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.ui.shares import month_of
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.levels import circuit_url, number
from mainstay.platform.identity.choices import Permission
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.choices import ProposalState, Responsibility
from mainstay.service.service_levels.queries import disputes
from mainstay.service.service_levels.queries.page import month_page

SECONDS = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")
SIDES = [(value, label) for value, label in Responsibility.choices if value]
WHOLE, CIRCUIT, STRETCH = "ticket", "circuit", "stretch"


class ProposalForm(forms.Form):
    """Who is responsible instead, for how much of it, and why."""

    responsibility = forms.ChoiceField(label=_("Who is responsible"), choices=SIDES)
    extent = forms.ChoiceField(
        label=_("For what"),
        choices=[
            (STRETCH, _("This stretch")),
            (CIRCUIT, _("This circuit on the ticket")),
            (WHOLE, _("All of the ticket")),
        ],
        help_text=_("A decision about a stretch also outweighs that it was planned work."),
    )
    from_at = forms.DateTimeField(label=_("From"), widget=SECONDS, required=False)
    to_at = forms.DateTimeField(label=_("To"), widget=SECONDS, required=False)
    why = forms.CharField(
        label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was found, and what proves it; whoever approves reads this."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a stretch without its times."""
        given = super().clean() or {}
        if given.get("extent") == STRETCH and not (given.get("from_at") and given.get("to_at")):
            self.add_error("from_at", _("Give both times of the stretch."))
        return given


class RefusalForm(forms.Form):
    """Why not."""

    why = forms.CharField(label=_("Why"), max_length=400)


@door(Permission.WORK_TICKETS)
def propose(request: ConsoleRequest, month: str, pk: int) -> HttpResponse:
    """Propose who else is responsible for a stretch of a circuit's month."""
    wanted, ticket = month_of(month), number(request.GET.get("ticket"))
    if wanted is None or ticket is None:
        raise Http404
    found = month_page(request.actor, pk, wanted)
    form = ProposalForm(request.POST or None, initial=_from_address(request))
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        part = {"from_at": given["from_at"], "to_at": given["to_at"]} if given["extent"] == STRETCH else {}
        circuit = pk if given["extent"] in (STRETCH, CIRCUIT) else None
        made.append(
            actions.propose_responsibility(
                ticket, given["responsibility"], given["why"], timezone.now(), request.actor, circuit_id=circuit, **part
            )
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Proposed. A second person decides."))
        return redirect("web:level-proposal", made[0].pk)
    spans = [span for span in found.spans if span.ticket_id == ticket]
    context = {"form": form, "result": found.result, "spans": spans, "back_url": circuit_url(pk, wanted)}
    return render(request, "web/service_levels/propose.html", context)


@door()
def proposals(request: ConsoleRequest) -> HttpResponse:
    """List proposals, the newest first."""
    page = disputes.proposals(
        request.actor, state=request.GET.get("state", ""), page=number(request.GET.get("page")) or 1
    )
    filters = [{"name": "state", "label": _("State"), "kind": "chips", "options": ProposalState.choices}]
    return render(request, "web/service_levels/proposals.html", {"page": page, "filters": filters})


@door()
def proposal(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a proposal: what it would change, or did; approve or refuse it."""
    found = disputes.proposal(request.actor, pk)
    context = {
        "found": found,
        "changes": [(one, circuit_url(one.circuit_id, one.month)) for one in found.changes],
        "refusal": RefusalForm(),
    }
    return render(request, "web/service_levels/proposal.html", context)


@door()
def decide(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    """Approve or refuse; the action checks who may."""
    if verb not in ("approve", "refuse") or request.method != "POST":
        raise Http404
    done = actions.decide(pk, verb == "approve", request.POST.get("why", ""), timezone.now(), request.actor)
    said = _("Approved; the results follow.") if done.state == ProposalState.APPLIED else _("Refused; nothing changes.")
    messages.success(request, said)
    return redirect("web:level-proposal", pk)


def _from_address(request: ConsoleRequest) -> dict[str, Any]:
    instants = {name: number(request.GET.get(key)) for name, key in (("from_at", "from"), ("to_at", "to"))}
    told = {name: datetime.fromtimestamp(at, UTC) for name, at in instants.items() if at}
    return {"extent": STRETCH, **told}


urlpatterns = [
    path("levels/<slug:month>/circuits/<int:pk>/propose", propose, name="level-propose"),
    path("levels/proposals", proposals, name="level-proposals"),
    path("levels/proposals/<int:pk>", proposal, name="level-proposal"),
    path("levels/proposals/<int:pk>/<slug:verb>", decide, name="level-decide"),
]
