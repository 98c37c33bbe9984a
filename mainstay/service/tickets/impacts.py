"""How do changes of circuits become tickets, clocks and notices? A batch at a time (PC 16, 23-25)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mainstay.accounts.customers.models import Customer
from mainstay.network.alarms.events import ImpactChange
from mainstay.network.inventory.choices import LiveState
from mainstay.platform.bulk.drafts import draft
from mainstay.service.tickets import outcome
from mainstay.service.tickets.audience import NOTICE, audiences_of
from mainstay.service.tickets.casework import CaseFile, Casework
from mainstay.service.tickets.choices import LIVE_TICKETS, EventKind, Origin, TicketStatus
from mainstay.service.tickets.circuits import Standing, since_of
from mainstay.service.tickets.clocks import status_unsettled
from mainstay.service.tickets.making import CircuitFacts, add_clocks, circuit_facts, grade_ticket, next_word_at
from mainstay.service.tickets.models import Ticket, TicketEvent
from mainstay.service.tickets.notices import writer_for
from mainstay.service.tickets.policy import DEFAULT
from mainstay.service.tickets.telling import about_outage, is_out, note_silence, tell, was_told

CIRCUIT_EVENTS = (EventKind.CIRCUIT_DOWN, EventKind.CIRCUIT_DEGRADED, EventKind.CUSTOMER_REPORT)


@dataclass
class _Board:
    """Which file holds which circuit, and which file is an incident's for a customer."""

    standing: dict[CaseFile, dict[int, Standing]] = field(default_factory=dict)
    of_incident: dict[tuple[int, int], CaseFile] = field(default_factory=dict)
    naming: dict[int, list[CaseFile]] = field(default_factory=dict)

    def add(self, file: CaseFile) -> None:
        self.standing[file] = dict(file.standing)
        for circuit_id in self.standing[file]:
            self.naming.setdefault(circuit_id, []).append(file)
        if file.ticket.incident_id is not None:
            self.of_incident[file.ticket.incident_id, file.ticket.customer_id] = file

    def note(self, file: CaseFile, circuit_id: int, standing: Standing) -> None:
        """Keep how a circuit stands in a file from now on."""
        if circuit_id not in self.standing[file]:
            self.naming.setdefault(circuit_id, []).append(file)
        self.standing[file][circuit_id] = standing

    def holders(self, circuit_id: int) -> list[CaseFile]:
        """Return the files in which the circuit is out, the oldest first."""
        return [file for file in self.naming.get(circuit_id, ()) if self.standing[file][circuit_id].is_out]

    def reports(self, circuit_id: int) -> list[CaseFile]:
        """Return the files in which somebody reported the circuit and we are at it."""
        return [
            file
            for file in self.naming.get(circuit_id, ())
            if self.standing[file][circuit_id] == Standing.REPORTED and file.ticket.status != TicketStatus.RESOLVED
        ]


def apply(work: Casework, changes: Sequence[ImpactChange]) -> None:
    """Write what the changes mean into case files (`work` holds those concerned), then save everything."""
    board = _Board()
    for file in work.files:
        board.add(file)
    for change in changes:
        if change.state in (LiveState.DOWN, LiveState.DEGRADED):
            _impaired(work, board, change)
        else:
            _restored(work, board, change)
    work.files = [file for file in work.files if file.fresh]
    finish(work)


def _impaired(work: Casework, board: _Board, change: ImpactChange) -> None:
    file = _file_for(work, board, change)
    if file is None:
        return
    now = Standing.DOWN if change.state == LiveState.DOWN else Standing.DEGRADED
    if board.standing[file].get(change.circuit_id) == now and not _began_earlier(file, change):
        return
    board.note(file, change.circuit_id, now)
    body: dict[str, object] = {"incident": change.incident_id, "detected_at": change.detected_at.isoformat()}
    kind = EventKind.CIRCUIT_DOWN
    if now == Standing.DEGRADED:
        kind, body["counts"] = EventKind.CIRCUIT_DEGRADED, DEFAULT.degraded_counts
    work.tell(file, kind, happened_at=change.at, circuit_id=change.circuit_id, for_customer=True, body=body)
    if file.ticket.status == TicketStatus.RESOLVED:
        outcome.unsettle(file.ticket, status_unsettled(file.ticket))


def _began_earlier(file: CaseFile, change: ImpactChange) -> bool:
    """Say whether a late alarm moves the beginning of a standing outage back: the story must know."""
    began_at = since_of(file.story, change.circuit_id)[0]
    return began_at is not None and change.at < began_at


def _file_for(work: Casework, board: _Board, change: ImpactChange) -> CaseFile | None:
    """Find the file a circuit's trouble belongs to: overlapping outages of one are united, never added (PC 16)."""
    held = board.holders(change.circuit_id) or board.reports(change.circuit_id)
    key = change.incident_id, change.customer_id
    if held:
        file = held[0]
        if file.ticket.incident_id is None and key not in board.of_incident:
            file.ticket.incident_id = change.incident_id
            board.of_incident[key] = file
        return file
    if key in board.of_incident:
        return board.of_incident[key]
    if change.state == LiveState.DEGRADED and not DEFAULT.degraded_opens:
        return None
    ticket = draft(
        Ticket, origin=Origin.IMPACT, status=TicketStatus.OPEN, customer_id=change.customer_id,
        incident_id=change.incident_id, region_code=change.region_code, opened_at=change.at,
    )  # fmt: skip
    file = work.open(ticket)
    body = {"incident": change.incident_id, "detected_at": change.detected_at.isoformat()}
    work.tell(file, EventKind.OPENED, happened_at=change.at, for_customer=True, body=body)
    board.add(file)
    return file


def _restored(work: Casework, board: _Board, change: ImpactChange) -> None:
    for file in board.holders(change.circuit_id):
        board.note(file, change.circuit_id, Standing.RESTORED)
        # A source's clock may put the clearing before the fault: it cannot end before it began.
        began_at = since_of(file.story, change.circuit_id)[0] or change.at
        ended_at = max(change.at, began_at)
        work.tell(
            file, EventKind.CIRCUIT_RESTORED, happened_at=ended_at, circuit_id=change.circuit_id, for_customer=True,
            body={"incident": change.incident_id},
        )  # fmt: skip


def finish(work: Casework) -> None:
    """Add the clocks that are wanted, settle what is settled, tell the customers, and save."""
    work.files = [file for file in work.files if file.fresh]
    if not work.files:
        return
    facts = circuit_facts({e.circuit_id for file in work.files for e in file.story if e.circuit_id is not None})
    live = [file for file in work.files if file.ticket.status in LIVE_TICKETS]
    opened = [file for file in live if file.is_new]
    _name_customers(opened)
    for file in live:
        grade_ticket(file, facts)
    _mark_repeats(opened, work.at)
    add_clocks(work, live, facts, DEFAULT.impact)
    outcome.settle(work, [file for file in live if _is_settled(file)], facts)
    _tell_customers(work, live, facts)
    work.save()


def _is_settled(file: CaseFile) -> bool:
    """Say whether everything the network reported on a live ticket is over, and nobody reported anything else."""
    standing = set(file.standing.values())
    return (
        file.ticket.status != TicketStatus.RESOLVED
        and bool(standing & {Standing.RESTORED, Standing.NOT_AFFECTED})
        and not standing & {Standing.DOWN, Standing.DEGRADED, Standing.REPORTED}
    )


def _name_customers(files: Iterable[CaseFile]) -> None:
    given = list(files)
    rows = Customer.objects.filter(pk__among={file.ticket.customer_id for file in given})
    customers = {row.pk: row for row in rows}
    for file in given:
        file.ticket.customer = customers[file.ticket.customer_id]


def _mark_repeats(files: Iterable[CaseFile], at: datetime) -> None:
    """Mark tickets whose circuits failed before within the days of the policy (PC 21)."""
    circuits = {file: set(file.standing) for file in files}
    if not circuits:
        return
    again = set(
        TicketEvent.objects.filter(
            kind=EventKind.CIRCUIT_DOWN,
            circuit__among=set().union(*circuits.values()),
            at__gte=at - timedelta(days=DEFAULT.repeat_days),
        ).values_list("circuit_id", flat=True)
    )
    for file, mine in circuits.items():
        file.ticket.is_repeat = bool(mine & again)


def _tell_customers(work: Casework, files: Iterable[CaseFile], facts: CircuitFacts) -> None:
    """Tell whom nobody has told yet that something of theirs is out, and promise the next word."""
    silent = [file for file in files if is_out(file) and not was_told(file)]
    if not silent:
        return
    tickets = [file.ticket for file in silent]
    audiences, writer = audiences_of(tickets), writer_for(tickets)
    for file in silent:
        audience, ticket = audiences[file.ticket.customer_id], file.ticket
        if ticket.next_update_at is None or ticket.next_update_at <= work.at:
            ticket.next_update_at = next_word_at(work, file)
            outcome.remind_of_update(work, file)
        if audience.receivers:
            tell(work, writer, file, audience.receivers, what=NOTICE, about=about_outage(file, facts, at=work.at))
        else:
            note_silence(work, file, audience)
