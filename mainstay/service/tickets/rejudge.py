"""Do the clocks still read as their stories say? Everything judged again from scratch and compared (PC 11)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mainstay.network.alarms.rejudging import Trouble
from mainstay.network.inventory.choices import LiveState
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.clocks import VERDICT_COLUMNS, Judge, copy_to_ticket, verdict_columns
from mainstay.service.tickets.models import Ticket, TicketEvent
from mainstay.service.tickets.queries.readings import files_of
from mainstay.service.tickets.translation import in_order

CHUNK = 500
_KINDS = {
    LiveState.DOWN.value: EventKind.CIRCUIT_DOWN.value,
    LiveState.DEGRADED.value: EventKind.CIRCUIT_DEGRADED.value,
}


@dataclass(frozen=True)
class Difference:
    """A column that is not what the story says; `clock_id` None: a copy on the ticket."""

    ticket_number: str
    clock_id: int | None
    column: str
    stored: Any
    judged: Any


def rejudge_some(ticket_ids: Collection[int], *, at: datetime) -> Iterator[Difference]:
    """Judge every clock of some tickets again, as `rejudge` does."""
    wanted, judge = sorted(ticket_ids), Judge(at)
    for start in range(0, len(wanted), CHUNK):
        for file in files_of(Ticket.objects.filter(pk__in=wanted[start : start + CHUNK])):
            yield from _differences(file, judge)


def rejudge(*, at: datetime) -> Iterator[Difference]:
    """Judge every clock of every ticket again and give each difference; writes nothing. None: the trail holds.

    Each clock is judged as of the instant at which its columns were last written, at the latest as of `at`.
    """
    last, judge = 0, Judge(at)
    while True:
        tickets = list(Ticket.objects.filter(pk__gt=last).order_by("pk")[:CHUNK])
        if not tickets:
            return
        last = tickets[-1].pk
        for file in files_of(tickets):
            yield from _differences(file, judge)


def _differences(file: CaseFile, judge: Judge) -> Iterator[Difference]:
    story = in_order(file.story)
    for clock in file.clocks:
        judged = verdict_columns(judge.verdict(clock, story, at=min(judge.at, clock.judged_at or judge.at)))
        for column in VERDICT_COLUMNS:
            if getattr(clock, column) != judged[column]:
                yield Difference(file.ticket.number, clock.pk, column, getattr(clock, column), judged[column])
    yield from _copies(file)


def _copies(file: CaseFile) -> Iterator[Difference]:
    ticket, copied = file.ticket, Ticket()
    copy_to_ticket(copied, file.clocks)
    for column in ("deadline_at", "breached_at"):
        if getattr(ticket, column) != getattr(copied, column):
            yield Difference(ticket.number, None, column, getattr(ticket, column), getattr(copied, column))


def untold_troubles(troubles: Iterable[Trouble]) -> Iterator[str]:
    """Say of each trouble judged again that no ticket tells of, and of each told by a ticket that was not judged."""
    judged = {(trouble.circuit_id, _KINDS[trouble.state], trouble.at) for trouble in troubles}
    rows = TicketEvent.objects.filter(kind__in=_KINDS.values(), circuit_id__isnull=False)
    told = set(rows.values_list("circuit_id", "kind", "at"))
    for circuit, kind, at in sorted(judged ^ told, key=str):
        found = "no ticket tells of it" if (circuit, kind, at) in judged else "judged again it did not happen"
        yield f"circuit {circuit} {kind} at {at}: {found}"
