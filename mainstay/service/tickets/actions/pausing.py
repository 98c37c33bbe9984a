"""Hold a ticket's clocks for a reason, with evidence, a limit and, where it is asked for, a second person (PC 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.service.tickets.casework import PAUSE_TIMER, CaseFile, Casework
from mainstay.service.tickets.choices import (
    PAUSE_RULES,
    ClockKind,
    ClockState,
    EventKind,
    PauseReason,
    TicketStatus,
)
from mainstay.service.tickets.clocks import is_going, status_unsettled
from mainstay.service.tickets.errors import SecondPersonNeeded, TicketNotFound, WrongState, WrongValue
from mainstay.service.tickets.finding import instant, must_be, said, take
from mainstay.service.tickets.models import Pause, Ticket
from mainstay.service.tickets.naming import clock_time


@dataclass(frozen=True)
class PauseRequest:
    """Why, with which proof, x, from when on."""

    reason: str
    evidence: str
    limit_minutes: int | None = None
    happened_at: datetime | None = None


@transaction.atomic
def pause(ticket_id: int, wanted: PauseRequest, *, at: datetime, by: Actor, revision: int | None = None) -> Ticket:
    """Hold the clocks that run now; one that needs a second person is only asked for, and the clocks go on.

    Refused when paused already, settled, or asked for already; without evidence; when the limit exceeds the rule's.
    """
    work, file = take(ticket_id, action="ticket.pause", at=at, by=by, revision=revision)
    must_be(file, TicketStatus.OPEN, TicketStatus.ASSIGNED)
    _must_not_be_asked(file)
    row = _requested(file, wanted, at=at, by=by)
    if not _running_circuits(file):
        raise WrongState(
            msgid("No clock of ticket {ticket} is running; there is nothing to pause."), ticket=file.ticket.number
        )
    row.save()
    if row.needs_approval:
        body = {"pause": row.pk, "reason": row.reason, "from_at": row.from_at.isoformat()}
        work.tell(file, EventKind.PAUSE_ASKED, text=row.evidence, body=body)
    else:
        _hold(work, file, row)
    work.save()
    return file.ticket


def _must_not_be_asked(file: CaseFile) -> None:
    asked = Pause.objects.filter(
        ticket=file.ticket, needs_approval=True, approved_at__isnull=True, refused_at__isnull=True
    ).first()
    if asked is not None:
        raise WrongState(
            msgid("A pause of ticket {ticket} was asked for by {name} at {since}; approve or refuse it first."),
            ticket=file.ticket.number, name=asked.asked_by, since=clock_time(asked.from_at),
        )  # fmt: skip


def _requested(file: CaseFile, wanted: PauseRequest, *, at: datetime, by: Actor) -> Pause:
    if wanted.reason not in PAUSE_RULES:
        raise WrongValue(
            msgid("“{reason}” is no reason to pause; use one of {known}."),
            reason=wanted.reason, known=", ".join(PauseReason.values),
        )  # fmt: skip
    rule = PAUSE_RULES[wanted.reason]
    minutes = rule.limit_minutes if wanted.limit_minutes is None else wanted.limit_minutes
    if not 0 < minutes <= rule.limit_minutes:
        raise WrongValue(
            msgid("A pause for this reason may last 1 to {limit} minutes, not {minutes}; choose a shorter one."),
            limit=rule.limit_minutes, minutes=minutes,
        )  # fmt: skip
    from_at = instant(wanted.happened_at, at=at, ticket=file.ticket)
    return Pause(
        ticket=file.ticket, reason=wanted.reason, evidence=said(wanted.evidence, "evidence")[:400], from_at=from_at,
        limit_at=from_at + timedelta(minutes=minutes), asked_by=by.name[:80], asked_user_id=by.user_id,
        needs_approval=rule.needs_approval,
    )  # fmt: skip


def _running_circuits(file: CaseFile) -> list[int]:
    return [c.circuit_id for c in file.clocks if c.kind == ClockKind.RESTORATION and c.circuit_id and is_going(c)]


def _hold(work: Casework, file: CaseFile, row: Pause) -> None:
    """Write the pause into the story; a limit that is past already makes it one of the past."""
    limit_at = row.limit_at or row.from_at
    body = {
        "pause": row.pk, "reason": row.reason, "limit_s": int((limit_at - row.from_at).total_seconds()),
        "circuits": _startable_circuits(file, row.from_at),
    }  # fmt: skip
    work.tell(file, EventKind.PAUSED, happened_at=row.from_at, text=row.evidence, for_customer=True, body=body)
    if file.ticket.status in (TicketStatus.RESOLVED, TicketStatus.CLOSED):
        row.to_at = min(limit_at, file.ticket.resolved_at or limit_at)
    elif limit_at <= work.at:
        row.to_at = limit_at
        work.tell(file, EventKind.RESUMED, happened_at=limit_at, for_customer=True, body={"limit": True})
    else:
        file.ticket.status = TicketStatus.PAUSED
        work.remind(PAUSE_TIMER, file, str(row.pk), limit_at)
    row.save(update_fields=["to_at"])


def _startable_circuits(file: CaseFile, from_at: datetime) -> list[int]:
    """List the circuits whose clocks ran when the pause begins."""
    return [
        c.circuit_id
        for c in file.clocks
        if c.kind == ClockKind.RESTORATION
        and c.circuit_id is not None
        and c.state != ClockState.CANCELLED
        and c.started_at is not None
        and c.started_at <= from_at
        and (c.stopped_at is None or c.stopped_at > from_at)
    ]


@transaction.atomic
def approve_pause(pause_id: int, *, at: datetime, by: Actor) -> Ticket:
    """Agree to a pause somebody else asked for: it counts from when it was asked for; what followed is re-judged."""
    require(by, Permission.APPROVE)
    row = _waiting(pause_id, by)
    work, file = take(row.ticket_id, action="ticket.pause_approved", at=at, by=by)
    if row.asked_user_id is not None and row.asked_user_id == by.user_id:
        raise SecondPersonNeeded(
            msgid("You asked for this pause of ticket {ticket} yourself; somebody else must approve it."),
            ticket=file.ticket.number,
        )
    row.approved_by, row.approved_at = by.name[:80], at
    row.save(update_fields=["approved_by", "approved_at"])
    _hold(work, file, row)
    work.save()
    return file.ticket


@transaction.atomic
def refuse_pause(pause_id: int, why: str, *, at: datetime, by: Actor) -> Ticket:
    """Refuse a pause somebody asked for; the clocks have been running all the while."""
    require(by, Permission.APPROVE)
    row = _waiting(pause_id, by)
    work, file = take(row.ticket_id, action="ticket.pause_refused", at=at, by=by)
    row.refused_at, row.approved_by = at, by.name[:80]
    row.save(update_fields=["refused_at", "approved_by"])
    work.tell(file, EventKind.PAUSE_REFUSED, text=said(why, "why"), body={"pause": row.pk})
    work.save()
    return file.ticket


def _waiting(pause_id: int, by: Actor) -> Pause:
    visible = scope(by, customer="ticket__customer_id", region="ticket__region_code")
    row = Pause.objects.filter(visible, pk=pause_id).select_related("ticket").first()
    if row is None:
        raise TicketNotFound(msgid("There is no such pause among the tickets you may see; open the ticket again."))
    if row.approved_at or row.refused_at or not row.needs_approval:
        decided_at = row.approved_at or row.refused_at or row.from_at
        raise WrongState(
            msgid("The pause of ticket {ticket} was decided at {since}; nothing is left to approve."),
            ticket=row.ticket.number, since=clock_time(decided_at),
        )  # fmt: skip
    return row


@transaction.atomic
def resume(
    ticket_id: int, *, at: datetime, by: Actor, text: str = "", happened_at: datetime | None = None,
    revision: int | None = None,
) -> Ticket:  # fmt: skip
    """Let the clocks go on. Refused unless the ticket is paused, or before the pause began."""
    work, file = take(ticket_id, action="ticket.resume", at=at, by=by, revision=revision)
    if file.ticket.status != TicketStatus.PAUSED:
        raise WrongState(msgid("Ticket {ticket} is not paused; there is nothing to resume."), ticket=file.ticket.number)
    when = instant(happened_at, at=at, ticket=file.ticket)
    for row in Pause.objects.filter(ticket=file.ticket, to_at__isnull=True, refused_at__isnull=True):
        if row.needs_approval and row.approved_at is None:
            continue
        if when < row.from_at:
            raise WrongValue(
                msgid("{time} lies before the pause began ({since}); give a later instant."),
                time=clock_time(when), since=clock_time(row.from_at),
            )  # fmt: skip
        row.to_at = when
        row.save(update_fields=["to_at"])
    file.ticket.status = status_unsettled(file.ticket)
    work.tell(file, EventKind.RESUMED, happened_at=when, text=text.strip(), for_customer=True)
    work.save()
    return file.ticket
