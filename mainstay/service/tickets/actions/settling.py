"""Bring a ticket to its end, or take it up again (H6, PC 8, 15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.service.tickets import outcome
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import (
    LIVE_TICKETS,
    CauseCode,
    EventKind,
    RejudgingKind,
    RejudgingState,
    Responsibility,
    TicketStatus,
)
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.clocks import status_unsettled
from mainstay.service.tickets.errors import WrongState, WrongValue
from mainstay.service.tickets.finding import (
    AT_WORK,
    customer_or_staff,
    instant,
    must_be,
    said,
    since_when,
    take,
    take_visible,
)
from mainstay.service.tickets.judged import charge_change
from mainstay.service.tickets.making import circuit_facts
from mainstay.service.tickets.models import Rejudging, Ticket
from mainstay.service.tickets.naming import clock_time
from mainstay.service.tickets.translation import standing_story


@dataclass(frozen=True)
class Resolution:
    """What it was (CauseCode), whose fault (Responsibility), in words, and since when all is well (empty: now)."""

    cause_code: str
    responsibility: str
    text: str = ""
    happened_at: datetime | None = None


@transaction.atomic
def resolve(ticket_id: int, found: Resolution, *, at: datetime, by: Actor, revision: int | None = None) -> Ticket:
    """Call a ticket done, with cause and responsibility; those who were told get the all-clear.

    Refused while the network says that one of its circuits is out: mark that circuit as not affected first.
    """
    work, file = take(ticket_id, action="ticket.resolve", at=at, by=by, revision=revision)
    must_be(file, *AT_WORK)
    _must_be_known(found)
    when = instant(found.happened_at, at=at, ticket=file.ticket)
    facts = circuit_facts(standing_of(file.story))
    out = [facts.circuits[c].number for c, standing in standing_of(file.story).items() if standing.is_out]
    if out:
        raise WrongState(
            msgid(
                "Ticket {ticket}: {circuits} is still out by the alarms; wait for the clearing, or mark it as not "
                "affected on the incident."
            ),
            ticket=file.ticket.number, circuits=", ".join(out[:5]),
        )  # fmt: skip
    file.ticket.cause_code, file.ticket.responsibility = found.cause_code, found.responsibility
    body: dict[str, object] = {"cause_code": found.cause_code, "responsibility": found.responsibility}
    outcome.resolve(work, file, when, text=found.text.strip(), body=body)
    outcome.give_all_clear(work, [file], facts)
    work.save()
    return file.ticket


def _must_be_known(found: Resolution) -> None:
    _must_be_a_cause(found.cause_code)
    _must_be_a_side(found.responsibility)


def _must_be_a_cause(cause_code: str) -> None:
    if cause_code not in CauseCode.values:
        raise WrongValue(
            msgid("“{value}” is no cause; use one of {known}."), value=cause_code, known=", ".join(CauseCode.values)
        )


def _must_be_a_side(responsibility: str) -> None:
    if responsibility not in Responsibility.values:
        raise WrongValue(
            msgid("“{value}” is no responsibility; use one of {known}."),
            value=responsibility, known=", ".join(filter(None, Responsibility.values)),
        )  # fmt: skip


@transaction.atomic
def confirm(ticket_id: int, *, at: datetime, by: Actor, text: str = "", happened_at: datetime | None = None) -> Ticket:
    """Note that the customer says all is well: the customer themself, or one of ours who asked them."""
    customer_or_staff(by)
    work, file = take_visible(ticket_id, action="ticket.confirm", at=at, by=by)
    if file.ticket.status != TicketStatus.RESOLVED:
        must_be(file, TicketStatus.RESOLVED)
    confirmed = [e for e in file.story if e.kind in (EventKind.CONFIRMED, EventKind.REOPENED, EventKind.RESOLVED)]
    if confirmed and confirmed[-1].kind == EventKind.CONFIRMED:
        raise WrongState(
            msgid("Ticket {ticket} was confirmed at {since} already; nothing is left to do."),
            ticket=file.ticket.number, since=clock_time(confirmed[-1].at),
        )  # fmt: skip
    when = instant(happened_at, at=at, ticket=file.ticket)
    work.tell(file, EventKind.CONFIRMED, happened_at=when, text=text.strip(), for_customer=True)
    work.save()
    return file.ticket


@transaction.atomic
def close(ticket_id: int, *, at: datetime, by: Actor, text: str = "", revision: int | None = None) -> Ticket:
    """Put a resolved ticket away."""
    work, file = take(ticket_id, action="ticket.close", at=at, by=by, revision=revision)
    must_be(file, TicketStatus.RESOLVED)
    file.ticket.status, file.ticket.closed_at = TicketStatus.CLOSED, at
    work.tell(file, EventKind.CLOSED, text=text.strip(), for_customer=True)
    work.save()
    return file.ticket


@transaction.atomic
def reopen(ticket_id: int, why: str, *, at: datetime, by: Actor, circuit_ids: Sequence[int] | None = None) -> Ticket:
    """Take up a resolved or closed ticket again: its clocks continue where they stood, by their policy.

    `circuit_ids`: only these circuits' clocks (none given: all). Customers may reopen their own.
    """
    customer_or_staff(by)
    work, file = take_visible(ticket_id, action="ticket.reopen", at=at, by=by)
    if file.ticket.status in AT_WORK:
        raise WrongState(
            msgid("Ticket {ticket} is being worked on since {since}; there is nothing to reopen."),
            ticket=file.ticket.number, since=clock_time(since_when(file)),
        )  # fmt: skip
    _must_have_no_heir(file)
    known = list(standing_of(file.story))
    wanted = known if circuit_ids is None else list(circuit_ids)
    if not set(wanted) <= set(known):
        raise WrongValue(
            msgid("One of the circuits is not on ticket {ticket}; choose from its circuits."), ticket=file.ticket.number
        )
    outcome.unsettle(file.ticket, status_unsettled(file.ticket))
    body = {"circuits": wanted}
    work.tell(file, EventKind.REOPENED, text=said(why, "why"), for_customer=True, body=body)
    work.save()
    return file.ticket


def _must_have_no_heir(file: CaseFile) -> None:
    """Refuse when another live ticket of the incident took the customer's place meanwhile, or took this one over."""
    ticket = file.ticket
    ended = next((e for e in standing_story(file.story) if e.kind == EventKind.LINKED and e.body.get("ends")), None)
    if ended is not None:
        raise WrongState(
            msgid("Ticket {ticket} was taken over by {heir}; reopen that one."),
            ticket=ticket.number, heir=ended.body.get("number", ""),
        )  # fmt: skip
    if ticket.incident_id is None:
        return
    heir = (
        Ticket.objects.filter(incident_id=ticket.incident_id, customer_id=ticket.customer_id, status__in=LIVE_TICKETS)
        .exclude(pk=ticket.pk)
        .first()
    )
    if heir is not None:
        raise WrongState(
            msgid("Ticket {heir} goes on with this fault; work on that one instead of reopening {ticket}."),
            heir=heir.number, ticket=ticket.number,
        )  # fmt: skip


@transaction.atomic
def decide_responsibility(
    ticket_id: int, responsibility: str, why: str, *, cause_code: str = "", at: datetime, by: Actor
) -> Ticket:
    """Say whose fault it was, and what it was, at any time, even after closing (H6, PC 15).

    A ticket that the network resolved by itself gets its cause this way; an empty `cause_code` leaves it as it is.
    Earlier decisions stay in the story, and what each made of the result among the ticket's verdicts.
    """
    work, file = take(ticket_id, action="ticket.responsibility", at=at, by=by)
    _must_be_a_side(responsibility)
    ticket = file.ticket
    body: dict[str, object] = {"responsibility": responsibility, "was": ticket.responsibility}
    if cause_code:
        _must_be_a_cause(cause_code)
        body |= {"cause_code": cause_code, "cause_was": ticket.cause_code}
        ticket.cause_code = cause_code
    changes = charge_change(ticket, responsibility)
    ticket.responsibility = responsibility
    if changes:
        Rejudging.objects.create(
            ticket=ticket, kind=RejudgingKind.RESPONSIBILITY, wanted={"responsibility": responsibility}, why=why[:400],
            changes=changes, state=RejudgingState.APPLIED, asked_by=by.name[:80], asked_user_id=by.user_id, asked_at=at,
            decided_by=by.name[:80], decided_at=at,
        )  # fmt: skip
    work.tell(file, EventKind.RESPONSIBILITY, text=said(why, "why"), body=body)
    work.save()
    return ticket
