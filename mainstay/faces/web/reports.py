"""Reports of customers: which have one cause, "these are this incident", "not this one", and the end by hand (H1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from mainstay.domain.errors import Refused, msgid
from mainstay.faces.web.causes import told
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.instants import InstantField
from mainstay.network.alarms.actions import declaring
from mainstay.network.alarms.queries import declared
from mainstay.network.alarms.queries import incidents as incident_queries
from mainstay.network.inventory.queries import places
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as regions
from mainstay.service.tickets.actions import tying
from mainstay.service.tickets.queries import reports as queries

MOST = 2000


class EndForm(forms.Form):
    """Since when all is well again, and what proves it."""

    restored_at = InstantField(label=gettext_lazy("In service again since"))
    proof = forms.CharField(
        label=gettext_lazy("What proves it"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Customers who were told get the all-clear and are asked to confirm."),
    )


class JoinForm(forms.Form):
    """Which incident it turned out to be."""

    into = forms.TypedChoiceField(label=gettext_lazy("Incident"), coerce=int)

    def __init__(self, *args: Any, incidents: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["into"].choices = [(str(i.pk), f"{i.number} · {i.cause_label}") for i in incidents]


@door(Permission.READ_ALARMS)
def reports(request: ConsoleRequest) -> HttpResponse:
    """List the reports that belong to no incident; `?part=causes` answers what may be their one cause.

    The list stands still, so that ticks stay; `?part=count` says when there are more.
    """
    at, shown = timezone.now(), request.GET.get("shown", "")
    if request.GET.get("part") == "count":
        total = queries.untied(request.actor).count()
        return render(request, "web/reports/_count.html", {"total": total, "shown": shown})
    found = queries.open_reports(request.actor, at=at)
    if request.GET.get("part") == "causes":
        causes = queries.common_causes(found.rows, request.actor)
        return render(request, "web/reports/_causes.html", {"causes": causes, **_rights(request)})
    context = {
        "rows": _placed(found.rows),
        "total": found.total,
        "shown": found.total,
        "incidents": declared.to_choose(request.actor),
        "wanted": request.GET.get("incident", ""),
        "data_at": at,
        **_rights(request),
    }
    return render(request, "web/reports/reports.html", context)


def _rights(request: ConsoleRequest) -> dict[str, Any]:
    may = request.actor.may
    return {"may_tie": may(Permission.WORK_INCIDENTS) and may(Permission.WORK_TICKETS)}


def _placed(rows: list[Any]) -> list[tuple[Any, str]]:
    names = regions.names([row.region_code for row in rows])
    return [(row, names.get(row.region_code, row.region_code)) for row in rows]


@require_POST
@door(Permission.WORK_INCIDENTS, Permission.WORK_TICKETS)
def tie(request: ConsoleRequest) -> HttpResponse:
    """Say that the ticked reports are an incident: one that stands, or a new one on a resource."""
    chosen, at = _chosen(request), timezone.now()
    incident = request.POST.get("incident", "")
    if incident.isdecimal() and len(incident) < 18:
        done = tying.tie(chosen, int(incident), at=at, by=request.actor)
    else:
        done = tying.declare_and_tie(chosen, _resource(request), at=at, by=request.actor)
    said = ngettext("%(n)s report is %(incident)s.", "%(n)s reports are %(incident)s.", done.reports)
    words = said % {"n": done.reports, "incident": done.incident.number}
    if done.joined:
        more = ngettext(
            "%(n)s of them joined a ticket of its customer.", "%(n)s of them joined a ticket of their customer.",
            done.joined,
        )  # fmt: skip
        words += " " + more % {"n": done.joined}
    messages.success(request, words)
    return redirect("web:incident-reports", done.incident.pk)


def _resource(request: ConsoleRequest) -> int:
    """Return the resource that the form names by its code."""
    code = request.POST.get("resource", "").strip()
    found = places.ids_by_code([code]) if code else {}
    if not found:
        raise Refused(
            msgid("Choose an incident, or name the resource by its code: the inventory does not know “{code}”."),
            code=code,
        )
    return found[code]


def _chosen(request: ConsoleRequest) -> list[int]:
    given = request.POST.getlist("tickets")[:MOST]
    return [int(each) for each in given if each.isdecimal() and len(each) < 18]


@require_POST
@door(Permission.WORK_INCIDENTS, Permission.WORK_TICKETS)
def untie(request: ConsoleRequest) -> HttpResponse:
    """Take the ticked reports out of their incident again."""
    count = tying.untie(_chosen(request), request.POST.get("why", ""), at=timezone.now(), by=request.actor)
    said = ngettext("%(n)s report is on its own again.", "%(n)s reports are on their own again.", count)
    messages.success(request, said % {"n": count})
    return back(request, reverse("web:reports"))


@door(Permission.READ_ALARMS)
def incident_reports(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show the reports that are an incident, and what can be done with them."""
    return _of_incident(request, pk)


def _of_incident(request: ConsoleRequest, pk: int, *, status: int = 200, **given: Any) -> HttpResponse:
    incident, at = incident_queries.visible_incident(request.actor, pk), timezone.now()
    incident_queries.count_impacts([incident], request.actor)
    found = queries.tied(request.actor, pk, at=at)
    others = [other for other in declared.to_choose(request.actor) if other.pk != pk]
    stands = incident.status in ("open", "claimed")
    context = {
        "incident": told(incident),
        "rows": _placed(found.rows),
        "total": found.total,
        "stands": stands,
        "may_end": stands and incident.is_declared,
        "may_settle": incident.restored_at is not None and any(row.resolved_at is None for row in found.rows),
        "end_form": EndForm(initial={"restored_at": at}),
        "join_form": JoinForm(incidents=others),
        "data_at": at,
        **_rights(request),
    }
    return render(request, "web/reports/incident.html", context | given, status=status)


@door(Permission.WORK_INCIDENTS, Permission.WORK_TICKETS)
def end(request: ConsoleRequest, pk: int) -> HttpResponse:
    """End a declared incident by hand; of one that is over, settle what customers reported and alarms did not tell."""
    form = EndForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        ending, at = declaring.Ending(**given), timezone.now()
        incident = incident_queries.visible_incident(request.actor, pk)
        if incident.status in ("restored", "closed"):
            count = tying.settle_reports(pk, ending, at=at, by=request.actor)
            said = ngettext("%(n)s ticket is resolved.", "%(n)s tickets are resolved.", count)
            messages.success(request, said % {"n": count})
        else:
            declaring.end_declared(pk, ending, at=at, by=request.actor)
            messages.success(request, _("The incident is over; its reports are settled."))

    if request.method == "POST" and accepted(form, act):
        return redirect("web:incident-reports", pk)
    return _of_incident(request, pk, end_form=form, opened="end", status=422)


@door(Permission.WORK_INCIDENTS)
def join(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Say that a declared incident is another one."""
    others = [other for other in declared.to_choose(request.actor) if other.pk != pk]
    form = JoinForm(request.POST or None, incidents=others)
    kept: list[int] = []

    def act(given: dict[str, Any]) -> None:
        kept.append(declaring.join(pk, given["into"], at=timezone.now(), by=request.actor).pk)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Joined; the tickets belong to this incident now."))
        return redirect("web:incident-reports", kept[0])
    return _of_incident(request, pk, join_form=form, opened="join", status=422)


urlpatterns = [
    path("reports", reports, name="reports"),
    path("reports/tie", tie, name="reports-tie"),
    path("reports/untie", untie, name="reports-untie"),
    path("incidents/<int:pk>/reports", incident_reports, name="incident-reports"),
    path("incidents/<int:pk>/end", end, name="incident-end"),
    path("incidents/<int:pk>/join", join, name="incident-join"),
]
