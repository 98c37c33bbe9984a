"""Take a report from the portal, the phone or staff: known already, or a ticket of its own (H1)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.models import Impact, Incident
from mainstay.network.alarms.queries.declared import declared_over
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.queries import scope
from mainstay.service.tickets import outcome
from mainstay.service.tickets.casework import CaseFile, Casework, load_files
from mainstay.service.tickets.choices import LIVE_TICKETS, EventKind, Origin, TicketKind, TicketStatus
from mainstay.service.tickets.circuits import Standing, since_of, standing_of
from mainstay.service.tickets.clocks import status_unsettled
from mainstay.service.tickets.errors import TicketNotFound, WrongValue
from mainstay.service.tickets.finding import AT_WORK, customer_or_staff, said
from mainstay.service.tickets.making import add_clocks, circuit_facts, grade_ticket
from mainstay.service.tickets.models import Ticket
from mainstay.service.tickets.policy import DEFAULT
from mainstay.service.tickets.tying import tell_reporters


@dataclass(frozen=True)
class Report:
    """What somebody tells us. Give the circuit where it is known; its customer follows from it."""

    text: str
    origin: str
    customer_id: int | None = None
    circuit_id: int | None = None
    contact_id: int | None = None
    kind: str = TicketKind.FAULT


@dataclass(frozen=True)
class Answer:
    """What the reporter is told: the ticket; if the fault was known, since when, and when they hear from us next."""

    ticket: Ticket
    was_known: bool = False
    known_since: datetime | None = None
    next_update_at: datetime | None = None


@transaction.atomic
def report_fault(report: Report, *, at: datetime, by: Actor) -> Answer:
    """Put a report on the ticket that knows of the fault already, or open one whose clocks start with the report.

    A report on a circuit that we took for restored reopens its ticket. Refused for a circuit or customer out of sight.
    """
    customer_or_staff(by)
    circuit, customer = _subject(report, by)
    contact = _contact(report, customer, by)
    text = said(report.text, "text")
    known = _known(customer, circuit)
    if known is not None and report.kind == TicketKind.FAULT:
        return _link(known, circuit, contact, text, at=at, by=by)
    declared = declared_over([circuit.pk]).get(circuit.pk) if circuit and report.kind == TicketKind.FAULT else None
    if declared is None:
        return Answer(_open(report, customer, circuit, contact, at=at, by=by))
    held = load_files(Q(incident=declared, customer=customer, status__in=AT_WORK))
    if held and circuit:
        ticket = _report_again(held[0], circuit, contact, text, at=at, by=by)
    else:
        ticket = _open(report, customer, circuit, contact, incident=declared, at=at, by=by)
    return Answer(ticket, True, declared.opened_at, ticket.next_update_at)


def _subject(report: Report, by: Actor) -> tuple[Circuit | None, Customer]:
    if report.circuit_id is not None:
        circuit = Circuit.objects.filter(scope(by), pk=report.circuit_id).select_related("customer").first()
        if circuit is None or report.customer_id not in (None, circuit.customer_id):
            raise TicketNotFound(
                msgid("There is no such circuit of this customer among those you may see; choose it from the list.")
            )
        return circuit, circuit.customer
    customer = customers_visible_to(by).filter(pk=report.customer_id or 0).first()
    if customer is None:
        raise TicketNotFound(msgid("There is no such customer among those you may see; choose one from the list."))
    return None, customer


def _contact(report: Report, customer: Customer, by: Actor) -> Contact | None:
    people = Contact.objects.filter(customer_id__in=[pk for pk in (customer.pk, customer.parent_id) if pk])
    if not by.is_staff:
        return Contact.objects.filter(user_id=by.user_id or 0).first()
    if report.contact_id is None:
        return None
    contact = people.filter(pk=report.contact_id).first()
    if contact is None:
        raise WrongValue(
            msgid("This person is no contact of {customer}; choose from the list."), customer=str(customer)
        )
    return contact


def _known(customer: Customer, circuit: Circuit | None) -> CaseFile | None:
    """Find the live ticket that is about the same: the circuit's, or, without one, any outage of the customer."""
    for file in load_files(Q(customer=customer, status__in=LIVE_TICKETS)):
        standing = standing_of(file.story)
        if circuit is not None and standing.get(circuit.pk, Standing.NOT_AFFECTED) != Standing.NOT_AFFECTED:
            return file
        if circuit is None and any(s.is_out or s == Standing.REPORTED for s in standing.values()):
            return file
    return None


def _link(
    file: CaseFile, circuit: Circuit | None, contact: Contact | None, text: str, *, at: datetime, by: Actor
) -> Answer:
    work = Casework([file], action="ticket.report", at=at, by=by)
    circuit_id = circuit.pk if circuit else None
    body = {"contact": contact.pk, "name": contact.name} if contact else {}
    since = since_of(file.story, circuit_id)[0] if circuit_id else file.ticket.opened_at
    work.tell(file, EventKind.CUSTOMER_REPORT, circuit_id=circuit_id, text=text, for_customer=True, body=body)
    standing = standing_of(file.story)
    if circuit_id is not None and standing.get(circuit_id) == Standing.RESTORED:
        work.tell(file, EventKind.REOPENED, text=text, for_customer=True, body={"circuits": [circuit_id]})
        if file.ticket.status == TicketStatus.RESOLVED:
            outcome.unsettle(file.ticket, status_unsettled(file.ticket))
    work.save()
    return Answer(file.ticket, True, since or file.ticket.opened_at, file.ticket.next_update_at)


def _open(
    report: Report,
    customer: Customer,
    circuit: Circuit | None,
    contact: Contact | None,
    *,
    incident: Incident | None = None,
    at: datetime,
    by: Actor,
) -> Ticket:
    origin = Origin(report.origin) if by.is_staff else Origin.PORTAL
    text = report.text.strip()
    work = Casework(action="ticket.open", at=at, by=by)
    file = work.open(
        Ticket(
            kind=report.kind,
            origin=origin,
            title=text.splitlines()[0][:200],
            customer=customer,
            contact=contact,
            incident=incident,
            region_code=circuit.region_code if circuit else customer.region_id,
            opened_at=at,
        )
    )
    work.tell(file, EventKind.OPENED, for_customer=True)
    counts = report.kind == TicketKind.FAULT and not (circuit and _in_planned_work(circuit))
    body = {"starts": counts, **({"contact": contact.pk, "name": contact.name} if contact else {})}
    circuit_id = circuit.pk if circuit else None
    work.tell(file, EventKind.CUSTOMER_REPORT, circuit_id=circuit_id, text=text, for_customer=True, body=body)
    facts = circuit_facts([circuit_id] if circuit_id else [])
    grade_ticket(file, facts)
    add_clocks(work, [file], facts, DEFAULT.report)
    if incident is not None:
        body = {"incident": incident.pk, "number": incident.number, "tied": True}
        work.tell(file, EventKind.LINKED, body=body)
        tell_reporters(work, [file], incident)
    work.save()
    return file.ticket


def _report_again(
    file: CaseFile, circuit: Circuit, contact: Contact | None, text: str, *, at: datetime, by: Actor
) -> Ticket:
    """Put a report on another circuit on the ticket that the customer has below a declared incident."""
    work = Casework([file], action="ticket.report", at=at, by=by)
    body = {"starts": True, **({"contact": contact.pk, "name": contact.name} if contact else {})}
    work.tell(file, EventKind.CUSTOMER_REPORT, circuit_id=circuit.pk, text=text, for_customer=True, body=body)
    facts = circuit_facts(standing_of(file.story))
    grade_ticket(file, facts)
    add_clocks(work, [file], facts, DEFAULT.report)
    work.save()
    return file.ticket


def _in_planned_work(circuit: Circuit) -> bool:
    return Impact.objects.filter(circuit=circuit, to_at__isnull=True, planned=True).exists()
