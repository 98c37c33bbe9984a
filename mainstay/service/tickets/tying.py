"""What becomes of reports that turn out to be an incident, or not to be it after all? (H1, PC 22-25)

A customer has one live ticket below an incident: the incident's own if there is one, else the oldest report. Further
reports join it as duplicates. Taken out again, a report reads as if it had never been joined: its clock runs from the
report all along.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from mainstay.network.alarms.models import Incident
from mainstay.platform.messages import actions as messages
from mainstay.platform.timers import actions as timers
from mainstay.service.tickets import outcome
from mainstay.service.tickets.audience import NOTICE, audiences_of
from mainstay.service.tickets.casework import CLOCK_OWNER, CLOCK_TIMER, CaseFile, Casework
from mainstay.service.tickets.choices import EventKind, TicketStatus
from mainstay.service.tickets.circuits import Standing, since_of, standing_of
from mainstay.service.tickets.clocks import status_unsettled
from mainstay.service.tickets.making import circuit_facts, next_word_at
from mainstay.service.tickets.merging import absorb
from mainstay.service.tickets.models import Clock, Ticket
from mainstay.service.tickets.notices import writer_for
from mainstay.service.tickets.telling import about_outage, note_silence, tell, was_told


def tie_in(work: Casework, reports: Sequence[CaseFile], own: Iterable[CaseFile], incident: Incident) -> None:
    """Put reports below an incident; `own`: its live tickets of the same customers. Saving is the caller's."""
    holder = {file.ticket.customer_id: file for file in own}
    tied: list[CaseFile] = []
    for file in reports:
        first = holder.get(file.ticket.customer_id)
        if first is None:
            holder[file.ticket.customer_id] = file
            file.ticket.incident_id = incident.pk
            body = {"incident": incident.pk, "number": incident.number, "tied": True}
            work.tell(file, EventKind.LINKED, body=body)
            tied.append(file)
            continue
        absorb(work, file, first)
        if first.ticket.status == TicketStatus.RESOLVED:
            outcome.unsettle(first.ticket, status_unsettled(first.ticket))
    tell_reporters(work, tied, incident)


def tell_reporters(work: Casework, files: Sequence[CaseFile], incident: Incident) -> None:
    """Tell customers whose reports turned out to be a known outage, as those are told whom it hits (one each)."""
    for file in files:
        _promise_next(work, file, incident.next_update_at)
    silent = [file for file in files if not was_told(file) and file.standing]
    if not silent:
        return
    tickets = [file.ticket for file in silent]
    audiences, writer = audiences_of(tickets), writer_for(tickets)
    facts = circuit_facts({circuit for file in silent for circuit in file.standing})
    for file in silent:
        audience = audiences[file.ticket.customer_id]
        if audience.receivers:
            tell(work, writer, file, audience.receivers, what=NOTICE, about=about_outage(file, facts, at=work.at))
        else:
            note_silence(work, file, audience)


def _promise_next(work: Casework, file: CaseFile, promised_at: datetime | None) -> None:
    """Let the ticket's next word come when the incident's does; without one, when the policy says."""
    ticket = file.ticket
    if promised_at is not None and promised_at > work.at:
        ticket.next_update_at = promised_at
    elif ticket.next_update_at is None or ticket.next_update_at <= work.at:
        ticket.next_update_at = next_word_at(work, file)
    outcome.remind_of_update(work, file)


def take_out(work: Casework, file: CaseFile, number: str, why: str) -> None:
    """Take a report's own ticket out of its incident, whose number is given; its clocks run on."""
    body = {"untied": file.ticket.incident_id, "number": number}
    file.ticket.incident_id = None
    work.tell(file, EventKind.LINKED, text=why, body=body)


def revive(work: Casework, file: CaseFile, into: CaseFile, why: str) -> None:
    """Let a report that was closed as a duplicate go on by itself; the ticket that took it over forgets it."""
    work.tell(file, EventKind.LINKED, text=why, body={"revived": True, "untied": into.ticket.incident_id})
    ticket = file.ticket
    ticket.parent_id, ticket.closed_at, ticket.status = None, None, status_unsettled(ticket)
    messages.move("ticket", into.ticket.pk, ticket.pk, first_about=ticket.pk)
    ticket.next_update_at = next_word_at(work, file)
    outcome.remind_of_update(work, file)
    work.tell(into, EventKind.LINKED, text=why, body={"gave_back": ticket.pk, "number": ticket.number})
    left = standing_of(into.story)
    gone = [clock for clock in into.clocks if clock.circuit_id is not None and clock.circuit_id not in left]
    into.clocks = [clock for clock in into.clocks if clock not in gone]
    timers.cancel(CLOCK_TIMER, CLOCK_OWNER, [clock.pk for clock in gone], at=work.at)
    Clock.objects.filter(pk__in=[clock.pk for clock in gone]).delete()


def settle(work: Casework, files: Sequence[CaseFile], restored_at: datetime, proof: str) -> None:
    """Bring back the circuits that customers reported, since an instant; what alarms still tell of stays out.

    Tickets then settle as those of the network do; one that names no circuit is resolved at once.
    """
    for file in files:
        standing = file.standing
        for circuit_id in [c for c, said in standing.items() if said == Standing.REPORTED]:
            began_at = since_of(file.story, circuit_id)[0] or file.ticket.opened_at
            work.tell(
                file, EventKind.CIRCUIT_RESTORED, happened_at=max(restored_at, began_at), circuit_id=circuit_id,
                text=proof, for_customer=True, body={"incident": file.ticket.incident_id, "by_hand": True},
            )  # fmt: skip
        if not standing:
            outcome.resolve(work, file, max(restored_at, file.ticket.opened_at), text=proof)
    bare = [file for file in files if not file.standing]
    outcome.give_all_clear(work, bare, circuit_facts([]))


def joined_to(ticket_ids: Iterable[int]) -> Q:
    """Match the tickets that took these over as duplicates."""
    ended = Ticket.objects.filter(pk__in=list(ticket_ids), status=TicketStatus.CLOSED, parent__isnull=False)
    return Q(pk__in=ended.values("parent_id"))
