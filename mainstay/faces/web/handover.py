"""Hand a shift over: what happened, filled in; remarks, signature, taking over; the records of the past (G6, H3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mainstay.domain.actor import Actor
from mainstay.faces.ui.words import absolute_words
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.handover_words import HEAD, numbers, rows, sections, thawed
from mainstay.network.alarms.queries.shift import ShiftSpan
from mainstay.platform.duty import handing_over, queries
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.queries.shift import shift_facts

REMARK = "remark:"


@dataclass(frozen=True)
class Wanted:
    """The desk and the shift a page is about, and the shift that follows."""

    desk: Any
    span: queries.Span
    following: queries.Span

    def facts(self, actor: Actor, at: datetime) -> dict[str, Any]:
        """Return what happened in the shift, as it reads now."""
        until = min(at, self.span.to_at)
        reach = max(self.following.to_at, at)
        return shift_facts(actor, self.desk, ShiftSpan(self.span.from_at, until, at, reach, self.span.to_at))


@door(Permission.READ_ALARMS)
def handover(request: ConsoleRequest) -> HttpResponse:
    """Show what the shift hands over as it stands now, with room for remarks; `?desk=`, `?shift=` choose."""
    at, desks = timezone.now(), list(queries.desks(request.actor))
    wanted = _wanted(request, desks, at)
    if wanted is None:
        return render(request, "web/duty/handover.html", {"desks": []})
    versions = queries.versions_of(request.actor, wanted.desk, wanted.span)
    draft = versions[0] if versions else None
    facts = wanted.facts(request.actor, at)
    remarks = draft.remarks if draft else {}
    if listing.wants_file(request):
        return _file(request, facts, remarks)
    context = {
        "desks": desks,
        "wanted": wanted,
        "versions": [version for version in versions if version.signed_at],
        "is_over": wanted.span.to_at <= at,
        "may_sign": request.actor.may(Permission.WORK_INCIDENTS) and not (draft and draft.taken_at),
        "data_at": at,
        **_told(request, facts, remarks),
    }
    return render(request, "web/duty/handover.html", context)


def _wanted(request: ConsoleRequest, desks: list[Any], at: datetime) -> Wanted | None:
    """Return the desk and shift that the address or form names; else the reader's desk and its present shift."""
    given = request.POST if request.method == "POST" else request.GET
    if not desks:
        return None
    chosen = listing.number_of(given.get("desk"))
    desk = next((each for each in desks if each.pk == chosen), None)
    if chosen is not None and desk is None:
        raise Http404
    desk = desk or _own_desk(request, desks, at)
    shift = listing.number_of(given.get("shift"))
    span = (queries.span_of(desk, shift) if shift is not None else None) or queries.span_at(desk, at)
    return Wanted(desk, span, queries.span_after(desk, span))


def _own_desk(request: ConsoleRequest, desks: list[Any], at: datetime) -> Any:
    mine = {shift.desk_id for shift in queries.watch_at(at).shifts if shift.user_id == request.actor.user_id}
    return next((desk for desk in desks if desk.pk in mine), desks[0])


def _told(request: ConsoleRequest, facts: dict[str, Any], remarks: dict[str, str]) -> dict[str, Any]:
    found = [
        (section, [(line, f"{REMARK}{line.key}", remarks.get(line.key, "")) for line in section.lines])
        for section in sections(facts)
    ]
    return {
        "sections": found,
        "numbers": numbers(facts),
        "remark": remarks.get("", ""),
        "read_at": facts["read_at"],
        "export_url": listing.export_url(request),
        "workbook_url": listing.export_url(request, "xlsx"),
    }


def _file(request: ConsoleRequest, facts: dict[str, Any], remarks: dict[str, str]) -> HttpResponse:
    name = f"handover-{facts['desk']['code']}-{timezone.localtime(facts['from_at']):%Y%m%d-%H%M}"
    return listing.table_file(request, name, HEAD, rows(sections(facts), remarks, absolute_words))


@require_POST
@door(Permission.WORK_INCIDENTS)
def write(request: ConsoleRequest) -> HttpResponse:
    """Keep the remarks, or sign: what happened is read once more, at this instant, and frozen with them."""
    at = timezone.now()
    wanted = _wanted(request, list(queries.desks(request.actor)), at)
    if wanted is None or "desk" not in request.POST:
        raise Http404
    remarks = {
        name.removeprefix(REMARK): str(text) for name, text in request.POST.items() if name.startswith(REMARK)
    }  # fmt: skip
    if request.POST.get("verb") != "sign":
        handing_over.keep_remarks(wanted.desk.pk, wanted.span, remarks, at=at, by=request.actor)
        messages.success(request, _("The remarks are kept."))
        return redirect(_address(wanted))
    facts = wanted.facts(request.actor, at)
    signed = handing_over.sign(wanted.desk.pk, wanted.span, facts, remarks, at=at, by=request.actor)
    messages.success(request, _("Signed; it waits for the next shift to take over."))
    return redirect("web:handover-record", signed.pk)


def _address(wanted: Wanted) -> str:
    shift = f"&shift={wanted.span.shift_id}" if wanted.span.shift_id else ""
    return f"{reverse('web:handover')}?desk={wanted.desk.pk}{shift}"


@door(Permission.READ_ALARMS)
def record(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a hand-over as it was signed, in the reader's language."""
    found = queries.handovers(request.actor).filter(pk=pk, signed_at__isnull=False).first()
    if found is None:
        raise Http404
    facts = thawed(found.facts)
    if listing.wants_file(request):
        return _file(request, facts, found.remarks)
    span = queries.Span(found.from_at, found.to_at)
    versions = [each for each in queries.versions_of(request.actor, found.desk, span) if each.signed_at]
    newest = versions[0].pk == found.pk
    context = {
        "record": found,
        "versions": versions,
        "is_newest": newest,
        "is_whole": handing_over.digest_of(found) == found.digest,
        "may_take": newest and not found.taken_at and request.actor.may(Permission.WORK_INCIDENTS),
        **_told(request, facts, found.remarks),
    }
    return render(request, "web/duty/record.html", context)


@require_POST
@door(Permission.WORK_INCIDENTS)
def take(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Sign for having read it: the shift is taken over."""
    handing_over.take(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("Taken over."))
    return redirect("web:handover-record", pk)


@door(Permission.READ_ALARMS)
def records(request: ConsoleRequest) -> HttpResponse:
    """List the hand-overs of the past, the latest shift first."""
    signed = queries.handovers(request.actor).filter(signed_at__isnull=False).defer("facts", "remarks")
    page = listing.page_of(signed, request)
    context = {"page": page, "waiting": queries.waiting_handovers(request.actor, at=timezone.now())}
    return render(request, "web/duty/records.html", context)


urlpatterns = [
    path("duty/handover", handover, name="handover"),
    path("duty/handover/write", write, name="handover-write"),
    path("duty/handovers", records, name="handovers"),
    path("duty/handovers/<int:pk>", record, name="handover-record"),
    path("duty/handovers/<int:pk>/take", take, name="handover-take"),
]
