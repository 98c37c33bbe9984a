"""What happened in a shift, and what does the next one inherit? Facts in codes and instants, never words (G6, H3).

The record of a hand-over freezes them; pages put them into the reader's language. Some 30 queries whatever the size:
lists are capped, `total` says how many there are.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.network.alarms.queries import shift as network
from mainstay.network.alarms.queries.shift import ShiftSpan
from mainstay.network.planned_work import queries as planned_work
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.platform.duty import queries as duty
from mainstay.platform.duty.models import Desk
from mainstay.platform.identity.queries import scope
from mainstay.platform.messages import queries as messages
from mainstay.service.tickets.choices import LIVE_TICKETS, TicketStatus
from mainstay.service.tickets.finding import AT_WORK
from mainstay.service.tickets.models import Pause, Ticket
from mainstay.service.tickets.queries import reports
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, TicketRow, rows_of

FORM = 1
"""The shape of the facts: a reader of old records looks at it first."""
SHOWN = 40


def shift_facts(actor: Actor, desk: Desk, span: ShiftSpan) -> dict[str, Any]:
    """Return everything a desk hands over, by section; instants are aware, ids lead to pages."""
    region = desk.region_code
    tickets = visible_to(actor).filter(region_code__startswith=region)
    incidents = network.incidents(actor, region, span)
    reported = reports.counts((item["id"] for item in incidents["items"]), actor)
    for item in incidents["items"]:
        item["reports"] = reported.get(item["id"], 0)
    return {
        "form": FORM,
        "desk": {"id": desk.pk, "code": desk.code, "name": desk.name},
        "from_at": span.from_at,
        "until_at": span.until,
        "read_at": span.at,
        "next_to_at": span.next_to,
        "incidents": incidents,
        "counts": _counts(tickets, span),
        "running": _running(tickets, span),
        "missed": _missed(tickets, span),
        "updates": _updates(tickets, span),
        "pauses": _pauses(tickets, span),
        "approvals": _approvals(tickets, actor, region, span),
        "reports": reports.untied(actor).filter(region_code__startswith=region).count(),
        "told": messages.tally(actor, region, span.from_at, span.until),
        "works": _works(actor, region, span),
        "storms": network.storms(actor, region, span),
        "standing_alarms": network.waiting_alarms(actor, region),
        "sources": network.sources(span),
        "quarantine": network.quarantine(span),
        "notes": _notes(actor, desk, span),
    }


def _counts(tickets: QuerySet[Ticket], span: ShiftSpan) -> dict[str, int]:
    inside = {"gte": span.from_at, "lt": span.until}
    return tickets.aggregate(
        opened=Count("pk", filter=_between("opened_at", **inside)),
        restored=Count("pk", filter=_between("resolved_at", **inside)),
        missed=Count("pk", filter=_between("breached_at", **inside)),
        running=Count("pk", filter=Q(status__in=AT_WORK)),
        to_confirm=Count("pk", filter=Q(status=TicketStatus.RESOLVED)),
    )


def _between(column: str, *, gte: datetime, lt: datetime) -> Q:
    return Q(**{f"{column}__gte": gte, f"{column}__lt": lt})


def _running(tickets: QuerySet[Ticket], span: ShiftSpan) -> dict[str, Any]:
    """Those whose deadline falls into the next shift first, then the others by deadline, what is missed on top."""
    at_work = tickets.filter(status__in=AT_WORK)
    due = at_work.filter(deadline_at__gt=max(span.at, span.to_at), deadline_at__lte=span.next_to)
    others = at_work.exclude(pk__in=due.values("pk"))
    shown = list(_ordered(due)[:SHOWN])
    due_count = len(shown)
    shown += list(_ordered(others)[: SHOWN - len(shown)]) if len(shown) < SHOWN else []
    items = _items(shown, span)
    for place, item in enumerate(items):
        item["due_next"] = place < due_count
    return {"total": at_work.count(), "due_next": due.count(), "items": items}


def _missed(tickets: QuerySet[Ticket], span: ShiftSpan) -> dict[str, Any]:
    missed = tickets.filter(_between("breached_at", gte=span.from_at, lt=span.until))
    return {"total": missed.count(), "items": _items(_ordered(missed)[:SHOWN], span)}


def _updates(tickets: QuerySet[Ticket], span: ShiftSpan) -> dict[str, Any]:
    """What customers were promised to hear by the end of the next shift, overdue ones first."""
    due = tickets.filter(status__in=LIVE_TICKETS, next_update_at__lte=span.next_to)
    shown = due.select_related(*ROW_RELATIONS).order_by("next_update_at", "grade_rank", "pk")[:SHOWN]
    return {"total": due.count(), "items": _items(shown, span)}


def _ordered(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    order = (F("deadline_at").asc(nulls_last=True), "grade_rank", "pk")
    return tickets.select_related(*ROW_RELATIONS).order_by(*order)


def _items(tickets: Iterable[Ticket], span: ShiftSpan) -> list[dict[str, Any]]:
    written = list(tickets)
    titles = {ticket.pk: ticket.title for ticket in written}
    return [_item(row, titles[row.id]) for row in rows_of(written, span.at)]


def _item(row: TicketRow, title: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "title": title,
        "circuits": [number for _id, number in row.circuits[:10]],
        "circuit_count": row.circuit_count,
        "status": row.status,
        "grade": row.grade,
        "customer": row.customer_name,
        "customer_id": row.customer_id,
        "assigned_to": row.assigned_to,
        "incident": row.incident_number,
        "opened_at": row.opened_at,
        "deadline_at": row.clock.deadline_at if row.clock and row.clock.is_going else None,
        "missed_at": row.breached_at,
        "next_update_at": row.next_update_at,
    }


def _pauses(tickets: QuerySet[Ticket], span: ShiftSpan) -> dict[str, Any]:
    """Pauses in force that end by their limit within the next shift."""
    in_force = Q(needs_approval=False) | Q(approved_at__isnull=False)
    rows = Pause.objects.filter(
        in_force, ticket__in=tickets.filter(status=TicketStatus.PAUSED), to_at__isnull=True, refused_at__isnull=True,
        limit_at__lte=span.next_to,
    )  # fmt: skip
    shown = rows.select_related("ticket__customer").order_by("limit_at", "pk")[:SHOWN]
    return {"total": rows.count(), "items": [_pause(pause) for pause in shown]}


def _pause(pause: Pause) -> dict[str, Any]:
    ticket = pause.ticket
    return {
        "id": ticket.pk,
        "number": ticket.number,
        "grade": ticket.grade,
        "customer": str(ticket.customer),
        "reason": pause.reason,
        "evidence": pause.evidence,
        "asked_by": pause.asked_by,
        "limit_at": pause.limit_at,
    }


def _approvals(tickets: QuerySet[Ticket], actor: Actor, region: str, span: ShiftSpan) -> dict[str, Any]:
    """Pauses that wait for a second person, and planned work that does."""
    asked = Pause.objects.filter(
        ticket__in=tickets.filter(status__in=LIVE_TICKETS), needs_approval=True, approved_at__isnull=True,
        refused_at__isnull=True,
    )  # fmt: skip
    works = planned_work.visible_to(actor).filter(
        region_code__startswith=region, status=WorkStatus.PLANNED, to_at__gt=span.at
    )
    shown = asked.select_related("ticket__customer").order_by("from_at", "pk")[:SHOWN]
    return {
        "total": asked.count(),
        "items": [{**_pause(pause), "asked_at": pause.from_at} for pause in shown],
        "works": works.count(),
    }


def _works(actor: Actor, region: str, span: ShiftSpan) -> dict[str, Any]:
    """Planned work that runs now or begins within the next shift."""
    rows = planned_work.visible_to(actor).filter(
        region_code__startswith=region, status__in=(WorkStatus.PLANNED, WorkStatus.APPROVED), from_at__lt=span.next_to,
        to_at__gt=span.at,
    )  # fmt: skip
    columns = ("id", "number", "title", "status", "from_at", "to_at", "announced_at")
    items = list(rows.order_by("from_at", "pk").values(*columns)[:SHOWN])
    return {"total": rows.count(), "items": items}


def _notes(actor: Actor, desk: Desk, span: ShiftSpan) -> dict[str, Any]:
    rows = duty.shift_log(actor).filter(scope(actor, customer="", region="desk__region_code"), desk=desk)
    written = rows.filter(Q(at__gte=span.from_at, at__lt=span.until) | Q(taken_over_at__isnull=True, at__lt=span.until))
    items = [
        {"id": note.pk, "text": note.text, "by": note.by_name, "written_at": note.at, "taken_by": note.taken_over_by}
        for note in written[:SHOWN]
    ]
    return {"total": written.count(), "items": items}
