"""Planned work (割接): the list, planning it with the what-if beside, its words (I3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web import what_if
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.lists.works import WORKS
from mainstay.faces.web.work_forms import WordsForm, WorkForm, window_of
from mainstay.network.planned_work import actions, queries
from mainstay.network.planned_work.queries.conflicts import conflicts
from mainstay.network.planned_work.queries.freezing import may_override, rules_hit
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_ALARMS)
def works(request: ConsoleRequest) -> HttpResponse:
    """List planned work, the latest window first."""
    return show(request, WORKS, "web/works/works.html", may_plan=request.actor.may(Permission.PLAN_WORK))


@door(Permission.PLAN_WORK)
def new_work(request: ConsoleRequest) -> HttpResponse:
    """Plan work; while it is typed, the page says what it would do, and what stands in its way."""
    number = f"GJ-{timezone.localtime():%Y%m%d-%H%M}"
    form = WorkForm(request.POST or None, initial={"number": number})
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        said = {name: value for name, value in given.items() if name != "why"}
        said["resources"] = form.codes(request.POST.getlist("resource"))
        by = request.actor.because(given["why"])
        made.append(actions.plan_work(actions.NewWork(**said), at=timezone.now(), by=by))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Planned. A second person approves it, then announce it."))
        return redirect("web:work", made[0].pk)
    if request.method == "POST":
        request.GET = request.POST  # what was chosen stays chosen beside the refused form
    context = {"form": form, **looked(request)}
    return render(request, "web/works/form.html", context, status=422 if form.errors else 200)


@door(Permission.PLAN_WORK)
def look(request: ConsoleRequest) -> HttpResponse:
    """Say what work as typed so far would do, and what stands in its way."""
    return render(request, "web/works/_look.html", looked(request))


def looked(request: ConsoleRequest) -> dict[str, Any]:
    """Return what is chosen, what would happen, and what stands in the way of the window typed so far."""
    found = what_if.look(request, now=False)
    form = WorkForm(request.GET)
    form.is_valid()
    window = window_of(form.cleaned_data.get("from_at"), form.cleaned_data.get("to_at"))
    found["unknown"] = what_if.unknown_codes(request, found["chosen"])
    if window and found["chosen"]:
        ids = [resource.pk for resource in found["chosen"]]
        regions = {resource.region_code for resource in found["chosen"]}
        grades = {hit.grade for hit in found["outcome"].hits}
        rules = rules_hit(*window, regions=regions, grades=grades)
        found["rules"] = [(rule, may_override(request.actor, rule)) for rule in rules]
        found["conflicts"] = conflicts(request.actor, ids, *window)
    return found


@door(Permission.PLAN_WORK)
def words(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Word work differently before customers are told."""
    found = queries.work(request.actor, pk)
    form = WordsForm(request.POST or None, initial={name: getattr(found, name) for name in WordsForm.base_fields})

    def act(given: dict[str, Any]) -> None:
        actions.reword_work(pk, actions.Wording(**given), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:work", pk)
    return render(request, "web/works/words.html", {"form": form, "work": found})


urlpatterns = [
    path("works", works, name="works"),
    path("works/new", new_work, name="work-new"),
    path("works/look", look, name="work-look"),
    path("works/<int:pk>/words", words, name="work-words"),
]
