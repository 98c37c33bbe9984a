"""Put running clocks under the promise that holds now: an approved decision, never by itself (PC 7, 26)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.choices import Metric
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import ClockKind, ClockState, EventKind
from mainstay.service.tickets.errors import WrongState
from mainstay.service.tickets.finding import AT_WORK, must_be, said, take
from mainstay.service.tickets.models import Clock, DepartmentTarget, Ticket
from mainstay.service.tickets.promising import frozen_promises, frozen_target, same_promise


@transaction.atomic
def change_promise(ticket_id: int, why: str, *, at: datetime, by: Actor, revision: int | None = None) -> Ticket:
    """Give every circuit still out the promise that holds now; time used, pauses and a running pause stay (PC 7)."""
    require(by, Permission.APPROVE)
    work, file = take(ticket_id, action="ticket.regrade", at=at, by=by, revision=revision)
    must_be(file, *AT_WORK)
    why = said(why, "why")
    changes = promise_changes(file, at)
    for change in changes:
        work.tell(
            file, EventKind.PROMISE_CHANGED, circuit_id=change.circuit_id, text=why,
            for_customer=change.circuit_id is not None, body=change.body,
        )  # fmt: skip
    if not changes:
        raise WrongState(
            msgid("Nothing changes on ticket {ticket}: its clocks run under the promises that hold now."),
            ticket=file.ticket.number,
        )
    work.save()
    return file.ticket


@dataclass(frozen=True)
class PromiseChange:
    """A clock that would go on under another promise: of a circuit, or (None) of the department named in the body."""

    circuit_id: int | None
    body: dict[str, Any]


def promise_changes(file: CaseFile, at: datetime) -> list[PromiseChange]:
    """Say which clocks still going stand under another promise, or other hours, than hold at the instant (PC 7, 26).

    A clause for repeated faults that holds now is applied as it would have been when the circuit went down.
    """
    going = {c.circuit_id: c for c in file.clocks if _is_open(c) and c.circuit_id is not None}
    began = {circuit: clock.started_at for circuit, clock in going.items() if clock.started_at is not None}
    holding = frozen_promises(going, [Metric.RESTORATION], at, began=began)
    changes = []
    for circuit_id, clock in going.items():
        was, now = promise_in_force(file, clock), holding.get((circuit_id, Metric.RESTORATION))
        if now is not None and not same_promise(was, now):
            changes.append(PromiseChange(circuit_id, {"promise": now, "was": was}))
    return changes + _target_changes(file)


def _target_changes(file: CaseFile) -> list[PromiseChange]:
    """Say which internal targets were laid down otherwise since."""
    clocks = [c for c in file.clocks if c.department_id is not None and c.state != ClockState.CANCELLED]
    rows = DepartmentTarget.objects.filter(department__in=[c.department_id for c in clocks]) if clocks else ()
    targets: dict[tuple[int | None, str], DepartmentTarget] = {(row.department_id, row.grade): row for row in rows}
    changes = []
    for clock in clocks:
        target = targets.get((clock.department_id, file.ticket.grade)) or targets.get((clock.department_id, ""))
        was = promise_in_force(file, clock)
        now = frozen_target(target) if target else was
        if not same_promise(was, now):
            names: dict[str, Any] = {name: was[name] for name in ("department", "department_en") if name in was}
            body = {"department": clock.department_id, "promise": {**now, **names}, "was": was}
            changes.append(PromiseChange(None, body))
    return changes


def promise_in_force(file: CaseFile, clock: Clock) -> dict[str, Any]:
    """Return the frozen promise that the clock runs under now."""
    if clock.kind not in (ClockKind.RESTORATION, ClockKind.DEPARTMENT):
        return dict(clock.promise)
    mine = clock.circuit_id, clock.department_id
    told = [e for e in file.story if e.kind == EventKind.PROMISE_CHANGED]
    changes = [e for e in told if (e.circuit_id, e.body.get("department")) == mine]
    kept: dict[str, Any] = changes[-1].body["promise"] if changes else clock.promise
    return kept


def _is_open(clock: Clock) -> bool:
    return (
        clock.kind == ClockKind.RESTORATION
        and clock.stopped_at is None
        and clock.state not in (ClockState.CANCELLED, ClockState.NOT_STARTED)
    )
