"""Incidents: which causes stand, what hangs on each, and who has it in hand (G2, G3)?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mainstay.faces.ui.words import absolute_words
from mainstay.faces.web.causes import branches, ground, told
from mainstay.faces.web.changes import action_words
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.instants import InstantField
from mainstay.faces.web.lists.incidents import INCIDENTS, TABS
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.states import WORDS
from mainstay.network.alarms.actions import steering
from mainstay.network.alarms.queries import incidents as queries
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal
from mainstay.service.tickets.queries import lists as tickets
from mainstay.service.tickets.queries import reports


class PromiseForm(forms.Form):
    """When service is expected back, and when the next word comes."""

    eta_at = InstantField(label=_("Service expected back"), required=False)
    next_update_at = InstantField(label=_("Next update at"), required=False)


class NotAffectedForm(forms.Form):
    """Which circuits work although the model says otherwise, and how one knows."""

    circuits = forms.MultipleChoiceField(
        label=_("Circuits"), error_messages={"required": _("Tick the circuits first.")}
    )
    why = forms.CharField(label=_("How do you know?"), max_length=200)

    def __init__(self, *args: Any, impacts: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(impact.circuit_id), impact.circuit.number) for impact in impacts]
        self.fields["circuits"].choices = choices  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """Why it is over."""

    why = forms.CharField(label=_("Why"), max_length=200)


PROMISES = {"eta_at": _("Service expected back"), "next_update_at": _("Next update at")}


@dataclass(frozen=True)
class Hit:
    """A customer an incident touches: the circuits and the ticket."""

    customer: Any
    ticket: Any
    impacts: list[Any] = field(default_factory=list)


@door(Permission.READ_ALARMS)
def incidents(request: ConsoleRequest) -> HttpResponse:
    """List incidents, the newest first."""
    tab = request.GET.get("tab", "live")
    tabs = [
        {"label": label, "url": f"{request.path}?tab={name}", "active": name == (tab if tab in TABS else "live")}
        for name, (label, _wanted) in TABS.items()
    ]
    return show(request, INCIDENTS, "web/incidents/incidents.html", tabs_shown=tabs)


@door(Permission.READ_ALARMS)
def incident(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one incident: the cause and its symptoms, whom it hits, what is promised, what was done."""
    return _page(request, pk, opened=request.GET.get("do", ""))


def _page(request: ConsoleRequest, pk: int, *, opened: str = "", status: int = 200, **given: Any) -> HttpResponse:
    found, at = queries.visible_incident(request.actor, pk), timezone.now()
    queries.count_impacts([found], request.actor)
    reports.count_on([found], request.actor)
    impacts = queries.impacts_of(found, request.actor, standing=found.restored_at is None)
    entries = journal.history_of("incident", pk, actor=request.actor)[:50]
    context = {
        "incident": told(found),
        "tree": branches(queries.symptoms(found)),
        "hits": hits(impacts, _tickets(request, pk, at)),
        "history": [(entry, action_words(entry.action), promised(entry), revised(entry)) for entry in entries],
        "may_work": request.actor.may(Permission.WORK_INCIDENTS),
        "opened": opened,
        "promise_form": PromiseForm(initial={"eta_at": found.eta_at, "next_update_at": found.next_update_at}),
        "not_affected_form": NotAffectedForm(impacts=impacts),
        "close_form": CloseForm(),
        "data_at": at,
    }
    return render(request, "web/incidents/incident.html", context | given, status=status)


def _tickets(request: ConsoleRequest, pk: int, at: datetime) -> dict[int, Any]:
    rows = tickets.ticket_rows(request.actor, tickets.TicketFilter(incident_id=pk), at=at, per_page=500).rows
    return {row.customer_id: row for row in reversed(rows)}


def hits(impacts: Iterable[Any], ticket_of: dict[int, Any]) -> list[Hit]:
    """Put impacts together by customer, in the order of their worst; each gets its state's word and its clock."""
    clock_of = {clock.circuit_id: clock for row in ticket_of.values() for clock in row.clocks if clock.circuit_id}
    found: dict[int, Hit] = {}
    for impact in impacts:
        impact.word = "planned" if impact.planned else WORDS.get(impact.state, "unknown")
        impact.clock = clock_of.get(impact.circuit_id)
        own = found.setdefault(impact.customer_id, Hit(impact.customer, ticket_of.get(impact.customer_id)))
        own.impacts.append(impact)
    return list(found.values())


def promised(entry: Any) -> list[tuple[Any, str]]:
    """Return what an entry of the history promised: (what, instant)."""
    after = entry.after or {}
    given = [(label, after[name]) for name, label in PROMISES.items() if after.get(name)]
    return [(label, absolute_words(datetime.fromisoformat(at))) for label, at in given]


def revised(entry: Any) -> str:
    """Say what the cause was taken for, what it turned out to be, and why; nothing for other entries."""
    if entry.action != "incident.revise":
        return ""
    return _("from {before} to {after}, because {because}").format(
        before=(entry.before or {}).get("cause") or "—",
        after=entry.after["cause"],
        because=ground(entry.after["reason"]),
    )


@require_POST
@door(Permission.WORK_INCIDENTS)
def claim(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take it in hand, from wherever it is shown."""
    steering.claim(pk, at=timezone.now(), by=request.actor)
    if request.htmx:
        return HttpResponse(status=204)
    return back(request)


@door(Permission.WORK_INCIDENTS)
def promise(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Say when service is expected back and when the next word comes."""
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: steering.promise(pk, **given, at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Promised; it shows on the wall and at the incident."))
        return redirect("web:incident", pk)
    return _page(request, pk, opened="promise", promise_form=form, status=422)


@door(Permission.WORK_INCIDENTS)
def not_affected(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Override the model for circuits that are known to work."""
    found = queries.visible_incident(request.actor, pk)
    form = NotAffectedForm(request.POST or None, impacts=queries.impacts_of(found, request.actor))
    done: list[int] = []

    def act(given: dict[str, Any]) -> None:
        ids = [int(each) for each in given["circuits"]]
        done.append(steering.mark_not_affected(pk, ids, given["why"], at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        said = ngettext(
            "%(n)s circuit is no longer counted as hit.", "%(n)s circuits are no longer counted as hit.", done[0]
        )
        messages.success(request, said % {"n": done[0]})
        return redirect("web:incident", pk)
    return _page(request, pk, not_affected_form=form, status=422)


@door(Permission.WORK_INCIDENTS)
def close(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Close a restored incident before it closes by itself."""
    form = CloseForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: steering.close(pk, given["why"], at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Closed."))
        return redirect("web:incident", pk)
    return _page(request, pk, opened="close", close_form=form, status=422)


urlpatterns = [
    path("incidents", incidents, name="incidents"),
    path("incidents/<int:pk>", incident, name="incident"),
    path("incidents/<int:pk>/claim", claim, name="incident-claim"),
    path("incidents/<int:pk>/promise", promise, name="incident-promise"),
    path("incidents/<int:pk>/not-affected", not_affected, name="incident-not-affected"),
    path("incidents/<int:pk>/close", close, name="incident-close"),
]
