"""Agents and resellers: who they are, whom they look after (A1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.customers import archive as beside
from mainstay.accounts.customers.actions import agents as actions
from mainstay.accounts.customers.choices import AgentKind
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AgentForm(forms.Form):
    """An agent or a reseller."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=32)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AgentKind.choices)
    region_id = forms.ChoiceField(label=gettext_lazy("Region"))
    contact_name = forms.CharField(label=gettext_lazy("Contact"), max_length=60, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=32, required=False)
    since_on = forms.DateField(label=gettext_lazy("Agent since"), required=False, widget=DATE)
    ended_on = forms.DateField(label=gettext_lazy("Ended on"), required=False, widget=DATE)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=400, required=False)

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_id"].choices = [(r.code, r.name) for r in places.regions()]  # type: ignore[attr-defined]
        if known:
            del self.fields["code"]


@door()
def agents(request: ConsoleRequest) -> HttpResponse:
    """List agents and resellers."""
    rows = beside.agents(request.actor, text=request.GET.get("q", "").strip(), ended="ended" in request.GET)
    filters = [
        {"name": "q", "label": _("Name or code"), "kind": "search"},
        {"name": "ended", "label": _("Also those who ended"), "kind": "toggle"},
    ]
    context = {"page": listing.page_of(rows, request), "filters": filters,
               "may_write": request.actor.may(Permission.WRITE_CUSTOMERS)}  # fmt: skip
    return render(request, "web/agents/agents.html", context)


@door(Permission.WRITE_CUSTOMERS)
def new_agent(request: ConsoleRequest) -> HttpResponse:
    """Take on an agent or reseller."""
    form = AgentForm(request.POST or None, known=False, initial={"since_on": timezone.localdate()})
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        code = given.pop("code")
        made.append(actions.add_agent(code, given, at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:agents")
    return render(request, "web/agents/form.html", {"form": form, "title": _("New agent or reseller")},
                  status=422 if form.errors else 200)  # fmt: skip


@door()
def agent(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show an agent and whom it looks after, of the customers the reader sees."""
    found = actions.visible_agent(request.actor, pk)
    context = {"agent": found, "agencies": beside.customers_of(request.actor, pk),
               "may_write": request.actor.may(Permission.WRITE_CUSTOMERS)}  # fmt: skip
    return render(request, "web/agents/agent.html", context)


@door(Permission.WRITE_CUSTOMERS)
def edit_agent(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change an agent, or end the relation."""
    found = actions.visible_agent(request.actor, pk)
    initial = {name: getattr(found, name) for name in actions.CHANGEABLE}
    form = AgentForm(request.POST or None, known=True, initial=initial)

    def act(given: dict[str, Any]) -> None:
        actions.change_agent(pk, given, at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:agent", pk)
    return render(request, "web/agents/form.html", {"form": form, "title": found.name},
                  status=422 if form.errors else 200)  # fmt: skip


urlpatterns = [
    path("agents", agents, name="agents"),
    path("agents/new", new_agent, name="agent-new"),
    path("agents/<int:pk>", agent, name="agent"),
    path("agents/<int:pk>/edit", edit_agent, name="agent-edit"),
]
