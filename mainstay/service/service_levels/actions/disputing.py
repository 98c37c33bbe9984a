"""Hold somebody else responsible: one person proposes, another decides; a closed month gets a new version (PC 15).

The versions before stay as they were, evidence and all. Results are judged from what they were made of: nothing else
that happened since the closing finds its way in.
"""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News
from mainstay.service.service_levels.actions.reckoning import FIGURES, circuits_of
from mainstay.service.service_levels.choices import ProposalState, Responsibility
from mainstay.service.service_levels.errors import NoSuchProposal, NoSuchResult, SecondPersonNeeded, WrongProposal
from mainstay.service.service_levels.events import ResultsRevised
from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth, MonthVersion, Proposal
from mainstay.service.service_levels.reactions import touch_circuits
from mainstay.service.service_levels.revising import Revision, revisions
from mainstay.service.tickets.actions import settling
from mainstay.service.tickets.models import Ticket


@transaction.atomic
def propose_responsibility(
    ticket_id: int,
    responsibility: str,
    why: str,
    at: datetime,
    by: Actor,
    *,
    circuit_id: int | None = None,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
) -> Proposal:
    """Propose who is responsible for a ticket's outage, one circuit of it, or [from_at, to_at) of it.

    Of a stretch it weighs more than that it was planned; of a whole ticket it does not. Raises NoSuchResult,
    WrongProposal: no reason, no such side, another proposal waits, nothing would change.
    """
    require(by, Permission.WORK_TICKETS)
    ticket = Ticket.objects.select_for_update().filter(scope(by), pk=ticket_id).first()
    if ticket is None:
        raise NoSuchResult(msgid("There is no such ticket among those you may see; open it from the circuit's month."))
    row = Proposal(
        ticket=ticket, circuit_id=circuit_id, from_at=from_at, to_at=to_at, responsibility=responsibility,
        was=ticket.responsibility, why=why.strip()[:400], asked_by=by.name[:80], asked_user_id=by.user_id, asked_at=at,
    )  # fmt: skip
    _check(row)
    found = revisions(row)
    _must_change(row, found)
    row.changes = [revision.as_json() for revision in found]
    row.save()
    _tell("responsibility.propose", row, None, at=at, by=by)
    return row


@transaction.atomic
def decide(proposal_id: int, approve: bool, why: str, at: datetime, by: Actor) -> Proposal:
    """Approve or refuse what somebody else proposed; who proposed may take it back. Raises SecondPersonNeeded."""
    row = _waiting(proposal_id, by)
    own = row.asked_user_id is not None and row.asked_user_id == by.user_id
    if approve or not own:
        require(by, Permission.APPROVE)
    if approve and own:
        raise SecondPersonNeeded(
            msgid("You proposed this for ticket {ticket} yourself; somebody else must approve it."),
            ticket=row.ticket.number,
        )
    if not approve and not why.strip():
        raise WrongProposal(msgid("Say why the proposal is refused."))
    row.state = ProposalState.APPLIED if approve else ProposalState.REFUSED
    row.decided_by, row.decided_at, row.decided_why = by.name[:80], at, why.strip()[:400]
    if approve:
        found = revisions(row)
        row.changes = [revision.as_json() for revision in found]
    row.save(update_fields=["state", "decided_by", "decided_at", "decided_why", "changes"])
    _tell("responsibility.decide", row, {"state": ProposalState.ASKED}, at=at, by=by)
    if approve:
        _apply(row, found, at=at, by=by)
    return row


def _apply(row: Proposal, found: list[Revision], *, at: datetime, by: Actor) -> None:
    touch_circuits(circuits_of([row.ticket_id]))
    if row.circuit_id is None and row.from_at is None and row.to_at is None:
        ticket = Ticket.objects.get(pk=row.ticket_id)
        if ticket.responsibility != row.responsibility:
            settling.decide_responsibility(row.ticket_id, row.responsibility, row.why, at=at, by=by)
    closed = [revision for revision in found if revision.row.month.closed_at is not None]
    for month, those in groupby(closed, key=lambda revision: revision.row.month.month):
        _new_version(month, list(those), row, at=at, by=by)


def _new_version(month: date, found: list[Revision], row: Proposal, *, at: datetime, by: Actor) -> None:
    """Write the next version of a month: what changed; all else stands as it was."""
    ledger_month = LedgerMonth.objects.select_for_update().get(month=month)
    version = ledger_month.version + 1
    ledger_month.version = version
    ledger_month.save(update_fields=["version"])
    CircuitMonth.objects.filter(pk__in=[one.row.pk for one in found]).update(until_version=version)
    insert_many(CircuitMonth, (*_KEPT, "version", *FIGURES, "stretches"), [_row(one, version) for one in found])
    circuits = tuple(one.row.circuit_id for one in found)
    MonthVersion.objects.create(
        month=ledger_month, version=version, at=at, by_name=by.name[:80], why=row.why, proposal=row,
        circuit_ids=list(circuits),
    )  # fmt: skip
    change = Change("ledger_month", ledger_month.pk, f"{month:%Y-%m}", {"version": version - 1}, {"version": version})
    journal.record("month.revise", [change], at=at, by=by)
    journal.announce(ResultsRevised(month, version, circuits, row.why), by=by)


_KEPT = (
    "month_id", "circuit_id", "customer_id", "contract_id", "region_code", "grade", "from_s", "to_s",
    "target_millionths", "promise",
)  # fmt: skip


def _row(one: Revision, version: int) -> tuple[object, ...]:
    kept = (getattr(one.row, name) for name in _KEPT)
    return (*kept, version, *(one.figures[name] for name in FIGURES), one.stretches)


def _waiting(proposal_id: int, by: Actor) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("ticket")
    visible = scope(by, customer="ticket__customer_id", region="ticket__region_code")
    row = rows.filter(visible, pk=proposal_id).first()
    if row is None or not by.is_staff:
        raise NoSuchProposal(msgid("There is no such proposal among the tickets you may see; check the address."))
    if row.state != ProposalState.ASKED:
        raise WrongProposal(
            msgid("The proposal for ticket {ticket} was decided by {name} already; nothing is left to approve."),
            ticket=row.ticket.number,
            name=row.decided_by,
        )
    return row


def _check(row: Proposal) -> None:
    if not row.why:
        raise WrongProposal(msgid("Say why somebody else is responsible: what was found, and what proves it."))
    if row.responsibility not in Responsibility.values or not row.responsibility:
        raise WrongProposal(
            msgid("“{value}” is no responsibility; use one of {known}."),
            value=row.responsibility,
            known=", ".join(filter(None, Responsibility.values)),
        )
    if row.from_at is not None and row.to_at is not None and row.to_at <= row.from_at:
        raise WrongProposal(msgid("The stretch ends before it begins; correct its times."))
    if Proposal.objects.filter(ticket=row.ticket, state=ProposalState.ASKED).exists():
        raise WrongProposal(
            msgid("A proposal for ticket {ticket} waits for approval already; decide that one first."),
            ticket=row.ticket.number,
        )


def _must_change(row: Proposal, found: Iterable[Revision]) -> None:
    if not any(revision.changes_figures for revision in found):
        raise WrongProposal(
            msgid("Nothing changes: ticket {ticket} counts the same with it. Choose another side or another stretch."),
            ticket=row.ticket.number,
        )


def _tell(action: str, row: Proposal, before: dict[str, object] | None, *, at: datetime, by: Actor) -> None:
    ticket = row.ticket
    after = {
        "state": row.state, "responsibility": row.responsibility, "why": row.why, "circuit": row.circuit_id,
        "from_at": row.from_at, "to_at": row.to_at, "decided_why": row.decided_why,
    }  # fmt: skip
    stamps = {"customer_id": ticket.customer_id, "region_code": ticket.region_code}
    change = Change("proposal", row.pk, ticket.number, before, after, **stamps)  # type: ignore[arg-type]
    journal.record(action, [change], at=at, by=by)
    journal.publish([News("proposal", "ticket", ticket.pk, **stamps)], at=at)  # type: ignore[arg-type]
