"""One planned work: what it does to whom, what stands in its way, who knows, what they answer, how it ended (I3)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import GRADE_RANK
from mainstay.faces.web import what_if
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.states import WORDS
from mainstay.faces.web.work_forms import FinishForm, MoveForm, WhyForm
from mainstay.network.alarms.queries.measured import measured
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.queries import circuits
from mainstay.network.planned_work import actions, queries
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.queries.conflicts import conflicts
from mainstay.network.planned_work.queries.freezing import may_override, rules_hit
from mainstay.network.planned_work.queries.what_if import WhatIf
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal
from mainstay.platform.messages.choices import Channel
from mainstay.service.announcements import queries as announcements
from mainstay.service.announcements.actions import remind_customers
from mainstay.service.announcements.choices import Answer

SHOWN = 200


@door(Permission.READ_ALARMS)
def work(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show planned work, who will be affected, who knows, and what can be done now."""
    return _page(request, pk)


def _page(request: ConsoleRequest, pk: int, *, opened: str = "", status: int = 200, **given: Any) -> HttpResponse:
    found, at = queries.work(request.actor, pk), timezone.now()
    effect = _effect(request, found, at=at)
    context = {
        "work": found,
        "verbs": verbs_of(found, request, at=at),
        "under_way": found.status == WorkStatus.APPROVED and found.from_at <= at < found.to_at,
        "overrun": found.status == WorkStatus.APPROVED and found.announced_at is not None and at >= found.to_at,
        **effect,
        **_told(request, found, effect.get("outcome"), at=at),
        "overrides": list(found.overrides.select_related("rule")),
        "history": [entry_told(entry) for entry in journal.history_of("work", pk, actor=request.actor)[:20]],
        "cancel_form": WhyForm(),
        "approve_form": WhyForm(),
        "move_form": MoveForm(initial={"from_at": found.from_at, "to_at": found.to_at}),
        "finish_form": FinishForm(),
        "opened": opened,
        "data_at": at,
    }
    return render(request, "web/works/work.html", context | given, status=status)


def _effect(request: ConsoleRequest, found: Any, *, at: datetime) -> dict[str, Any]:
    """Return what it will do and what stands in its way; of work that has begun, what it really did."""
    resources = list(found.resources.all())
    if found.status in (WorkStatus.CANCELLED, WorkStatus.DONE) or (found.announced_at and found.from_at <= at):
        return {"measured": _measured(request, found, at=at)}
    answer = what_if.answer(request, resources, now=False)
    grades = {hit.grade for hit in answer["outcome"].hits} if answer["outcome"] else set()
    rules = rules_hit(found.from_at, found.to_at, regions={r.region_code for r in resources}, grades=grades)
    ids = [resource.pk for resource in resources]
    return answer | {
        "rules": [(rule, may_override(request.actor, rule)) for rule in rules],
        "needs_why": any(rule.pk not in {each.rule_id for each in found.overrides.all()} for rule in rules),
        "conflicts": conflicts(request.actor, ids, found.from_at, found.to_at, besides=found.pk),
    }


def _measured(request: ConsoleRequest, found: Any, *, at: datetime) -> dict[str, Any] | None:
    """Return what was expected beside what happened, circuit by circuit; None where it never began."""
    if found.status == WorkStatus.CANCELLED and (found.ended_at or at) <= found.from_at:
        return None
    forecast = queries.forecast_of(found.pk)
    until = max(found.to_at, found.ended_at or at)
    over = {row.pk: row for row in queries.affected_circuits(request.actor, found)}
    seen = over | {
        row.pk: row
        for row in circuits.visible_to(request.actor).filter(pk__in=list(forecast)).select_related("customer")
    }
    real = measured(seen.keys(), found.from_at, min(until, at))
    rows: list[dict[str, Any]] = [
        {
            "circuit": circuit,
            "expected": WORDS[forecast.get(pk, LiveState.UP)],
            "real": WORDS[real[pk].worst] if pk in real else "up",
            "measured": real.get(pk),
            "worse": pk in real and real[pk].worst > forecast.get(pk, LiveState.UP),
        }
        for pk, circuit in seen.items()
    ]
    rows.sort(key=lambda row: (-(row["measured"].impaired_s if row["measured"] else -1),
                               GRADE_RANK.get(row["circuit"].grade, 9), row["circuit"].number))  # fmt: skip
    return {
        "rows": rows[:SHOWN],
        "total": len(rows),
        "expected": sum(state > LiveState.UP for state in forecast.values()),
        "hit": len(real),
        "worse": sum(row["worse"] for row in rows),
        "counted_s": sum(each.counted_s for each in real.values()),
        "longest_s": max((each.impaired_s for each in real.values()), default=0),
    }


def _told(request: ConsoleRequest, found: Any, outcome: WhatIf | None, *, at: datetime) -> dict[str, Any]:
    """Return what customers know and answered, or who would be told and what they would read."""
    rows = list(announcements.of_work(request.actor, found.pk))
    open_rows = [row for row in rows if row.withdrawn_at is None]
    context: dict[str, Any] = {
        "announcements": rows,
        "answers": [
            (label, sum(row.answer == value for row in open_rows))
            for value, label in Answer.choices
            if any(row.answer == value for row in open_rows)
        ],
        "late": sum(row.late for row in open_rows),
        "untold": sum(row.untold_since is not None for row in open_rows),
        "silent": sum(row.answer == Answer.NONE and row.told_at is not None for row in open_rows),
        "stale": found.announced_at is None and bool(open_rows) and found.status != WorkStatus.CANCELLED,
    }
    if found.status in (WorkStatus.PLANNED, WorkStatus.APPROVED) and found.announced_at is None:
        states = [(hit.circuit_id, int(hit.after)) for hit in outcome.hits] if outcome else []
        context["preview"] = preview = announcements.preview(found, states, at=at)
        context["preview_rows"] = [(who, _ways(audience), late) for who, audience, late in preview.rows]
    return context


def _ways(audience: Any) -> list[tuple[str, str]]:
    """Return who is told, each with the channels in words."""
    return [
        (receiver.contact.name, " ".join(str(Channel(way.channel).label) for way in receiver.open_ways))
        for receiver in audience.receivers
    ]


def verbs_of(found: Any, request: ConsoleRequest, *, at: datetime) -> set[str]:
    """Return what the reader may do with the work now."""
    actor, verbs = request.actor, set()
    if actor.may(Permission.APPROVE) and found.status == WorkStatus.PLANNED and found.planned_by_id != actor.user_id:
        verbs.add("approve")
    if not actor.may(Permission.PLAN_WORK):
        return verbs
    if found.status in (WorkStatus.PLANNED, WorkStatus.APPROVED):
        verbs.add("cancel")
        verbs |= {"move"} if found.announced_at is None or at < found.from_at else set()
        verbs |= {"words"} if found.announced_at is None else set()
    if found.status == WorkStatus.APPROVED:
        verbs |= {"announce"} if found.announced_at is None and at < found.to_at else set()
        verbs |= {"finish"} if at >= found.from_at else set()
        verbs |= {"remind"} if found.announced_at is not None and at < found.from_at else set()
    return verbs


OVER = _("%(number)s is done.")
MOVED = _("%(number)s has another window; it is to be approved and announced anew.")
ASKED = _("%(n)s customers were asked once more.")
PLAIN: dict[str, tuple[Callable[..., Any], Any]] = {
    "approve": (actions.approve_work, _("%(number)s is approved; announce it now.")),
    "announce": (actions.announce_work, _("%(number)s is announced to the customers.")),
    "cancel": (actions.cancel_work, _("%(number)s is cancelled.")),
}
STEPS = (*PLAIN, "finish", "move", "remind")


@door(Permission.READ_ALARMS)
def step(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    """Approve, announce, finish, move or cancel work, or ask for answers; the action checks who may."""
    if request.method != "POST" or verb not in STEPS:
        raise Http404
    if verb in ("finish", "move"):
        return _with_form(request, pk, verb)
    if verb == "remind":
        asked = remind_customers(pk, at=timezone.now(), by=request.actor)
        messages.success(request, ASKED % {"n": asked})
        return redirect("web:work", pk)
    act, said = PLAIN[verb]
    done = act(pk, at=timezone.now(), by=request.actor.because(request.POST.get("why", "")))
    messages.success(request, said % {"number": done.number})
    return redirect("web:work", pk)


def _with_form(request: ConsoleRequest, pk: int, verb: str) -> HttpResponse:
    found = queries.work(request.actor, pk)
    form = FinishForm(request.POST) if verb == "finish" else MoveForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        if verb == "finish":
            actions.finish_work(pk, at=timezone.now(), by=request.actor, **given)
            return
        why = request.actor.because(given["why"])
        actions.move_work(pk, given["from_at"], given["to_at"], at=timezone.now(), by=why)

    if accepted(form, act):
        said = OVER if verb == "finish" else MOVED
        messages.success(request, said % {"number": found.number})
        return redirect("web:work", pk)
    return _page(request, pk, opened=verb, status=422, **{f"{verb}_form": form})


urlpatterns = [
    path("works/<int:pk>", work, name="work"),
    path("works/<int:pk>/<slug:verb>", step, name="work-step"),
]
