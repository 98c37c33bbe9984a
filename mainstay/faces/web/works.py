"""Planned work (割接): planned by one, approved by another, announced to the customers, then done (I3)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.circuits import with_states
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.lists.works import WORKS
from mainstay.network.planned_work import actions, queries
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal

AT = forms.DateTimeInput(attrs={"type": "datetime-local"})


class WorkForm(forms.Form):
    """What is done, where, when, and what customers should prepare."""

    number = forms.CharField(label=_("Number"), max_length=40)
    title = forms.CharField(label=_("Title"), max_length=160)
    from_at = forms.DateTimeField(label=_("From"), widget=AT)
    to_at = forms.DateTimeField(label=_("To"), widget=AT)
    resources = forms.CharField(
        label=_("Resources"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Their codes, one a line: devices, cards, ports, links, cables, ducts."),
    )
    details = forms.CharField(label=_("What is done"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    preparation = forms.CharField(
        label=_("What customers should prepare"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_resources(self) -> tuple[str, ...]:
        """Return the codes, each once."""
        return tuple(dict.fromkeys(str(self.cleaned_data["resources"]).replace(",", " ").split()))


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("Why"), max_length=400)


@door(Permission.READ_ALARMS)
def works(request: ConsoleRequest) -> HttpResponse:
    """List planned work, the latest window first."""
    return show(request, WORKS, "web/works/works.html", may_plan=request.actor.may(Permission.PLAN_WORK))


@door(Permission.PLAN_WORK)
def new_work(request: ConsoleRequest) -> HttpResponse:
    """Plan work."""
    number = f"GJ-{timezone.localtime():%Y%m%d-%H%M}"
    form = WorkForm(request.POST or None, initial={"number": number, "resources": request.GET.get("resource", "")})
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        made.append(actions.plan_work(actions.NewWork(**given), at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Planned. A second person approves it, then announce it."))
        return redirect("web:work", made[0].pk)
    return render(request, "web/works/form.html", {"form": form})


@door(Permission.READ_ALARMS)
def work(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show planned work, who will be affected, and what can be done now."""
    found, at = queries.work(request.actor, pk), timezone.now()
    affected = queries.affected_circuits(request.actor, found)
    page = Paginator(affected, 50).get_page(request.GET.get("page"))
    customers = affected.order_by().values("customer_id").distinct().count()
    context = {
        "work": found,
        "page": with_states(page),
        "customers": customers,
        "verbs": verbs_of(found, request, at=at),
        "history": [entry_told(entry) for entry in journal.history_of("work", pk, actor=request.actor)[:20]],
        "cancel_form": WhyForm(),
    }
    return render(request, "web/works/work.html", context)


def verbs_of(found: Any, request: ConsoleRequest, *, at: Any) -> set[str]:
    """Return what the reader may do with the work now."""
    actor, verbs = request.actor, set()
    if actor.may(Permission.APPROVE) and found.status == WorkStatus.PLANNED and found.planned_by_id != actor.user_id:
        verbs.add("approve")
    if not actor.may(Permission.PLAN_WORK):
        return verbs
    if found.status in (WorkStatus.PLANNED, WorkStatus.APPROVED):
        verbs.add("cancel")
    if found.status == WorkStatus.APPROVED:
        verbs |= {"announce"} if found.announced_at is None and at < found.to_at else set()
        verbs |= {"finish"} if at >= found.from_at else set()
    return verbs


STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "approve": (actions.approve_work, _("%(number)s is approved; announce it now.")),
    "announce": (actions.announce_work, _("%(number)s is announced to the customers.")),
    "finish": (actions.finish_work, _("%(number)s is done.")),
    "cancel": (actions.cancel_work, _("%(number)s is cancelled.")),
}


@door(Permission.READ_ALARMS)
def step(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    """Approve, announce, finish or cancel work; the action checks who may."""
    if verb not in STEPS or request.method != "POST":
        raise Http404
    act, said = STEPS[verb]
    done = act(pk, at=timezone.now(), by=request.actor.because(request.POST.get("why", "")))
    messages.success(request, said % {"number": done.number})
    return redirect("web:work", pk)


urlpatterns = [
    path("works", works, name="works"),
    path("works/new", new_work, name="work-new"),
    path("works/<int:pk>", work, name="work"),
    path("works/<int:pk>/<slug:verb>", step, name="work-step"),
]
