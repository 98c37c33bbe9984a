"""Promise one circuit something of its own; running clocks keep what they froze (D2, promise-clocks 14, 26)."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.terms import Terms, calendars_for, check_terms
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.service.promises.errors import BadPromise
from mainstay.service.promises.models import CircuitTerm
from mainstay.service.promises.queries import visible_term


@transaction.atomic
def set_circuit_term(circuit_id: int, terms: Terms, *, why: str, at: datetime, by: Actor) -> CircuitTerm:
    """Let a term override every other for this circuit; return it.

    Terms that overlap are kept and shown: the one that began last wins. Raises NoSuchCircuit, BadTerm, and BadPromise
    when no reason is given.
    """
    require(by, Permission.WRITE_CONTRACTS)
    circuit = visible_circuit(by, circuit_id)
    if not why.strip():
        raise BadPromise(
            msgid("Circuit {number}: a promise of its own needs a reason; say what was agreed."), number=circuit.number
        )
    calendars = calendars_for([terms])
    check_terms(circuit.number, [terms], calendars)
    term = CircuitTerm.objects.create(circuit=circuit, why=why, **terms.columns(calendars))
    _record("circuit.term", circuit, None, {**asdict(terms), "term": term.pk}, at=at, by=by.because(why))
    return term


@transaction.atomic
def end_circuit_term(term_id: int, *, on: date, at: datetime, by: Actor) -> CircuitTerm:
    """Let a circuit's own term hold no longer from a day on. Raises NoSuchCircuitTerm, BadPromise."""
    require(by, Permission.WRITE_CONTRACTS)
    term = visible_term(by, term_id)
    if on <= term.valid_from or (term.valid_to is not None and on > term.valid_to):
        raise BadPromise(
            msgid(
                "The term of circuit {number} holds from {begin} to {end}; choose a day after its begin, up to its end."
            ),
            number=term.circuit.number,
            begin=term.valid_from,
            end=term.valid_to or "—",
        )
    before = {"term": term.pk, "valid_to": term.valid_to}
    term.valid_to = on
    term.save(update_fields=["valid_to"])
    _record("circuit.term_end", term.circuit, before, {"term": term.pk, "valid_to": on}, at=at, by=by)
    return term


def _record(
    action: str,
    circuit: Circuit,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    *,
    at: datetime,
    by: Actor,
) -> None:
    change = Change("circuit", circuit.pk, circuit.number, before, after, circuit.customer_id, circuit.region_code)
    journal.record(action, [change], at=at, by=by)
