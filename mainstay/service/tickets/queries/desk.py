"""What does the duty desk see on its wall? Clocks running out, what waits for a person, who is hit, in flat queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.service.tickets.audience import NOTICE, told_of
from mainstay.service.tickets.choices import LIVE_TICKETS, ClockKind, ClockState, EventKind, TicketStatus
from mainstay.service.tickets.circuits import Standing, standing_of
from mainstay.service.tickets.models import Clock, Pause, Ticket, TicketEvent
from mainstay.service.tickets.policy import DEFAULT
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, ClockReading, Reader, TicketRow

WAITING_LABELS = {
    "untold": _("Nobody could be told: no contact can be reached"),
    "unclaimed": _("Nobody has taken it"),
    "pause_asked": _("A pause waits for approval"),
    "update_overdue": _("The customer waits for news"),
    "update_due": _("Word was promised: write it before the holding message goes out"),
}


@dataclass(frozen=True)
class Waiting:
    """A ticket that waits for a person: why (a key of WAITING_LABELS), and since when."""

    ticket: TicketRow
    reason: str
    reason_label: str
    since: datetime


@dataclass(frozen=True)
class ImpactedCustomer:
    """A customer with circuits out, by the live tickets: how many, since when, the most urgent clock, people told."""

    customer_id: int
    customer_name: str
    grade: str
    grade_rank: int
    down: int
    degraded: int
    since: datetime
    ticket_id: int
    ticket_number: str
    incident_id: int | None
    assigned_to_id: int | None
    tickets: int
    clock: ClockReading | None
    assigned_to: str
    told: int


@dataclass(frozen=True)
class DeskCounts:
    """The numbers at the wall's head; all but `customers_told` count live tickets."""

    live: int
    unclaimed: int
    breached: int
    paused: int
    running_out: int
    customers_told: int


def running_out(
    actor: Actor,
    *,
    at: datetime,
    within: timedelta = timedelta(hours=1),
    limit: int = 50,
    reader: Reader | None = None,
) -> list[TicketRow]:
    """Return live tickets whose next deadline lies within the span or is past while a circuit is still out."""
    due = visible_to(actor).filter(status__in=LIVE_TICKETS, deadline_at__lte=at + within)
    tickets = due.select_related(*ROW_RELATIONS).order_by("deadline_at", "grade_rank", "id")[:limit]
    return (reader or Reader(at)).rows(tickets)


def waiting_for_person(actor: Actor, *, at: datetime, limit: int = 50, reader: Reader | None = None) -> list[Waiting]:
    """Return what waits for somebody to act, each ticket once, under its most pressing reason; longest wait first."""
    asked = dict(
        Pause.objects.filter(needs_approval=True, approved_at__isnull=True, refused_at__isnull=True).values_list(
            "ticket_id", "from_at"
        )
    )
    waits = (
        Q(status__in=(TicketStatus.OPEN, TicketStatus.PAUSED), assigned_to__isnull=True)
        | Q(pk__in=list(asked))
        | Q(next_update_at__lte=at + timedelta(minutes=DEFAULT.warn_update_minutes))
        | Q(untold_since__isnull=False)
        | Q(pk__in=_without_word(at))
    )
    tickets = visible_to(actor).filter(waits, status__in=LIVE_TICKETS).select_related(*ROW_RELATIONS)
    rows = (reader or Reader(at)).rows(tickets.order_by("grade_rank", "opened_at", "id")[:limit])
    waiting = [_waiting(row, asked.get(row.id), at) for row in rows]
    return sorted(waiting, key=lambda waits: (waits.since, waits.ticket.id))


def _without_word(at: datetime) -> Any:
    """Return the tickets whose customers should have heard from us by now, whatever was promised by hand."""
    late = Clock.objects.filter(kind=ClockKind.FEEDBACK, stopped_at__isnull=True, deadline_at__lte=at)
    return late.exclude(state=ClockState.CANCELLED).values("ticket")


def count_to_confirm(actor: Actor) -> int:
    """Count the resolved tickets whose customer has not confirmed yet (1 query)."""
    return visible_to(actor).filter(status=TicketStatus.RESOLVED).count()


def _waiting(row: TicketRow, asked_at: datetime | None, at: datetime) -> Waiting:
    if asked_at is not None:
        reason, since = "pause_asked", asked_at
    elif row.untold_since is not None:
        reason, since = "untold", row.untold_since
    elif row.word is not None and row.word.is_going and row.word.breached_at is not None:
        reason, since = "update_overdue", row.word.breached_at
    elif row.next_update_at is not None and row.next_update_at <= at:
        reason, since = "update_overdue", row.next_update_at
    elif row.next_update_at is not None and row.next_update_at <= at + timedelta(minutes=DEFAULT.warn_update_minutes):
        reason, since = "update_due", row.next_update_at
    else:
        reason, since = "unclaimed", row.opened_at
    return Waiting(row, reason, str(WAITING_LABELS[reason]), since)


def impacted_customers(
    actor: Actor, *, at: datetime, limit: int = 50, reader: Reader | None = None
) -> list[ImpactedCustomer]:
    """Return the customers with circuits out now, best grade first, then the least time left."""
    reader = reader or Reader(at)
    out = (
        visible_to(actor)
        .filter(status__in=(TicketStatus.OPEN, TicketStatus.ASSIGNED, TicketStatus.PAUSED))
        .select_related(*ROW_RELATIONS)
        .order_by("grade_rank", F("deadline_at").asc(nulls_last=True), "id")[:limit]
    )
    customers: dict[int, list[ImpactedCustomer]] = {}
    for file in reader.files(out):
        standing = list(standing_of(file.story).values())
        down, degraded = standing.count(Standing.DOWN), standing.count(Standing.DEGRADED)
        if down or degraded:
            told = told_of(file.story)
            row = reader.row(file)
            customers.setdefault(row.customer_id, []).append(
                _impacted(row, file.ticket.grade_rank, (down, degraded), len(told))
            )
    return sorted((_united(rows) for rows in customers.values()), key=_urgency)


def _impacted(row: TicketRow, rank: int, out: tuple[int, int], told: int) -> ImpactedCustomer:
    return ImpactedCustomer(
        row.customer_id, row.customer_name, row.grade, rank, out[0], out[1], row.opened_at, row.id, row.number,
        row.incident_id, row.assigned_to_id, 1, row.clock, row.assigned_to, told,
    )  # fmt: skip


def _united(rows: list[ImpactedCustomer]) -> ImpactedCustomer:
    """Show one line per customer: the most urgent ticket, the sums of all."""
    first = min(rows, key=_urgency)
    return ImpactedCustomer(
        first.customer_id, first.customer_name, first.grade, first.grade_rank, sum(r.down for r in rows),
        sum(r.degraded for r in rows), min(r.since for r in rows), first.ticket_id, first.ticket_number,
        first.incident_id, first.assigned_to_id, len(rows), first.clock, first.assigned_to, sum(r.told for r in rows),
    )  # fmt: skip


def _urgency(row: ImpactedCustomer) -> tuple[int, int, int]:
    left = row.clock.remaining_seconds if row.clock and row.clock.is_going else 2**40
    return row.grade_rank, left, row.ticket_id


def deadlines_by_incident(actor: Actor) -> dict[int, datetime]:
    """Return for each incident the earliest deadline of its live tickets; those that run no clock are left out."""
    running = visible_to(actor).filter(
        status__in=(TicketStatus.OPEN, TicketStatus.ASSIGNED), incident__isnull=False, deadline_at__isnull=False
    )
    return dict(running.order_by().values_list("incident_id").annotate(first=Min("deadline_at")))


def counts(actor: Actor, *, at: datetime) -> DeskCounts:
    """Count live tickets by what the wall's head shows, and the customers told of standing outages (2 queries)."""
    live = visible_to(actor).filter(status__in=LIVE_TICKETS)
    found = live.aggregate(
        live=Count("pk"),
        unclaimed=Count("pk", filter=Q(assigned_to__isnull=True) & ~Q(status=TicketStatus.RESOLVED)),
        breached=Count("pk", filter=Q(breached_at__isnull=False) | Q(deadline_at__lte=at)),
        paused=Count("pk", filter=Q(status=TicketStatus.PAUSED)),
        running_out=Count("pk", filter=Q(deadline_at__gt=at, deadline_at__lte=at + timedelta(hours=1))),
    )
    return DeskCounts(**found, customers_told=customers_told(live))


def customers_told(tickets: QuerySet[Ticket] | None = None) -> int:
    """Count the customers who were told of an outage, on these tickets or (None) ever."""
    told = TicketEvent.objects.filter(kind=EventKind.CUSTOMER_TOLD, body__what=NOTICE)
    if tickets is not None:
        told = told.filter(ticket__in=tickets.values("pk"))
    return told.aggregate(n=Count("ticket__customer", distinct=True))["n"] or 0
