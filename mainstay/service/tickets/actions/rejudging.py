"""Judge clocks otherwise afterwards: somebody asks, sees what would change, a second person approves (PC 7, 11, 26).

What stands in the story stays; an approved wish adds to it, and everything that followed is judged anew. Nobody is told
again of what they were told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.service.tickets.actions.regrading import promise_changes
from mainstay.service.tickets.casework import CaseFile, Casework
from mainstay.service.tickets.choices import EventKind, PauseReason, RejudgingKind, RejudgingState
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.errors import SecondPersonNeeded, TicketNotFound, WrongState, WrongValue
from mainstay.service.tickets.finding import AT_WORK, must_be, said, take
from mainstay.service.tickets.judged import differences
from mainstay.service.tickets.models import Pause, Rejudging, Ticket, TicketEvent
from mainstay.service.tickets.naming import clock_time

FURTHEST = timedelta(days=31)
"""So long before a ticket's opening a fault may have begun."""


@dataclass(frozen=True)
class Wish:
    """What should be known of a ticket; each kind reads what it needs.

    BEGAN, RESTORED: `circuit_id` and `from_at`. PAUSE: `reason`, `from_at` and `to_at`, both past. PROMISE: nothing.
    """

    kind: str
    why: str
    circuit_id: int | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, to be kept."""
        instants = {
            "from_at": self.from_at and self.from_at.isoformat(),
            "to_at": self.to_at and self.to_at.isoformat(),
        }
        return {"circuit_id": self.circuit_id, "reason": self.reason, **instants}

    @classmethod
    def of(cls, row: Rejudging) -> "Wish":
        """Return what was asked for."""
        kept = row.wanted
        from_at, to_at = (
            datetime.fromisoformat(kept[name]) if kept.get(name) else None for name in ("from_at", "to_at")
        )
        return cls(row.kind, row.why, kept.get("circuit_id"), from_at, to_at, kept.get("reason", ""))


@transaction.atomic
def ask_rejudging(ticket_id: int, wish: Wish, *, at: datetime, by: Actor, revision: int | None = None) -> Rejudging:
    """Ask to judge a ticket's clocks by something that happened earlier, or by what is promised now.

    Refused: without a reason, in the future, out of place, when it would change nothing, or when another wish waits.
    """
    work, file = take(ticket_id, action="ticket.rejudge_ask", at=at, by=by, revision=revision)
    why = said(wish.why, "why")
    if Rejudging.objects.filter(ticket=file.ticket, state=RejudgingState.ASKED).exists():
        raise WrongState(
            msgid("A re-judging of ticket {ticket} waits for approval already; decide that one first."),
            ticket=file.ticket.number,
        )
    changes = differences(file, _entries(work, file, wish), work.judge)
    if not changes:
        raise WrongState(
            msgid("Nothing changes on ticket {ticket}: its clocks read the same with it."), ticket=file.ticket.number
        )
    row = Rejudging.objects.create(
        ticket=file.ticket, kind=wish.kind, wanted=wish.as_json(), why=why[:400], changes=changes,
        asked_by=by.name[:80], asked_user_id=by.user_id, asked_at=at,
    )  # fmt: skip
    work.tell(file, EventKind.REJUDGING_ASKED, text=why, body={"rejudging": row.pk, "kind": wish.kind})
    work.save()
    return row


@transaction.atomic
def approve_rejudging(rejudging_id: int, *, at: datetime, by: Actor) -> Ticket:
    """Agree to a wish somebody else had: it enters the story, all clocks are judged anew, what changed is kept."""
    require(by, Permission.APPROVE)
    row = _waiting(rejudging_id, by)
    work, file = take(row.ticket_id, action="ticket.rejudge", at=at, by=by)
    if row.asked_user_id is not None and row.asked_user_id == by.user_id:
        raise SecondPersonNeeded(
            msgid("You asked for this re-judging of ticket {ticket} yourself; somebody else must approve it."),
            ticket=file.ticket.number,
        )
    wish = Wish.of(row)
    entries = _entries(work, file, wish)
    row.changes = differences(file, entries, work.judge)
    row.state, row.decided_by, row.decided_at = RejudgingState.APPLIED, by.name[:80], at
    row.save(update_fields=["changes", "state", "decided_by", "decided_at"])
    if wish.kind == RejudgingKind.PAUSE:
        _keep_pause(file, row, wish, entries)
    file.fresh += entries
    file.story += entries
    body = {"rejudging": row.pk, "kind": wish.kind, "asked_by": row.asked_by}
    work.tell(file, EventKind.REJUDGED, text=row.why, body=body)
    work.save()
    return file.ticket


@transaction.atomic
def refuse_rejudging(rejudging_id: int, why: str, *, at: datetime, by: Actor) -> Ticket:
    """Leave everything as it is judged; who asked may take the wish back this way."""
    row = _waiting(rejudging_id, by)
    if row.asked_user_id is None or row.asked_user_id != by.user_id:
        require(by, Permission.APPROVE)
    work, file = take(row.ticket_id, action="ticket.rejudge_refused", at=at, by=by)
    row.state, row.decided_by, row.decided_at = RejudgingState.REFUSED, by.name[:80], at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    body = {"rejudging": row.pk, "kind": row.kind}
    work.tell(file, EventKind.REJUDGE_REFUSED, text=said(why, "why"), body=body)
    work.save()
    return file.ticket


def _waiting(rejudging_id: int, by: Actor) -> Rejudging:
    visible = scope(by, customer="ticket__customer_id", region="ticket__region_code")
    row = Rejudging.objects.filter(visible, pk=rejudging_id).select_related("ticket").first()
    if row is None:
        raise TicketNotFound(msgid("There is no such re-judging among the tickets you may see; open the ticket again."))
    if row.state != RejudgingState.ASKED:
        raise WrongState(
            msgid("This re-judging of ticket {ticket} was decided at {since}; nothing is left to approve."),
            ticket=row.ticket.number, since=clock_time(row.decided_at or row.asked_at),
        )  # fmt: skip
    return row


def _entries(work: Casework, file: CaseFile, wish: Wish) -> list[TicketEvent]:
    """Return what the wish adds to the story, not yet in it. Raises WrongValue, WrongState."""
    maker = _MAKERS.get(wish.kind)
    if maker is None:
        raise WrongValue(msgid("“{value}” is nothing that can be judged anew; choose from the list."), value=wish.kind)
    return maker(work, file, wish)


def _entry(
    work: Casework, file: CaseFile, kind: EventKind, *, happened_at: datetime, text: str,
    body: Mapping[str, Any], circuit_id: int | None = None,
) -> TicketEvent:  # fmt: skip
    return TicketEvent(
        ticket=file.ticket, kind=kind, at=happened_at, recorded_at=work.at, by_name=work.by.name[:80],
        user_id=work.by.user_id, circuit_id=circuit_id, text=text, for_customer=circuit_id is not None, body=dict(body),
    )  # fmt: skip


def _of_circuit(work: Casework, file: CaseFile, wish: Wish) -> list[TicketEvent]:
    if wish.circuit_id not in standing_of(file.story):
        raise WrongValue(
            msgid("One of the circuits is not on ticket {ticket}; choose from its circuits."), ticket=file.ticket.number
        )
    when = _past(wish.from_at, work.at, file.ticket)
    kind = EventKind.CIRCUIT_DOWN if wish.kind == RejudgingKind.BEGAN else EventKind.CIRCUIT_RESTORED
    body = {"entered": True, "detected_at": when.isoformat()}
    return [_entry(work, file, kind, happened_at=when, text=wish.why, body=body, circuit_id=wish.circuit_id)]


def _pause(work: Casework, file: CaseFile, wish: Wish) -> list[TicketEvent]:
    from_at, to_at = (_past(instant, work.at, file.ticket) for instant in (wish.from_at, wish.to_at))
    if from_at >= to_at:
        raise WrongValue(
            msgid("The pause ends at {end}, not after its beginning at {begin}; correct one of them."),
            end=clock_time(to_at), begin=clock_time(from_at),
        )  # fmt: skip
    if wish.reason not in PauseReason.values:
        raise WrongValue(
            msgid("“{reason}” is no reason to pause; use one of {known}."),
            reason=wish.reason, known=", ".join(PauseReason.values),
        )  # fmt: skip
    _must_not_overlap(file, from_at, to_at)
    body = {"reason": wish.reason, "limit_s": int((to_at - from_at).total_seconds()), "entered": True}
    return [_entry(work, file, EventKind.PAUSED, happened_at=from_at, text=wish.why, body=body)]


def _must_not_overlap(file: CaseFile, from_at: datetime, to_at: datetime) -> None:
    for row in Pause.objects.filter(ticket=file.ticket, refused_at=None, from_at__lt=to_at):
        if (row.approved_at or not row.needs_approval) and (row.to_at is None or row.to_at > from_at):
            raise WrongState(
                msgid("Ticket {ticket} was paused from {begin} already; choose a time outside that pause."),
                ticket=file.ticket.number, begin=clock_time(row.from_at),
            )  # fmt: skip


def _keep_pause(file: CaseFile, row: Rejudging, wish: Wish, entries: list[TicketEvent]) -> None:
    """Keep an entered pause beside the others, approved as it is."""
    assert wish.from_at is not None  # its entry was made
    pause = Pause.objects.create(
        ticket=file.ticket, reason=wish.reason, evidence=wish.why[:400], from_at=wish.from_at, limit_at=wish.to_at,
        to_at=wish.to_at, asked_by=row.asked_by, asked_user_id=row.asked_user_id, needs_approval=True,
        approved_by=row.decided_by, approved_at=row.decided_at,
    )  # fmt: skip
    for entry in entries:
        entry.body["pause"] = pause.pk


def _promise(work: Casework, file: CaseFile, wish: Wish) -> list[TicketEvent]:
    must_be(file, *AT_WORK)
    return [
        _entry(
            work, file, EventKind.PROMISE_CHANGED, happened_at=work.at, text=wish.why, body=change.body,
            circuit_id=change.circuit_id,
        )
        for change in promise_changes(file, work.at)
    ]  # fmt: skip


def _past(instant: datetime | None, at: datetime, ticket: Ticket) -> datetime:
    if instant is None or instant.tzinfo is None:
        raise WrongValue(msgid("The instant is missing; say when it happened."))
    if instant > at:
        raise WrongValue(
            msgid("{time} lies in the future; give the instant at which it happened."), time=clock_time(instant)
        )
    if instant < ticket.opened_at - FURTHEST:
        raise WrongValue(
            msgid("{time} lies more than {days} days before ticket {ticket} was opened; give a later instant."),
            time=clock_time(instant), days=FURTHEST.days, ticket=ticket.number,
        )  # fmt: skip
    return instant


_MAKERS: Mapping[str, Callable[[Casework, CaseFile, Wish], list[TicketEvent]]] = {
    RejudgingKind.BEGAN: _of_circuit,
    RejudgingKind.RESTORED: _of_circuit,
    RejudgingKind.PAUSE: _pause,
    RejudgingKind.PROMISE: _promise,
}
