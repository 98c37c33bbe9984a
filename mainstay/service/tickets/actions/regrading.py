"""Put running clocks under the promise that holds now: an approved decision, never by itself (PC 7, 26)."""

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
from mainstay.service.tickets.models import Clock, Ticket
from mainstay.service.tickets.promising import frozen_promises, same_promise


@transaction.atomic
def change_promise(ticket_id: int, why: str, *, at: datetime, by: Actor, revision: int | None = None) -> Ticket:
    """Give every circuit still out the promise that holds now; time used, pauses and a running pause stay (PC 7)."""
    require(by, Permission.APPROVE)
    work, file = take(ticket_id, action="ticket.regrade", at=at, by=by, revision=revision)
    must_be(file, *AT_WORK)
    why = said(why, "why")
    going = {c.circuit_id: c for c in file.clocks if _is_open(c) and c.circuit_id is not None}
    holding = frozen_promises(going, [Metric.RESTORATION], at)
    changed = False
    for circuit_id, clock in going.items():
        was, now = promise_in_force(file, clock), holding.get((circuit_id, Metric.RESTORATION))
        if now is None or same_promise(was, now):
            continue
        work.tell(
            file, EventKind.PROMISE_CHANGED, circuit_id=circuit_id, text=why, for_customer=True,
            body={"promise": now, "was": was},
        )  # fmt: skip
        changed = True
    if not changed:
        raise WrongState(
            msgid("Nothing changes on ticket {ticket}: its clocks run under the promises that hold now."),
            ticket=file.ticket.number,
        )
    work.save()
    return file.ticket


def promise_in_force(file: CaseFile, clock: Clock) -> dict[str, Any]:
    """Return the frozen promise that the clock runs under now."""
    changes = [e for e in file.story if e.kind == EventKind.PROMISE_CHANGED and e.circuit_id == clock.circuit_id]
    kept: dict[str, Any] = changes[-1].body["promise"] if changes else clock.promise
    return kept


def _is_open(clock: Clock) -> bool:
    return (
        clock.kind == ClockKind.RESTORATION
        and clock.stopped_at is None
        and clock.state not in (ClockState.CANCELLED, ClockState.NOT_STARTED)
    )
