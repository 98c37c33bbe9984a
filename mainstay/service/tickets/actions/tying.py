"""Say that reports are an incident, or are not after all: hundreds in one go, all or none (H1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.actions import declaring
from mainstay.network.alarms.choices import IncidentStatus
from mainstay.network.alarms.models import Incident
from mainstay.network.alarms.queries.incidents import visible_incident
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.service.tickets import impacts, tying
from mainstay.service.tickets.casework import CaseFile, Casework, load_files
from mainstay.service.tickets.choices import LIVE_TICKETS, Origin, TicketKind, TicketStatus
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.errors import TicketNotFound, WrongState, WrongValue
from mainstay.service.tickets.finding import AT_WORK, must_be, said
from mainstay.service.tickets.models import Ticket

STANDING = (IncidentStatus.OPEN, IncidentStatus.CLAIMED)


@dataclass(frozen=True)
class Tied:
    """What became of the reports: how many are tied, how many of these joined a ticket of their customer."""

    incident: Incident
    reports: int
    joined: int


@transaction.atomic
def tie(ticket_ids: Iterable[int], incident_id: int, *, at: datetime, by: Actor) -> Tied:
    """Put open reports below a standing incident; those that are below it already stay as they are.

    Refused: none chosen, an incident that is over, a ticket that is not being worked on or belongs to another
    incident. Raises TicketNotFound for one out of sight, NoSuchIncident for the incident.
    """
    _may(by)
    incident = _standing(incident_id, by)
    return _tie(list(ticket_ids), incident, at=at, by=by)


@transaction.atomic
def declare_and_tie(ticket_ids: Iterable[int], resource_id: int, *, at: datetime, by: Actor) -> Tied:
    """Declare an incident on a resource, begun with the first of these reports, and tie them to it."""
    _may(by)
    wanted = list(ticket_ids)
    opened = Ticket.objects.filter(scope(by), pk__in=wanted).order_by("opened_at").values_list("opened_at", flat=True)
    incident = declaring.declare(resource_id, began_at=opened.first() or at, at=at, by=by)
    return _tie(wanted, incident, at=at, by=by)


def _tie(wanted: Sequence[int], incident: Incident, *, at: datetime, by: Actor) -> Tied:
    reports = [file for file in _chosen(wanted, by) if file.ticket.incident_id != incident.pk]
    for file in reports:
        must_be(file, *AT_WORK)
        if file.ticket.kind != TicketKind.FAULT:
            raise WrongState(
                msgid("Ticket {ticket} reports no fault; only reports of faults can be an incident."),
                ticket=file.ticket.number,
            )
        if file.ticket.incident_id is not None:
            raise WrongState(
                msgid("Ticket {ticket} belongs to another incident; take it out of that one first."),
                ticket=file.ticket.number,
            )
    customers = {file.ticket.customer_id for file in reports}
    own = load_files(Q(incident=incident, customer_id__in=customers, status__in=LIVE_TICKETS))
    work = Casework([*reports, *own], action="ticket.tie", at=at, by=by)
    tying.tie_in(work, reports, own, incident)
    impacts.finish(work)
    _record("incident.tie", incident, reports, at=at, by=by)
    joined = sum(file.ticket.status == TicketStatus.CLOSED for file in reports)
    return Tied(incident, len(reports), joined)


@transaction.atomic
def untie(ticket_ids: Iterable[int], why: str, *, at: datetime, by: Actor) -> int:
    """Take reports out of their incident, one that joined another ticket goes on by itself; returns how many.

    Refused: a ticket that no report opened or that is in no incident, and one of whose circuits alarms say that it is
    out: mark that circuit as not affected instead.
    """
    _may(by)
    why = said(why, "why")
    wanted = list(ticket_ids)
    files = _chosen(wanted, by)
    heirs = {file.ticket.pk: file for file in load_files(tying.joined_to(wanted) & ~Q(pk__in=wanted))}
    heirs |= {file.ticket.pk: file for file in files}
    work = Casework([], action="ticket.untie", at=at, by=by)
    known = Incident.objects.in_bulk({f.ticket.incident_id for f in heirs.values() if f.ticket.incident_id})
    incidents: dict[int, list[CaseFile]] = {}
    # What was joined comes out of a ticket before that ticket does.
    for file in sorted(files, key=lambda file: file.ticket.status != TicketStatus.CLOSED):
        incident_id = _out_of(work, file, (heirs, known), why)
        incidents.setdefault(incident_id, []).append(file)
    work.files = list({file.ticket.pk: file for file in [*files, *heirs.values()] if file.fresh}.values())
    impacts.finish(work)
    for pk, given in incidents.items():
        _record("incident.untie", known[pk], given, at=at, by=by.because(why))
    return len(files)


def _out_of(work: Casework, file: CaseFile, known: tuple[dict[int, CaseFile], dict[int, Incident]], why: str) -> int:
    """Take one report out, by the tickets that took some over and the incidents; return which it was in."""
    ticket, (heirs, incidents) = file.ticket, known
    heir = heirs.get(ticket.parent_id or 0)
    if ticket.status == TicketStatus.CLOSED and heir is not None and heir.ticket.incident_id is not None:
        tying.revive(work, file, heir, why)
        return heir.ticket.incident_id
    if ticket.incident_id is None or ticket.origin == Origin.IMPACT:
        raise WrongState(
            msgid("Ticket {ticket} is no report that was tied to an incident; there is nothing to take out."),
            ticket=ticket.number,
        )
    must_be(file, *AT_WORK)
    if any(standing.is_out for standing in standing_of(file.story).values()):
        raise WrongState(
            msgid("Ticket {ticket}: alarms say that its circuit is out; mark it as not affected on the incident."),
            ticket=ticket.number,
        )
    incident_id = ticket.incident_id
    tying.take_out(work, file, incidents[incident_id].number, why)
    return incident_id


@transaction.atomic
def settle_reports(incident_id: int, ending: declaring.Ending, *, at: datetime, by: Actor) -> int:
    """Settle what customers reported and no alarm told of, once the incident is over; returns how many tickets.

    Refused while the incident stands, and without proof.
    """
    _may(by)
    incident = visible_incident(by, incident_id)
    if incident.status in STANDING:
        raise WrongValue(
            msgid("Incident {number} still stands; its reports are settled when it is over."), number=incident.number
        )
    files = load_files(Q(incident=incident, status__in=AT_WORK) & scope(by))
    work = Casework(files, action="ticket.settle", at=at, by=by)
    tying.settle(work, files, min(ending.restored_at, at), said(ending.proof, "evidence"))
    settled = [file for file in files if file.fresh]
    impacts.finish(work)
    return len(settled)


def _may(by: Actor) -> None:
    require(by, Permission.WORK_INCIDENTS)
    require(by, Permission.WORK_TICKETS)


def _standing(incident_id: int, by: Actor) -> Incident:
    Incident.objects.select_for_update().filter(pk=incident_id).first()  # the worker may be about to restore it
    incident = visible_incident(by, incident_id)
    if incident.status not in STANDING:
        raise WrongState(
            msgid("Incident {number} is {status}; choose one that still stands, or declare one."),
            number=incident.number, status=incident.get_status_display(),
        )  # fmt: skip
    return incident


def _chosen(wanted: Sequence[int], by: Actor) -> list[CaseFile]:
    files = load_files(Q(pk__in=wanted) & scope(by)) if wanted else []
    if not wanted:
        raise WrongValue(msgid("No report is ticked; tick those that are meant."))
    if len(files) != len(set(wanted)):
        raise TicketNotFound(msgid("There is no such ticket among those you may see; look for its number in the list."))
    return files


def _record(action: str, incident: Incident, files: Iterable[CaseFile], *, at: datetime, by: Actor) -> None:
    numbers = [file.ticket.number for file in files]
    if not numbers:
        return
    after = {"tickets": numbers}
    change = journal.Change("incident", incident.pk, incident.cause_label, None, after, None, incident.region_code)
    journal.record(action, [change], at=at, by=by)
    journal.publish([journal.News("incident", "incident", incident.pk, None, incident.region_code)], at=at)
