"""How is work on tickets written down? Many case files are changed, judged and saved at once, by few queries.

Every action and reaction of this room goes through here: events are added, clocks re-judged, copies, timers, audit
entries and news follow, all in the caller's transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.platform.bulk.drafts import draft
from mainstay.platform.bulk.rows import insert_many, insert_returning, update_many
from mainstay.platform.journal import actions as journal
from mainstay.platform.messages import actions as messages
from mainstay.platform.timers import actions as timers
from mainstay.service.tickets.choices import CLOCK_EVENTS, EventKind, TicketStatus
from mainstay.service.tickets.circuits import Standing, standing_of
from mainstay.service.tickets.clocks import VERDICT_COLUMNS, Judge, copy_to_ticket, next_rung, write_verdict
from mainstay.service.tickets.events import TicketChanged, TicketOpened, TicketsSaved
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent
from mainstay.service.tickets.translation import in_order

CLOCK_TIMER, CLOCK_OWNER, TICKET_OWNER = "clock", "clock", "ticket"
PAUSE_TIMER, UPDATE_TIMER, CLOSE_TIMER = "pause", "next_update", "close"

AUDITED = (
    "status", "title", "incident_id", "parent_id", "contact_id", "grade", "assigned_to_id", "department_id",
    "responsibility",
    "cause_code", "deadline_at", "breached_at", "next_update_at", "resolved_at", "closed_at",
)  # fmt: skip
_TICKET_COLUMNS = tuple(f.attname for f in Ticket._meta.concrete_fields if not f.primary_key)
_CLOCK_COLUMNS = tuple(f.attname for f in Clock._meta.concrete_fields if not f.primary_key)
_EVENT_COLUMNS = tuple(f.attname for f in TicketEvent._meta.concrete_fields if f.attname not in ("id", "ticket_id"))
_JUDGED_COLUMNS = (*VERDICT_COLUMNS, "judged_at")
_ticket_values = attrgetter(*_TICKET_COLUMNS)
_event_values = attrgetter(*_EVENT_COLUMNS)
_judged_values = attrgetter(*_JUDGED_COLUMNS)


@dataclass(eq=False)
class CaseFile:
    """One ticket with the part of its story that clocks are judged by, and its clocks."""

    ticket: Ticket
    story: list[TicketEvent] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    fresh: list[TicketEvent] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)

    is_new: bool = False
    _standing: tuple[int, Mapping[int, Standing]] = (-1, MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.is_new:
            self.before = _audited(self.ticket)

    @property
    def standing(self) -> Mapping[int, Standing]:
        """How each circuit stands (`circuits.standing_of`); stories only grow, and are read again when they have."""
        if self._standing[0] != len(self.story):
            self._standing = len(self.story), MappingProxyType(standing_of(self.story))
        return self._standing[1]

    def clock_of(self, circuit_id: int | None, kind: str, *, department_id: int | None = None) -> Clock | None:
        """Return the clock of a circuit (None: of the ticket) or of a department, if it has one."""
        wanted = circuit_id, kind, department_id
        return next((c for c in self.clocks if (c.circuit_id, c.kind, c.department_id) == wanted), None)


class Casework:
    """A batch of work at one instant by one actor; `save` writes it all."""

    def __init__(self, files: Iterable[CaseFile] = (), *, action: str, at: datetime, by: Actor) -> None:
        self.files = list(files)
        self.action, self.at, self.by = action, at, by
        self.judge = Judge(at)
        self.reminders: list[tuple[str, CaseFile, str, datetime]] = []
        self.changed: set[int] = set()
        self.letters: list[Callable[[], messages.NewMessage]] = []

    def open(self, ticket: Ticket) -> CaseFile:
        """Start a new case file; its ticket is written by `save`."""
        file = CaseFile(ticket, is_new=True)
        self.files.append(file)
        return file

    def tell(
        self,
        file: CaseFile,
        kind: EventKind,
        *,
        happened_at: datetime | None = None,
        circuit_id: int | None = None,
        text: str = "",
        for_customer: bool = False,
        body: dict[str, Any] | None = None,
    ) -> TicketEvent:
        """Add an entry to a story; `happened_at` back-dates it (PC 11)."""
        event = draft(
            TicketEvent, ticket_id=file.ticket.pk, kind=kind, at=happened_at or self.at, recorded_at=self.at,
            by_name=self.by.name[:80], user_id=self.by.user_id, circuit_id=circuit_id, text=text,
            for_customer=for_customer, body=body or {},
        )  # fmt: skip
        file.fresh.append(event)
        file.story.append(event)
        return event

    def remind(self, purpose: str, file: CaseFile, rung: str, due_at: datetime) -> None:
        """Ask for a timer of a ticket."""
        self.reminders.append((purpose, file, rung, due_at))

    def save(self) -> None:
        """Judge and write everything: tickets, entries, clocks, timers, messages, audit, news, events."""
        rungs = {id(file): self._judged(file) for file in self.files}
        self._write_tickets()
        self._write_story()
        self._write_clocks()
        self._set_timers(rungs)
        self._record()

    def _judged(self, file: CaseFile) -> list[tuple[Clock, tuple[str, datetime] | None]]:
        file.story = in_order(file.story)
        rungs = []
        # Two hands may work with clocks a moment apart: what was judged is never judged as of an earlier instant.
        at = max([self.at, *(clock.judged_at for clock in file.clocks if clock.judged_at)])
        for clock in file.clocks:
            verdict = self.judge.verdict(clock, file.story, at=at)
            if write_verdict(clock, verdict):
                self.changed.add(id(clock))
            rungs.append((clock, next_rung(clock, verdict, file.story)))
        copy_to_ticket(file.ticket, file.clocks)
        return rungs

    def _write_tickets(self) -> None:
        fresh = [file.ticket for file in self.files if file.is_new]
        known = [file.ticket for file in self.files if not file.is_new]
        _insert(Ticket, fresh, _TICKET_COLUMNS)
        for ticket in known:
            ticket.revision += 1
        # A closing frees the place that one live ticket per customer takes: it goes first.
        known.sort(key=lambda ticket: ticket.status != TicketStatus.CLOSED)
        update_many(Ticket, _TICKET_COLUMNS, [(*_ticket_values(ticket), ticket.pk) for ticket in known])

    def _write_story(self) -> None:
        rows = [(file.ticket.pk, *_event_values(event)) for file in self.files for event in file.fresh]
        insert_many(TicketEvent, ("ticket_id", *_EVENT_COLUMNS), rows)

    def _write_clocks(self) -> None:
        known = [clock for file in self.files for clock in file.clocks if not _is_new(clock)]
        changed = [clock for clock in known if id(clock) in self.changed]
        fresh = [_belonging(clock, file) for file in self.files for clock in file.clocks if _is_new(clock)]
        _insert(Clock, fresh, _CLOCK_COLUMNS)
        update_many(Clock, _JUDGED_COLUMNS, [(*_judged_values(clock), clock.pk) for clock in changed])

    def _set_timers(self, rungs: dict[int, list[tuple[Clock, tuple[str, datetime] | None]]]) -> None:
        known = [clock.pk for file in self.files if not file.is_new for clock, _ in rungs[id(file)]]
        if known:
            timers.cancel(CLOCK_TIMER, CLOCK_OWNER, known, at=self.at)
        first, wanted = list[timers.Due](), list[timers.Due]()
        for file in self.files:
            (first if file.is_new else wanted).extend(
                timers.Due(CLOCK_TIMER, CLOCK_OWNER, clock.pk, rung[0], rung[1])
                for clock, rung in rungs[id(file)]
                if rung is not None
            )
        wanted += [
            timers.Due(purpose, TICKET_OWNER, file.ticket.pk, rung, due) for purpose, file, rung, due in self.reminders
        ]
        timers.set_first_timers(first)
        timers.set_timers(wanted)
        if self.letters:
            messages.send([letter() for letter in self.letters], at=self.at)

    def _record(self) -> None:
        journal.record(self.action, [_change(file) for file in self.files], at=self.at, by=self.by)
        journal.publish([_news(file) for file in self.files], at=self.at)
        for file in self.files:
            journal.announce(_event(file, self.at), by=self.by)
        if self.files:
            journal.announce(TicketsSaved(tuple(file.ticket.pk for file in self.files), self.at), by=self.by)


def load_files(condition: Q, *, managers: bool = False) -> list[CaseFile]:
    """Read the tickets that match, with clocks and the clocks' part of the story: 3 queries; locks them for writing.

    `managers`: with the customers' account managers.
    """
    tickets = Ticket.objects.filter(condition).order_by("opened_at", "id").select_for_update(of=("self",))
    files = {
        ticket.pk: CaseFile(ticket)
        for ticket in tickets.select_related("customer__account_manager" if managers else "customer")
    }
    if not files:
        return []
    for clock in Clock.objects.filter(ticket__among=files).order_by("id"):
        files[clock.ticket_id].clocks.append(clock)
    for event in TicketEvent.objects.filter(ticket__among=files, kind__in=CLOCK_EVENTS).order_by("at", "id"):
        files[event.ticket_id].story.append(event)
    return list(files.values())


def _insert(model: type[Ticket] | type[Clock], rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Insert rows and give them their keys."""
    keys = insert_returning(model, columns, map(attrgetter(*columns), rows))
    for row, key in zip(rows, keys, strict=True):
        row.pk = key


def _is_new(row: Clock) -> bool:
    key: int | None = row.pk
    return key is None


def _belonging(clock: Clock, file: CaseFile) -> Clock:
    clock.ticket_id = file.ticket.pk
    return clock


def _audited(ticket: Ticket) -> dict[str, Any]:
    return {column: getattr(ticket, column) for column in AUDITED}


def _change(file: CaseFile) -> journal.Change:
    ticket = file.ticket
    before, after = journal.differences(file.before, _audited(ticket))
    said = [{"kind": e.kind, "at": e.at, "circuit": e.circuit_id, "text": e.text, **e.body} for e in file.fresh]
    return journal.Change(
        "ticket", ticket.pk, ticket.number, None if file.is_new else before, {**after, "events": said},
        ticket.customer_id, ticket.region_code,
    )  # fmt: skip


def _news(file: CaseFile) -> journal.News:
    """Stamp the customer on all news, for account managers too; `for_customer` says whether the portal shows it."""
    ticket = file.ticket
    what = file.fresh[-1].kind if file.fresh else ""
    shown = any(event.for_customer for event in file.fresh)
    body = {"what": what, "number": ticket.number, "status": ticket.status, "for_customer": shown}
    return journal.News("ticket", "ticket", ticket.pk, ticket.customer_id, ticket.region_code, body)


def _event(file: CaseFile, at: datetime) -> TicketOpened | TicketChanged:
    ticket = file.ticket
    if file.is_new:
        return TicketOpened(ticket.pk, ticket.customer_id, ticket.region_code, at)
    what = file.fresh[-1].kind if file.fresh else ""
    return TicketChanged(ticket.pk, ticket.customer_id, ticket.region_code, what, at)
