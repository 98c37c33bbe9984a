"""Which clocks does a ticket need, under which frozen promises, and how important is it? (PC 13, 14, 23, D2)"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from mainstay.accounts.catalog.choices import GRADE_RANK, Metric, Unit
from mainstay.domain.promise_clock import ClockPolicy
from mainstay.network.inventory.models import Circuit
from mainstay.platform.bulk.drafts import draft
from mainstay.service.tickets.casework import CaseFile, Casework
from mainstay.service.tickets.choices import ClockKind, EventKind
from mainstay.service.tickets.circuits import NamedCircuit, since_of
from mainstay.service.tickets.clocks import Judge
from mainstay.service.tickets.models import Clock
from mainstay.service.tickets.policy import DEFAULT, frozen
from mainstay.service.tickets.promising import frozen_promises
from mainstay.service.tickets.translation import standing_story

UNGRADED_RANK = 9
OF_A_NEW_TICKET = (Metric.RESPONSE, Metric.FEEDBACK)


@dataclass(frozen=True)
class CircuitFacts:
    """The circuits that a piece of work is about, by id."""

    circuits: dict[int, NamedCircuit]


def circuit_facts(circuit_ids: Iterable[int]) -> CircuitFacts:
    """Read circuits once (1 query)."""
    known = Circuit.objects.filter(pk__among=set(circuit_ids)).values_list("pk", "number", "grade", "region_code")
    return CircuitFacts({row[0]: NamedCircuit(*row) for row in known})


def grade_ticket(file: CaseFile, facts: CircuitFacts) -> None:
    """Copy the best circuit's grade and region to the ticket; a grade once frozen on clocks only rises (PC 26)."""
    circuits = [facts.circuits[circuit_id] for circuit_id in file.standing]
    if not circuits:
        return
    best = min(circuits, key=lambda circuit: (GRADE_RANK.get(circuit.grade, UNGRADED_RANK), circuit.pk))
    rank = GRADE_RANK.get(best.grade, UNGRADED_RANK)
    if not file.ticket.grade or rank < file.ticket.grade_rank:
        file.ticket.grade, file.ticket.grade_rank = best.grade, rank
        if file.is_new:
            file.ticket.region_code = best.region_code


def add_clocks(work: Casework, files: Sequence[CaseFile], facts: CircuitFacts, policy: ClockPolicy) -> None:
    """Give each file the clocks its story calls for and that it lacks; promises are those that hold now."""
    missing = {file: [c for c in _to_restore(file) if not file.clock_of(c, ClockKind.RESTORATION)] for file in files}
    unanswered = {file: _spokesman(file, facts) for file in files if file.is_new}
    circuits = {c for wanted in missing.values() for c in wanted} | {c for c in unanswered.values() if c is not None}
    metrics = (Metric.RESTORATION, *OF_A_NEW_TICKET) if unanswered else (Metric.RESTORATION,)
    began = {c: at for file, wanted in missing.items() for c in wanted if (at := since_of(file.story, c)[0])}
    promises = frozen_promises(circuits, metrics, work.at, began=began) if circuits else {}
    for file in files:
        for circuit_id in missing[file]:
            _add(file, ClockKind.RESTORATION, circuit_id, promises.get((circuit_id, Metric.RESTORATION)), policy)
        spokesman = unanswered.get(file)
        if spokesman is not None:
            _add(file, ClockKind.RESPONSE, None, promises.get((spokesman, Metric.RESPONSE)), DEFAULT.response)
            _add(file, ClockKind.FEEDBACK, None, promises.get((spokesman, Metric.FEEDBACK)), DEFAULT.feedback)
        if any("last_at" in clock.promise.get("repeat", {}) for clock in file.clocks):
            file.ticket.is_repeat = True


def next_word_at(work: Casework, file: CaseFile) -> datetime:
    """Return when the customer hears again who is told now: as promised, else by the policy of the grade (H2)."""
    return word_due_at(file, work.judge)


def word_due_at(file: CaseFile, by: Judge) -> datetime:
    """Return when the next word is due that begins to be waited for at the judge's instant."""
    clock = file.clock_of(None, ClockKind.FEEDBACK)
    if clock is None:
        return by.at + timedelta(minutes=DEFAULT.update_after(file.ticket.grade))
    return by.due_from_now(clock)


def _add(file: CaseFile, kind: str, circuit_id: int | None, promise: Any, policy: ClockPolicy) -> None:
    if promise is not None and promise["unit"] != Unit.PERCENT:
        file.clocks.append(draft(Clock, kind=kind, circuit_id=circuit_id, promise=promise, policy=_frozen(policy)))


@cache
def _frozen(policy: ClockPolicy) -> dict[str, Any]:
    """Write a policy down once; clocks only read it."""
    return frozen(policy)


def _to_restore(file: CaseFile) -> list[int]:
    """List the circuits that the story started a clock for, once each."""
    return list(
        dict.fromkeys(
            event.circuit_id
            for event in standing_story(file.story)
            if event.circuit_id is not None
            and (
                event.kind == EventKind.CIRCUIT_DOWN
                or (event.kind == EventKind.CIRCUIT_DEGRADED and event.body.get("counts"))
                or (event.kind == EventKind.CUSTOMER_REPORT and event.body.get("starts"))
            )
        )
    )


def _spokesman(file: CaseFile, facts: CircuitFacts) -> int | None:
    """Return the best circuit: its promise of response holds for the ticket."""
    circuits = [facts.circuits[circuit_id] for circuit_id in file.standing]
    best = min(circuits, key=lambda c: (GRADE_RANK.get(c.grade, UNGRADED_RANK), c.pk), default=None)
    return best.pk if best else None
