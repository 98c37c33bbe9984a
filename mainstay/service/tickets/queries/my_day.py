"""What must this person do today about tickets? Each item with its reason and deadline, the most urgent first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.choices import LIVE_TICKETS, TicketStatus
from mainstay.service.tickets.models import Pause
from mainstay.service.tickets.naming import clock_time
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, ClockReading, TicketRow, rows_of

SOON = timedelta(hours=2)
SHOWN = 40


@dataclass(frozen=True)
class DayItem:
    """Something to do: `kind` is one of ORDER, `reason` is worded."""

    kind: str
    title: str
    reason: str
    deadline_at: datetime | None
    ticket_id: int
    number: str
    customer_id: int
    customer_name: str
    grade: str
    clock: ClockReading | None


def items(actor: Actor, *, at: datetime) -> list[DayItem]:
    """Return what concerns the actor: their tickets, their portfolio's or region's outages, approvals (≤ 7 queries)."""
    if not actor.may(Permission.WORK_TICKETS):
        return []
    asked = _pauses_to_approve(actor)
    concerned = (
        Q(assigned_to_id=actor.user_id or 0)
        | Q(deadline_at__lte=at + SOON)
        | Q(next_update_at__lte=at + SOON)
        | Q(status=TicketStatus.OPEN, assigned_to__isnull=True)
        | Q(status=TicketStatus.RESOLVED)
        | Q(pk__in=asked)
    )
    tickets = visible_to(actor).filter(concerned, status__in=LIVE_TICKETS).select_related(*ROW_RELATIONS)
    rows = rows_of(tickets.order_by("grade_rank", "deadline_at", "id")[: SHOWN * 2], at)
    found = [_item(row, at, to_approve=row.id in asked) for row in rows]
    return sorted(found, key=_urgency)[:SHOWN]


def _pauses_to_approve(actor: Actor) -> list[int]:
    if not actor.may(Permission.APPROVE):
        return []
    waiting = Pause.objects.filter(needs_approval=True, approved_at__isnull=True, refused_at__isnull=True)
    return list(waiting.exclude(asked_user_id=actor.user_id).values_list("ticket_id", flat=True))


ORDER = ("missed", "approve", "running_out", "update", "unclaimed", "mine", "confirm")


def _urgency(item: DayItem) -> tuple[int, float, int]:
    due = item.deadline_at.timestamp() if item.deadline_at else float("inf")
    return ORDER.index(item.kind), due, item.ticket_id


def _item(row: TicketRow, at: datetime, *, to_approve: bool) -> DayItem:
    kind, reason, deadline_at = _why(row, at, to_approve=to_approve)
    return DayItem(
        kind,
        row.title,
        reason,
        deadline_at,
        row.id,
        row.number,
        row.customer_id,
        row.customer_name,
        row.grade,
        row.clock,
    )


def _why(row: TicketRow, at: datetime, *, to_approve: bool) -> tuple[str, str, datetime | None]:
    clock = row.clock
    due = clock.deadline_at if clock and clock.is_going else None
    if to_approve:
        return "approve", _("A pause waits for your approval."), due
    if clock and clock.is_going and clock.remaining_seconds <= 0:
        return "missed", _("The promise is missed and service is not restored."), due
    if due and clock and clock.paused_since is None and due <= at + SOON:
        return "running_out", _("The promised time ends at %(at)s.") % {"at": clock_time(due)}, due
    if row.next_update_at and row.next_update_at <= at + SOON:
        words = _("The customer was promised news by %(at)s.") % {"at": clock_time(row.next_update_at)}
        return "update", words, row.next_update_at
    if row.status == TicketStatus.RESOLVED:
        return "confirm", _("Resolved; ask the customer to confirm, then close."), None
    if not row.assigned_to_id:
        return "unclaimed", _("Nobody has taken this ticket."), due
    return "mine", _("You work on this ticket."), due
