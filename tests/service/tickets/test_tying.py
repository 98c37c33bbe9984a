"""Reports that are one incident: tied, joined, taken out again; declared incidents and their end (H1, PC 22-25)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.customers.models import Contact
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed
from mainstay.network.alarms.actions import declaring
from mainstay.network.alarms.actions.declaring import Ending
from mainstay.network.alarms.errors import BadStep
from mainstay.network.alarms.events import IncidentMerged
from mainstay.network.alarms.models import Incident
from mainstay.network.inventory.models import Circuit
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Delivery, Message, Sender
from mainstay.service.tickets.actions import tying
from mainstay.service.tickets.actions.opening import Answer, Report, report_fault
from mainstay.service.tickets.clocks import VERDICT_COLUMNS
from mainstay.service.tickets.errors import TicketNotFound, WrongState, WrongValue
from mainstay.service.tickets.models import Clock, Ticket
from mainstay.service.tickets.queries.known import known_faults
from mainstay.service.tickets.rejudge import rejudge
from tests.cast import World
from tests.faces.web.outage import crowd
from tests.service.tickets.network import DOWN, UP, change, happen, incident, minutes
from tests.service.tickets.network import tell as merge


@pytest.fixture
def by_sms(world: World) -> None:
    """Let the bank be told by SMS only."""
    Sender.objects.create(channel="sms", kind="trial", name="sms")
    Contact.objects.filter(customer=world.bank).update(phone="13800000001", notify_by=["sms"])


def report(circuit: Circuit, at: float, by: Actor) -> Answer:
    return report_fault(Report("专线不通", "phone", circuit_id=circuit.pk), at=minutes(at), by=by)


def reading(ticket: Ticket) -> list[tuple[object, ...]]:
    rows = Clock.objects.filter(ticket=ticket).order_by("kind", "circuit")
    columns = [column for column in VERDICT_COLUMNS if column != "used_s"]  # grows with every reading
    return [tuple(getattr(clock, c) for c in ("kind", "circuit_id", *columns)) for clock in rows]


def test_it_works(world: World, officer: Actor) -> None:
    tickets = [report(c, n, officer).ticket for n, c in enumerate((world.circuit, world.logistics_circuit))]
    before = [reading(ticket) for ticket in tickets]
    cable = world.resources["cable-BC"]
    tied = tying.declare_and_tie([t.pk for t in tickets], cable.pk, at=minutes(10), by=officer)
    assert (tied.reports, tied.joined) == (2, 0)
    found = Incident.objects.get()
    assert found.is_declared
    assert found.opened_at == minutes(0)
    assert found.number == "R-000001"
    assert set(Ticket.objects.filter(incident=found)) == set(tickets)
    assert [reading(ticket) for ticket in tickets] == before
    assert Message.objects.filter(kind="notice").count() == 2
    assert Entry.objects.filter(action="incident.tie").get().after == {"tickets": [t.number for t in tickets]}
    assert not list(rejudge(at=minutes(11)))


def test_taken_out_again_a_report_reads_as_if_it_had_never_been_tied(world: World, officer: Actor) -> None:
    ticket, other = (report(c, n, officer).ticket for n, c in enumerate((world.circuit, world.logistics_circuit)))
    before = reading(ticket)
    tying.declare_and_tie([ticket.pk, other.pk], world.resources["cable-BC"].pk, at=minutes(5), by=officer)
    assert tying.untie([ticket.pk], "别的故障", at=minutes(9), by=officer) == 1
    ticket.refresh_from_db()
    assert ticket.incident is None
    assert reading(ticket) == before
    assert Ticket.objects.get(pk=other.pk).incident is not None


def test_a_report_joins_the_ticket_that_its_customer_has_of_the_incident(world: World, officer: Actor) -> None:
    early = report(world.circuit, 0, officer).ticket
    trouble = incident(minutes(5))
    other = crowd(world, 1)[0]
    other.customer_id = world.bank.pk
    other.save()
    happen(change(other, DOWN, minutes(5), of=trouble))
    case = Ticket.objects.get(incident=trouble)
    alone, of_case = reading(early), reading(case)
    tied = tying.tie([early.pk], trouble.pk, at=minutes(8), by=officer)
    assert (tied.reports, tied.joined) == (1, 1)
    clock = Clock.objects.get(ticket=case, circuit=world.circuit)
    assert clock.started_at == minutes(0)
    assert clock.deadline_at == minutes(60)
    assert not list(rejudge(at=minutes(8)))
    early.refresh_from_db()
    assert early.status == "closed"
    tying.untie([early.pk], "不是同一故障", at=minutes(20), by=officer)
    early.refresh_from_db()
    assert early.status == "open"
    assert early.parent is None
    assert reading(early) == alone
    assert reading(case) == of_case
    assert not list(rejudge(at=minutes(20)))
    again = tying.tie([early.pk], trouble.pk, at=minutes(30), by=officer)
    assert again.joined == 1
    assert Clock.objects.get(ticket=case, circuit=world.circuit).deadline_at == minutes(60)
    happen(change(other, UP, minutes(40), of=trouble))
    assert Ticket.objects.get(pk=case.pk).status == "open"
    assert not list(rejudge(at=minutes(40)))


def test_two_reports_of_one_customer_become_one_case(world: World, officer: Actor) -> None:
    mine = crowd(world, 1)[0]
    mine.customer_id = world.bank.pk
    mine.save()
    first, second = report(world.circuit, 0, officer).ticket, report(mine, 3, officer).ticket
    alone = reading(second)
    tied = tying.declare_and_tie([second.pk, first.pk], world.resources["cable-BC"].pk, at=minutes(5), by=officer)
    assert tied.joined == 1
    assert Ticket.objects.get(status="open").pk == first.pk
    tying.untie([first.pk, second.pk], "误判", at=minutes(6), by=officer)
    assert reading(second) == alone
    assert set(Ticket.objects.filter(status="open", incident=None)) == {first, second}


def test_the_end_by_hand_settles_the_reports_and_clears_those_told(world: World, officer: Actor) -> None:
    ticket = report(world.circuit, 0, officer).ticket
    tied = tying.declare_and_tie([ticket.pk], world.resources["cable-BC"].pk, at=minutes(5), by=officer)
    declaring.end_declared(tied.incident.pk, Ending(minutes(30), "熔接完成，测试正常"), at=minutes(35), by=officer)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolved_at) == ("resolved", minutes(30))
    clock = Clock.objects.get(ticket=ticket, kind="restoration")
    assert (clock.state, clock.stopped_at) == ("met", minutes(30))
    told = Message.objects.filter(kind="all_clear").values_list("contact_id", flat=True)
    assert list(told) == [world.bank_contact.pk]
    assert Incident.objects.get().status == "restored"
    with pytest.raises(BadStep):
        declaring.end_declared(tied.incident.pk, Ending(minutes(30), "again"), at=minutes(36), by=officer)
    again = report(world.circuit, 40, officer)
    assert again.was_known
    assert Ticket.objects.get(pk=ticket.pk).status == "open"


def test_an_end_needs_proof_and_an_instant_that_has_been(world: World, officer: Actor) -> None:
    found = declaring.declare(world.resources["cable-BC"].pk, began_at=minutes(0), at=minutes(1), by=officer)
    for ending in (Ending(minutes(2), " "), Ending(minutes(9), "ok"), Ending(minutes(-1), "ok")):
        with pytest.raises(BadStep):
            declaring.end_declared(found.pk, ending, at=minutes(5), by=officer)


def test_one_who_reports_later_is_told_since_when_it_is_known(world: World, officer: Actor, outsider: Actor) -> None:
    ticket = report(world.circuit, 0, officer).ticket
    assert known_faults(world.logistics.pk, actor=outsider) == []
    tying.declare_and_tie([ticket.pk], world.resources["cable-BC"].pk, at=minutes(5), by=officer)
    (fault,) = known_faults(None, world.logistics_circuit.pk, actor=outsider)
    assert (fault.since, fault.ticket_id, fault.circuit_number) == (minutes(0), None, "HS-WH-E1-0003")
    assert known_faults(world.bank.pk, actor=outsider) == []
    answer = report_fault(Report("断了", "portal", circuit_id=world.logistics_circuit.pk), at=minutes(12), by=outsider)
    assert (answer.was_known, answer.known_since) == (True, minutes(0))
    assert answer.ticket.incident == Incident.objects.get()
    assert Clock.objects.get(ticket=answer.ticket, kind="restoration").started_at == minutes(12)
    elsewhere = report_fault(Report("断了", "phone", circuit_id=world.branch_circuit.pk), at=minutes(12), by=officer)
    assert not elsewhere.was_known


def test_who_may_not_and_what_is_refused(world: World, officer: Actor, manager: Actor) -> None:
    ticket, trouble = report(world.circuit, 0, officer).ticket, incident()
    with pytest.raises(NotAllowed):
        tying.tie([ticket.pk], trouble.pk, at=minutes(2), by=manager)
    with pytest.raises(MainstayError):
        tying.tie([ticket.pk], trouble.pk, at=minutes(2), by=world.actor("huang.wei"))
    with pytest.raises(TicketNotFound):
        tying.tie([ticket.pk, 999], trouble.pk, at=minutes(2), by=officer)
    with pytest.raises(WrongValue):
        tying.tie([], trouble.pk, at=minutes(2), by=officer)
    assert tying.tie([ticket.pk], trouble.pk, at=minutes(2), by=officer).reports == 1
    assert tying.tie([ticket.pk], trouble.pk, at=minutes(3), by=officer).reports == 0
    with pytest.raises(WrongState):
        tying.tie([ticket.pk], incident().pk, at=minutes(3), by=officer)
    declaring.declare(world.resources["cable-BC"].pk, began_at=minutes(0), at=minutes(1), by=officer)
    with pytest.raises(BadStep):
        declaring.declare(world.resources["cable-BC"].pk, began_at=minutes(0), at=minutes(1), by=officer)


def test_what_alarms_say_is_out_is_not_taken_out(world: World, officer: Actor) -> None:
    ticket, trouble = report(world.circuit, 0, officer).ticket, incident(minutes(3))
    happen(change(world.circuit, DOWN, minutes(3), of=trouble))
    assert Ticket.objects.get(pk=ticket.pk).incident == trouble
    with pytest.raises(WrongState):
        tying.untie([ticket.pk], "不是", at=minutes(5), by=officer)


def test_joining_a_declared_incident_to_another_moves_its_tickets(world: World, officer: Actor) -> None:
    ticket = report(world.circuit, 0, officer).ticket
    tied = tying.declare_and_tie([ticket.pk], world.resources["cable-BC"].pk, at=minutes(5), by=officer)
    into = incident(minutes(6))
    declaring.join(tied.incident.pk, into.pk, at=minutes(9), by=officer)
    ticket.refresh_from_db()
    assert ticket.incident == into
    assert Incident.objects.get(pk=tied.incident.pk).status == "merged"


def second_ticket(world: World, of: Incident, at: float) -> Circuit:
    """Let another circuit of the bank fail; returns it."""
    other = crowd(world, 1)[0]
    other.customer_id = world.bank.pk
    other.save()
    happen(change(other, DOWN, minutes(at), of=of))
    return other


def states(kind: str) -> list[str]:
    return [f"{row.state} {row.drop_reason}".strip() for row in Delivery.objects.filter(message__kind=kind)]


def test_what_waits_to_be_said_of_a_joined_ticket_is_dropped_by_the_all_clear(world: World, by_sms: None) -> None:
    first, second = incident(), incident(minutes(1))
    happen(change(world.circuit, DOWN, minutes(0), of=first))
    other = second_ticket(world, second, 1)
    assert states("notice") == ["waiting", "waiting"]
    Delivery.objects.order_by("pk").filter(pk=Delivery.objects.order_by("pk")[0].pk).update(state="sent")
    merge(IncidentMerged(second.pk, first.pk, minutes(6)))
    happen(change(world.circuit, UP, minutes(9), of=first), change(other, UP, minutes(9), of=first))
    assert states("notice") == ["sent", "dropped all_clear"]
    assert states("all_clear") == ["waiting"]


def test_an_all_clear_of_one_ticket_does_not_end_what_the_other_said(world: World) -> None:
    first, second = incident(), incident(minutes(1))
    happen(change(world.circuit, DOWN, minutes(0), of=first))
    other = second_ticket(world, second, 1)
    happen(change(other, UP, minutes(5), of=second))
    merge(IncidentMerged(second.pk, first.pk, minutes(6)))
    assert Message.objects.filter(kind="all_clear").count() == 1
    happen(change(world.circuit, UP, minutes(9), of=first))
    assert Message.objects.filter(kind="all_clear").count() == 2


def test_an_all_clear_of_the_ticket_that_stays_does_not_end_what_the_joined_one_said(world: World) -> None:
    first, second = incident(), incident(minutes(1))
    happen(change(world.circuit, DOWN, minutes(0), of=first))
    other = second_ticket(world, second, 1)
    happen(change(world.circuit, UP, minutes(5), of=first))
    merge(IncidentMerged(second.pk, first.pk, minutes(6)))
    happen(change(other, UP, minutes(9), of=first))
    assert Message.objects.filter(kind="all_clear").count() == 2


def test_a_question_is_no_part_of_an_outage(world: World, officer: Actor) -> None:
    ticket = report(world.circuit, 0, officer).ticket
    Ticket.objects.update(kind="consultation")
    with pytest.raises(WrongState):
        tying.declare_and_tie([ticket.pk], world.resources["cable-BC"].pk, at=minutes(5), by=officer)
    assert not Incident.objects.exists()


def test_as_many_queries_for_thirty_as_for_three(world: World, officer: Actor) -> None:
    counted = []
    for first, count in ((0, 3), (3, 30)):
        tickets = [report(circuit, 0, officer).ticket.pk for circuit in crowd(world, count, first=first)]
        trouble = incident()
        with CaptureQueriesContext(connection) as tie_queries:
            tying.tie(tickets, trouble.pk, at=minutes(5), by=officer)
        with CaptureQueriesContext(connection) as untie_queries:
            tying.untie(tickets, "误判", at=minutes(6), by=officer)
        counted.append((len(tie_queries), len(untie_queries)))
    assert counted[0] == counted[1]


def test_settling_reports_waits_for_the_incident(world: World, officer: Actor) -> None:
    ticket, trouble = report(world.circuit, 0, officer).ticket, incident()
    tying.tie([ticket.pk], trouble.pk, at=minutes(1), by=officer)
    ending = Ending(minutes(8), "回访正常")
    with pytest.raises(WrongValue):
        tying.settle_reports(trouble.pk, ending, at=minutes(9), by=officer)
    Incident.objects.update(status="restored", restored_at=minutes(7))
    assert tying.settle_reports(trouble.pk, ending, at=minutes(9), by=officer) == 1
    assert Ticket.objects.get(pk=ticket.pk).resolved_at == minutes(8)
    assert timedelta(0) == minutes(8) - Clock.objects.get(ticket=ticket, kind="restoration").stopped_at  # type: ignore[operator]
