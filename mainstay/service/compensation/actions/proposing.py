"""Propose what is owed: reckoned for circuits of a month, or entered by a person; the same fact never twice (H8).

What stands for a circuit's month is compared with what is due now. The same: nothing happens. Another: what was only
proposed is superseded, what was granted gets a reversal, and the new amount is proposed beside it. A second person
decides on both; nothing is deleted.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.compensation import Compensation, plain_facts, reckon
from mainstay.domain.compensation.clauses import ClauseSet
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.service.compensation.choices import GRANTED, ClaimKind, ClaimStatus
from mainstay.service.compensation.errors import BadClaim, WrongStep
from mainstay.service.compensation.finding import MOST_WHY, note, require_proposer, step, take
from mainstay.service.compensation.holding import HoldingClauses, clauses_for
from mainstay.service.compensation.models import Claim
from mainstay.service.compensation.month_facts import CircuitMonthFacts, facts_of

MOST_FEN = 10**11
"""No single compensation is above a thousand million yuan: a slip of the pen is."""


@dataclass(frozen=True)
class Due:
    """What is due for a circuit's month now, and what it follows from; `clauses` None: none hold."""

    found: CircuitMonthFacts
    clauses: HoldingClauses | None
    compensation: Compensation

    @property
    def outcome(self) -> str:
        """Return what tells two results apart: the amount and the clauses that give it."""
        told = [self.compensation.due_fen, sorted((one.code, one.due_fen) for one in self.compensation.clauses)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def due_for(month: date, circuit_ids: Collection[int]) -> dict[int, Due]:
    """Reckon what is due for circuits in a month, writing nothing; no scope."""
    rows = Circuit.objects.filter(pk__in=list(circuit_ids)).select_related("contract_line__contract")
    circuits = list(rows.order_by("pk"))
    facts, holding = facts_of(month, circuits), clauses_for(circuits, month)
    found = {}
    for circuit in circuits:
        clauses = holding.get(circuit.pk)
        compensation = reckon(clauses.clauses if clauses else ClauseSet(), facts[circuit.pk].facts)
        found[circuit.pk] = Due(facts[circuit.pk], clauses, compensation)
    return found


@transaction.atomic
def review(month: date, circuit_ids: Collection[int], *, at: datetime, by: Actor) -> int:
    """Bring the proposals of circuits for a month up to what is due now; return how many claims were made.

    Idempotent: again with the same facts it does nothing.
    """
    standing: dict[int, list[Claim]] = {}
    rows = Claim.objects.filter(circuit__in=list(circuit_ids), month=month).exclude(kind=ClaimKind.MANUAL)
    rows = rows.exclude(kind=ClaimKind.REVERSAL, reverses__kind=ClaimKind.MANUAL)
    for claim in rows.select_for_update(of=("self",)).order_by("pk"):
        standing.setdefault(claim.circuit_id or 0, []).append(claim)
    made = []
    for circuit_id, due in due_for(month, circuit_ids).items():
        made += _settle(due, standing.get(circuit_id, []), at=at, by=by)
    note("compensation.propose", [(claim, None, told(claim)) for claim in made], at=at, by=by)
    return len(made)


def told(claim: Claim) -> dict[str, object]:
    """Return what an audit entry says of a new claim."""
    return {"amount_fen": claim.amount_fen, "month": claim.month, "clause": claim.clause_name, "why": claim.why}


def _settle(due: Due, claims: list[Claim], *, at: datetime, by: Actor) -> list[Claim]:
    """Compare what is due with what stands, change what stands, return what came new."""
    reckoned = [claim for claim in claims if claim.kind == ClaimKind.RECKONED]
    granted = next((claim for claim in reckoned if claim.status in GRANTED), None)
    waiting = next((claim for claim in reckoned if claim.status == ClaimStatus.PROPOSED), None)
    undoing = next((c for c in claims if c.kind == ClaimKind.REVERSAL and c.status == ClaimStatus.PROPOSED), None)
    if granted is not None and granted.outcome == due.outcome:
        _supersede([waiting, undoing], at=at, by=by)
        return []
    if waiting is not None and waiting.outcome == due.outcome:
        return []
    if claims and claims[-1].status == ClaimStatus.REJECTED and claims[-1].outcome == due.outcome:
        return []
    _supersede([waiting], at=at, by=by)
    made = []
    if granted is not None and undoing is None:
        undoing = _reversal(granted, due, at=at, by=by)
        made.append(undoing)
    if due.compensation.due_fen > 0:
        made.append(_proposal(due, undoing, at=at, by=by))
    return made


def _supersede(claims: Iterable[Claim | None], *, at: datetime, by: Actor) -> None:
    gone = [claim for claim in claims if claim is not None]
    for claim in gone:
        step(claim, ClaimStatus.SUPERSEDED)
        claim.decided_at = at
        claim.save(update_fields=["status", "revision", "decided_at"])
    before = {"status": ClaimStatus.PROPOSED.value}
    note("compensation.supersede", [(c, before, {"status": c.status}) for c in gone], at=at, by=by)


def _proposal(due: Due, waits_for: Claim | None, *, at: datetime, by: Actor) -> Claim:
    found, compensation, holding = due.found, due.compensation, due.clauses
    assert holding is not None  # without clauses nothing is due
    return Claim.objects.create(
        kind=ClaimKind.RECKONED, customer_id=found.customer_id, circuit=found.circuit, contract_id=found.contract_id,
        region_code=found.circuit.region_code, month=found.facts.month, amount_fen=compensation.due_fen,
        rent_fen=int(found.facts.rent_fen), clause_terms_id=holding.terms_id,
        clause_code="+".join(one.code for one in compensation.clauses)[:120],
        clause_name=" + ".join(one.name for one in compensation.clauses)[:200], terms=dict(holding.kept),
        facts=plain_facts(found.facts), lines=[line.as_json() for line in compensation.lines],
        result_version=found.version, outcome=due.outcome, waits_for=waits_for, proposed_by=by.name[:80],
        proposed_user_id=by.user_id, proposed_at=at,
    )  # fmt: skip


def _reversal(claim: Claim, due: Due, *, at: datetime, by: Actor) -> Claim:
    row = reversed_row(claim, at=at, by=by)
    row.facts, row.lines = plain_facts(due.found.facts), [line.as_json() for line in due.compensation.lines]
    row.result_version, row.outcome = due.found.version, due.outcome
    row.save()
    return row


def reversed_row(claim: Claim, *, at: datetime, by: Actor, why: str = "") -> Claim:
    """Return the claim that takes another one back, not yet saved."""
    return Claim(
        kind=ClaimKind.REVERSAL, customer_id=claim.customer_id, circuit_id=claim.circuit_id,
        contract_id=claim.contract_id, region_code=claim.region_code, month=claim.month, amount_fen=-claim.amount_fen,
        rent_fen=claim.rent_fen, clause_terms_id=claim.clause_terms_id, clause_code=claim.clause_code,
        clause_name=claim.clause_name, reverses=claim, why=why[:MOST_WHY], proposed_by=by.name[:80],
        proposed_user_id=by.user_id, proposed_at=at,
    )  # fmt: skip


@dataclass(frozen=True)
class NewClaim:
    """A compensation entered by a person: for a customer, perhaps for one of its circuits; `month` any day of it."""

    customer_id: int
    month: date
    amount_fen: int
    why: str
    circuit_id: int | None = None


@transaction.atomic
def propose_by_hand(new: NewClaim, *, at: datetime, by: Actor) -> Claim:
    """Enter a compensation that no clause gives; a second person decides on it.

    Raises BadClaim (no reason, amount, circuit of another customer), NoSuchCustomer, NoSuchCircuit.
    """
    require_proposer(by)
    customer = visible_customer(by, new.customer_id)
    if not new.why.strip():
        raise BadClaim(msgid("A compensation entered by hand needs a reason; say what was agreed."))
    if not 0 < new.amount_fen <= MOST_FEN:
        raise BadClaim(msgid("The amount is not possible; give one above 0."))
    circuit = visible_circuit(by, new.circuit_id) if new.circuit_id else None
    if circuit is not None and circuit.customer_id != customer.pk:
        raise BadClaim(
            msgid("Circuit {number} is not one of {customer}; choose one of theirs."),
            number=circuit.number, customer=customer.name,
        )  # fmt: skip
    line = circuit.contract_line if circuit else None
    claim = Claim.objects.create(
        kind=ClaimKind.MANUAL, customer=customer, circuit=circuit, contract_id=line.contract_id if line else None,
        region_code=circuit.region_code if circuit else customer.region_id, month=new.month.replace(day=1),
        amount_fen=new.amount_fen, why=new.why.strip()[:MOST_WHY], proposed_by=by.name[:80],
        proposed_user_id=by.user_id, proposed_at=at,
    )  # fmt: skip
    note("compensation.propose", [(claim, None, told(claim))], at=at, by=by)
    return claim


@transaction.atomic
def ask_reversal(claim_id: int, why: str, *, at: datetime, by: Actor) -> Claim:
    """Ask to take back what was granted; a second person decides. Raises BadClaim, WrongStep."""
    require_proposer(by)
    claim = take(claim_id, by=by)
    if not why.strip():
        raise BadClaim(msgid("A reversal needs a reason; say why {number} is taken back."), number=claim.number)
    undone = (ClaimStatus.REJECTED, ClaimStatus.SUPERSEDED)
    if claim.status not in GRANTED or claim.kind == ClaimKind.REVERSAL:
        raise WrongStep(
            msgid("{number} is “{status}”; only what was granted can be taken back."),
            number=claim.number, status=ClaimStatus(claim.status).label,
        )  # fmt: skip
    if claim.reversals.exclude(status__in=undone).exists():
        raise WrongStep(msgid("A reversal of {number} waits already; decide that one first."), number=claim.number)
    row = reversed_row(claim, at=at, by=by, why=why.strip())
    row.save()
    note("compensation.propose", [(row, None, told(row))], at=at, by=by)
    return row
