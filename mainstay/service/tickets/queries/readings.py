"""What do the clocks of many tickets read at this instant? Judged live, no state need have changed (PC 9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from mainstay.domain.business_time import is_working
from mainstay.domain.promise_clock import Phase, Verdict
from mainstay.domain.promise_clock.reckoning import counting_calendar
from mainstay.network.inventory.models import Circuit
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import (
    CUSTOMERS_CLOCKS,
    READ_EVENTS,
    ClockKind,
    Origin,
    PauseReason,
    TicketKind,
    TicketStatus,
)
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.clocks import Judge
from mainstay.service.tickets.judged import is_charged
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent
from mainstay.service.tickets.naming import department_name, title_of
from mainstay.service.tickets.translation import in_order


@dataclass(frozen=True)
class ClockReading:
    """One clock at `as_of`; durations in counted seconds; `state` is a value of ClockState.

    `deadline_at` of a paused clock is what it would be if the pause ended now; `counting`: whether this minute counts.
    """

    id: int
    kind: str
    kind_label: str
    circuit_id: int | None
    circuit_number: str
    state: str
    deadline_at: datetime | None
    total_seconds: int
    used_seconds: int
    remaining_seconds: int
    as_of: datetime
    counting: bool
    paused_since: datetime | None
    pause_reason: str
    started_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None
    missed_rounds: int = 0

    @property
    def label(self) -> str:
        """Return what the clock is for."""
        return self.circuit_number or self.kind_label

    @property
    def is_going(self) -> bool:
        """Say whether it is neither stopped nor withdrawn nor yet to start."""
        return self.stopped_at is None and self.state not in ("cancelled", "not_started")


@dataclass(frozen=True)
class TicketRow:
    """A ticket in a list, with its most urgent clock."""

    id: int
    number: str
    title: str
    status: str
    status_label: str
    kind: str
    kind_label: str
    origin: str
    origin_label: str
    grade: str
    customer_id: int
    customer_name: str
    region_code: str
    circuit_count: int
    circuits: tuple[tuple[int, str], ...]
    assigned_to: str
    assigned_to_id: int | None
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    breached_at: datetime | None
    next_update_at: datetime | None
    untold_since: datetime | None
    is_repeat: bool
    incident_id: int | None
    incident_number: str
    responsibility: str
    cause_code: str
    revision: int
    clock: ClockReading | None
    clocks: tuple[ClockReading, ...] = field(repr=False)
    department_id: int | None = None
    department_name: str = ""
    is_charged: bool = False

    @property
    def word(self) -> ClockReading | None:
        """Return the clock of the next word to the customer, if one is promised."""
        return next((clock for clock in self.clocks if clock.kind == ClockKind.FEEDBACK), None)

    @property
    def missed_words(self) -> int:
        """Return how often the customer did not hear from us in time."""
        return self.word.missed_rounds if self.word else 0


ROW_RELATIONS = ("customer", "assigned_to", "incident", "department")


def rows_of(tickets: Iterable[Ticket], at: datetime) -> list[TicketRow]:
    """Read the clocks of tickets (ROW_RELATIONS fetched), in their order: 3 queries and one per calendar."""
    return Reader(at).rows(tickets)


class Reader:
    """Reads tickets as of one instant, each once however many lists of a page show it."""

    def __init__(self, at: datetime) -> None:
        self._judge = Judge(at)
        self._files: dict[int, CaseFile] = {}
        self._numbers: dict[int, str] = {}
        self._rows: dict[int, TicketRow] = {}

    def files(self, tickets: Iterable[Ticket]) -> list[CaseFile]:
        """Return clocks and story of tickets (ROW_RELATIONS fetched), in their order (3 queries)."""
        given = list(tickets)
        fresh = files_of(ticket for ticket in given if ticket.pk not in self._files)
        self._files |= {file.ticket.pk: file for file in fresh}
        self._numbers |= circuit_numbers(fresh)
        return [self._files[ticket.pk] for ticket in given]

    def row(self, file: CaseFile) -> TicketRow:
        """Put together the row of one ticket that was read."""
        pk = file.ticket.pk
        if pk not in self._rows:
            self._rows[pk] = row_of(file, self._numbers, self._judge)
        return self._rows[pk]

    def rows(self, tickets: Iterable[Ticket]) -> list[TicketRow]:
        """Return the rows of tickets, in their order."""
        return [self.row(file) for file in self.files(tickets)]


def files_of(
    tickets: Iterable[Ticket], *, kinds: Sequence[str] | None = READ_EVENTS, clocks: bool = True
) -> list[CaseFile]:
    """Read clocks (unless told not to) and story of tickets, keeping their order (2 queries).

    `kinds` None: the whole story.
    """
    files = {ticket.pk: CaseFile(ticket) for ticket in tickets}
    if not files:
        return []
    for clock in Clock.objects.filter(ticket__in=files).order_by("id") if clocks else ():
        files[clock.ticket_id].clocks.append(clock)
    # Looked up one by one: joined, the planner may read all circuits along with them.
    number = Circuit.objects.filter(pk=OuterRef("circuit_id")).values("number")
    events = TicketEvent.objects.filter(ticket__in=files).annotate(circuit_number=Subquery(number))
    events = events.order_by("at", "id")
    for event in events if kinds is None else events.filter(kind__in=kinds):
        files[event.ticket_id].story.append(event)
    return list(files.values())


def circuit_numbers(files: Iterable[CaseFile]) -> dict[int, str]:
    """Return the numbers of all circuits that the stories name, which `files_of` has read with them."""
    events: list[Any] = [event for file in files for event in file.story if event.circuit_id is not None]
    return {event.circuit_id: event.circuit_number for event in events}


def circuits_named(ticket_id: int) -> list[tuple[int, str]]:
    """Return the circuits that a ticket's story names, by number (1 query); the caller has seen the ticket."""
    rows = TicketEvent.objects.filter(ticket=ticket_id, circuit__isnull=False).order_by("circuit__number")
    found: list[tuple[Any, str]] = list(rows.values_list("circuit_id", "circuit__number").distinct())
    return found


def row_of(file: CaseFile, numbers: dict[int, str], judge: Judge) -> TicketRow:
    """Put together the row of one ticket."""
    ticket, circuits = file.ticket, [(c, numbers.get(c, "")) for c in standing_of(file.story)]
    readings = tuple(reading_of(clock, verdict_of(clock, file, judge), numbers) for clock in file.clocks)
    return TicketRow(
        id=ticket.pk, number=ticket.number, title=title_of(ticket.title, [number for _, number in circuits]),
        status=ticket.status, status_label=str(TicketStatus(ticket.status).label), kind=ticket.kind,
        kind_label=str(TicketKind(ticket.kind).label), origin=ticket.origin,
        origin_label=str(Origin(ticket.origin).label), grade=ticket.grade, customer_id=ticket.customer_id,
        customer_name=str(ticket.customer), region_code=ticket.region_code, circuit_count=len(circuits),
        circuits=tuple(circuits), assigned_to=str(ticket.assigned_to or ""), assigned_to_id=ticket.assigned_to_id,
        opened_at=ticket.opened_at, resolved_at=ticket.resolved_at, closed_at=ticket.closed_at,
        breached_at=ticket.breached_at, next_update_at=ticket.next_update_at,
        untold_since=ticket.untold_since, is_repeat=ticket.is_repeat,
        incident_id=ticket.incident_id, incident_number=ticket.incident.number if ticket.incident else "",
        responsibility=ticket.responsibility, cause_code=ticket.cause_code, revision=ticket.revision,
        clock=most_urgent(readings), clocks=readings, department_id=ticket.department_id,
        department_name=str(ticket.department or ""),
        is_charged=is_charged(ticket.breached_at, ticket.responsibility),
    )  # fmt: skip


def verdict_of(clock: Clock, file: CaseFile, judge: Judge) -> Verdict:
    """Judge one clock of a file at the judge's instant."""
    return judge.verdict(clock, in_order(file.story))


def reading_of(clock: Clock, verdict: Verdict, numbers: dict[int, str]) -> ClockReading:
    """Put a verdict into the shape that pages show."""
    paused = verdict.phase == Phase.PAUSED
    working = is_working(counting_calendar(verdict.promise), verdict.at)
    return ClockReading(
        id=clock.pk, kind=clock.kind, kind_label=_kind_label(clock), circuit_id=clock.circuit_id,
        circuit_number=numbers.get(clock.circuit_id, "") if clock.circuit_id else "", state=verdict.state.value,
        deadline_at=verdict.projected_deadline_at if paused and not verdict.deadline_at else verdict.deadline_at,
        total_seconds=verdict.promise_s, used_seconds=verdict.used_s, remaining_seconds=verdict.remaining_s,
        as_of=verdict.at, counting=verdict.phase == Phase.RUNNING and working,
        paused_since=verdict.paused_since, pause_reason=_reason(verdict.pause_reason), started_at=verdict.started_at,
        stopped_at=verdict.stopped_at, breached_at=verdict.breached_at, missed_rounds=verdict.missed_rounds,
    )  # fmt: skip


def _kind_label(clock: Clock) -> str:
    label = str(ClockKind(clock.kind).label)
    return f"{label} · {department_name(clock.promise)}" if clock.kind == ClockKind.DEPARTMENT else label


def _reason(code: str) -> str:
    return str(PauseReason(code).label) if code in PauseReason.values else code


def most_urgent(readings: Iterable[ClockReading]) -> ClockReading | None:
    """Return the clock a list shows: of those going the one with the least time left; else the worst that ended."""
    given = list(readings)
    answered = [r for r in given if r.kind == ClockKind.RESPONSE]
    chosen = (
        [r for r in given if r.kind == ClockKind.RESTORATION and r.state != "cancelled"]
        or answered
        or [r for r in given if r.kind in CUSTOMERS_CLOCKS]
    )
    going = [r for r in chosen if r.is_going]
    if going:
        return min(going, key=lambda r: (r.paused_since is not None, r.remaining_seconds, r.id))
    return min(chosen, key=lambda r: (r.remaining_seconds, r.id), default=None)
