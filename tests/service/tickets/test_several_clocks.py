"""Several clocks run on one ticket: the customer's, the next word's, the departments' (PC 13, H2, H4)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.domain.errors import MainstayError
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.actions import departments, pausing, settling, working
from mainstay.service.tickets.actions.departments import NewDepartment, Target
from mainstay.service.tickets.choices import ClockKind
from mainstay.service.tickets.models import Clock, Department, Ticket, TicketEvent
from mainstay.service.tickets.queries.departments import time_by_department
from mainstay.service.tickets.queries.page import ticket_page
from mainstay.service.tickets.rejudge import rejudge
from tests.cast import NOW, World
from tests.service.tickets.network import DOWN, UP, change, happen, incident, minutes, sweep_at, ticket_of


@pytest.fixture
def house(world: World) -> World:
    """Promise a word every 30 minutes, and set up departments."""
    PromiseTerm.objects.create(
        profile=world.profile, metric="feedback", amount=Decimal(30), unit="natural_minutes",
        calendar=world.calendar_always, valid_from=NOW.date(),
    )  # fmt: skip
    departments.load_departments(at=NOW, by=world.actor("admin"))
    return world


@pytest.fixture
def down(house: World) -> Ticket:
    """Give the ticket of the bank's circuit, down since NOW."""
    happen(change(house.circuit, DOWN, NOW, of=incident()))
    return ticket_of(house.circuit)


def feedback(ticket: Ticket) -> Clock:
    return Clock.objects.get(ticket=ticket, kind=ClockKind.FEEDBACK)


def test_every_word_to_the_customer_starts_the_next_round(house: World, down: Ticket) -> None:
    assert (down.next_update_at, feedback(down).deadline_at) == (minutes(30), minutes(30))
    working.tell_customer(down.pk, "抢修人员已到现场", at=minutes(20), by=house.actor("li.qiang"))
    assert (feedback(down).started_at, feedback(down).deadline_at) == (minutes(20), minutes(50))
    contact = house.bank_contact.pk
    working.record_call(
        down.pk, "已电话告知", at=minutes(40), by=house.actor("li.qiang"), contact_id=contact, inbound=False
    )
    assert (feedback(down).deadline_at, feedback(down).missed_rounds) == (minutes(70), 0)


def test_a_word_that_did_not_come_is_counted_even_when_it_comes_later(house: World, down: Ticket) -> None:
    sweep_at(minutes(31))  # the holding message goes out, a minute late
    assert feedback(down).missed_rounds == 1
    working.tell_customer(down.pk, "仍在抢修", at=minutes(50), by=house.actor("li.qiang"))
    assert (feedback(down).missed_rounds, feedback(down).state) == (1, "running")
    happen(change(house.circuit, UP, minutes(60), of=down.incident))  # type: ignore[arg-type]
    assert (feedback(down).state, feedback(down).missed_rounds) == ("met", 1)
    down.refresh_from_db()
    assert down.breached_at is None  # the customer's own promise was kept
    assert list(rejudge(at=minutes(61))) == []


def test_a_later_word_promised_by_hand_does_not_hide_a_missed_one(house: World, down: Ticket) -> None:
    working.promise_next_update(down.pk, minutes(120), at=minutes(1), by=house.actor("li.qiang"))
    sweep_at(minutes(31))
    assert (feedback(down).state, feedback(down).missed_rounds) == ("breached", 1)
    assert TicketEvent.objects.filter(ticket=down, kind="breached", body__clock="feedback").count() == 1
    sweep_at(minutes(32))
    assert TicketEvent.objects.filter(ticket=down, kind="breached", body__clock="feedback").count() == 1
    assert Message.objects.filter(dedupe_key__startswith=f"clock:{feedback(down).pk}:100").exists()


def test_a_departments_clock_runs_only_while_the_ticket_is_there(house: World, down: Ticket) -> None:
    by = house.actor("li.qiang")
    transmission, field = (Department.objects.get(code=code) for code in ("transmission", "field"))
    departments.hand_to(down.pk, transmission.pk, "光缆中断", at=minutes(5), by=by)
    departments.hand_to(down.pk, field.pk, at=minutes(15), by=by)
    departments.hand_to(down.pk, transmission.pk, at=minutes(25), by=by)
    clock = Clock.objects.get(ticket=down, department=transmission)
    assert (clock.state, clock.used_s, clock.deadline_at) == ("running", 600, minutes(45))
    sweep_at(minutes(46))
    clock.refresh_from_db()
    assert (clock.state, clock.breached_at) == ("breached", minutes(45))
    down.refresh_from_db()
    assert (down.breached_at, down.department) == (None, transmission)
    page = ticket_page(by, down.pk, at=minutes(50))
    spent = {share.name: share.seconds // 60 for share in page.shares}
    assert spent == {"大客户值班台": 5, "传输专业": 35, "现场维护": 10}
    assert list(rejudge(at=minutes(51))) == []


def test_a_pause_helps_a_department_only_where_its_target_says_so(house: World, down: Ticket) -> None:
    by = house.actor("li.qiang")
    transmission, field = (Department.objects.get(code=code) for code in ("transmission", "field"))
    departments.hand_to(down.pk, field.pk, at=minutes(0), by=by)
    pausing.pause(down.pk, pausing.PauseRequest("access_denied", "机房不让进"), at=minutes(10), by=by)
    departments.hand_to(down.pk, transmission.pk, at=minutes(20), by=by)
    departments.hand_to(down.pk, field.pk, at=minutes(30), by=by)
    pausing.resume(down.pk, at=minutes(40), by=by)
    working.note(down.pk, "读数", at=minutes(50), by=by)
    used = {clock.department_id: clock.used_s // 60 for clock in Clock.objects.filter(ticket=down, kind="department")}
    assert used == {field.pk: 20, transmission.pk: 10}
    assert list(rejudge(at=minutes(51))) == []


def test_departments_sum_up_over_a_period_by_few_queries(
    house: World, down: Ticket, django_assert_max_num_queries: object
) -> None:
    by = house.actor("li.qiang")
    access = Department.objects.get(code="access")
    departments.hand_to(down.pk, access.pk, at=minutes(30), by=by)
    happen(change(house.circuit, UP, minutes(90), of=down.incident))  # type: ignore[arg-type]
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        period = time_by_department(by, NOW, NOW + timedelta(hours=1), at=minutes(120))
    assert {each.name: (each.seconds // 60, each.tickets) for each in period.sums} == {
        "大客户值班台": (30, 1), "接入专业": (30, 1),
    }  # fmt: skip
    assert period.sums[0].percent == 50.0
    outside = time_by_department(house.actor("huang.wei"), NOW, NOW + timedelta(hours=1), at=minutes(120))
    assert outside.sums == []


def test_what_is_refused(house: World, down: Ticket) -> None:
    by, desk = house.actor("li.qiang"), Department.objects.get(code="desk")
    with pytest.raises(MainstayError, match="already"):
        departments.hand_to(down.pk, desk.pk, at=minutes(1), by=by)
    with pytest.raises(MainstayError):
        departments.hand_to(down.pk, 999_999, at=minutes(1), by=by)
    with pytest.raises(MainstayError):
        departments.hand_to(down.pk, desk.pk, at=minutes(1), by=house.actor("huang.wei"))
    with pytest.raises(MainstayError):
        departments.set_department(NewDepartment("x", "X"), [Target(0)], at=NOW, by=house.actor("admin"))
    with pytest.raises(MainstayError):
        departments.set_department(NewDepartment("x", "X"), [], at=NOW, by=by)
    happen(change(house.circuit, UP, minutes(9), of=down.incident))  # type: ignore[arg-type]
    with pytest.raises(MainstayError):
        departments.hand_to(down.pk, Department.objects.get(code="field").pk, at=minutes(10), by=by)
    settling.close(down.pk, at=minutes(11), by=by)
