"""What people read of tickets: live clocks, their derivation, only their own, in few queries (PC 9, 12, P1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from mainstay.domain.actor import Actor
from mainstay.network.inventory.models import Circuit
from mainstay.service.tickets.actions import opening, pausing, working
from mainstay.service.tickets.actions.opening import Report
from mainstay.service.tickets.actions.pausing import PauseRequest
from mainstay.service.tickets.errors import TicketNotFound
from mainstay.service.tickets.models import Ticket
from mainstay.service.tickets.queries.customer import own_ticket, own_tickets
from mainstay.service.tickets.queries.desk import counts, impacted_customers, running_out, waiting_for_person
from mainstay.service.tickets.queries.known import known_faults
from mainstay.service.tickets.queries.lists import SORTS, TicketFilter, ticket_rows
from mainstay.service.tickets.queries.my_day import items
from mainstay.service.tickets.queries.page import ticket_page
from tests.cast import NOW, World
from tests.service.tickets.network import DOWN, change, clock_of, happen, incident, minutes, ticket_of

EVERYTHING = TicketFilter()


@pytest.fixture
def down(world: World) -> Ticket:
    """Give the bank's ticket; the logistics company's circuit is down as well."""
    cut = incident()
    happen(change(world.circuit, DOWN, NOW, of=cut), change(world.logistics_circuit, DOWN, NOW, of=cut))
    return ticket_of(world.circuit)


def test_it_works(world: World, down: Ticket, officer: Actor) -> None:
    rows = ticket_rows(officer, EVERYTHING, at=minutes(10)).rows
    assert [row.customer_name for row in rows] == ["汉江银行", "楚天物流"]
    clock = rows[0].clock
    assert clock is not None
    assert (clock.state, clock.remaining_seconds, clock.total_seconds, clock.counting) == ("running", 3000, 3600, True)


def test_remaining_time_is_read_without_any_change_of_state(world: World, down: Ticket, officer: Actor) -> None:
    for minute in (0, 1, 59, 61):
        clock = ticket_rows(officer, EVERYTHING, at=minutes(minute)).rows[0].clock
        assert clock is not None
        assert clock.remaining_seconds == (60 - minute) * 60
    assert clock.state == "breached"
    assert clock_of(world.circuit).state == "running"


def test_the_derivation_explains_each_stretch_and_adds_up(down: Ticket, officer: Actor) -> None:
    pausing.pause(down.pk, PauseRequest("access_denied", "门禁"), at=minutes(10), by=officer)
    pausing.resume(down.pk, at=minutes(25), by=officer)
    with override("en"):
        page = ticket_page(officer, down.pk, at=minutes(40))
    clock = page.clocks[0]
    assert [(s.counted, s.seconds) for s in clock.stretches] == [(True, 600), (False, 0), (True, 900)]
    assert clock.stretches[1].why == "paused (No access to the customer's premises)"
    assert sum(s.seconds for s in clock.stretches) == clock.reading.used_seconds
    assert clock.promise.amount == "60"
    assert [pause.state for pause in page.pauses] == ["ended"]
    assert page.circuits[0].down_at == NOW
    assert len(page.told) == 1
    assert {"note", "pause", "claim"} <= set(page.verbs)
    assert "resolve" not in page.verbs


def test_each_sees_their_own_and_nothing_of_others(
    world: World, down: Ticket, customer: Actor, outsider: Actor, officer: Actor
) -> None:
    assert [ticket.id for ticket in own_tickets(customer, at=minutes(1))] == [down.pk]
    assert own_ticket(customer, down.pk, at=minutes(1)).clocks[0].remaining_seconds == 59 * 60
    with pytest.raises(TicketNotFound):
        own_ticket(outsider, down.pk, at=minutes(1))
    with pytest.raises(TicketNotFound):
        ticket_page(world.actor("huang.wei"), down.pk, at=minutes(1))
    assert {t.customer_id for t in own_tickets(outsider, at=minutes(1))} == {world.logistics.pk}
    assert known_faults(world.bank.pk, None, actor=outsider) == []
    assert known_faults(None, world.circuit.pk, actor=outsider) == []
    for actor in (outsider, world.actor("huang.wei")):
        assert down.pk not in {row.id for row in ticket_rows(actor, EVERYTHING, at=minutes(1)).rows}
        assert down.pk not in {row.ticket_id for row in impacted_customers(actor, at=minutes(1))}
        assert down.pk not in {row.id for row in running_out(actor, at=minutes(1))}
        assert down.pk not in {row.ticket.id for row in waiting_for_person(actor, at=minutes(1))}
        assert down.pk not in {item.ticket_id for item in items(actor, at=minutes(1))}
    assert counts(world.actor("huang.wei"), at=minutes(1)).live == 0


def test_a_customer_reads_only_what_is_meant_for_them(down: Ticket, customer: Actor, officer: Actor) -> None:
    working.note(down.pk, "内部：疑似外力施工", at=minutes(2), by=officer)
    working.note(down.pk, "抢修队已到现场", at=minutes(3), by=officer, for_customer=True)
    page = own_ticket(customer, down.pk, at=minutes(4))
    assert "内部：疑似外力施工" not in {entry.text for entry in page.story}
    assert "抢修队已到现场" in {entry.text for entry in page.story}
    assert not any("incident" in entry.body for entry in page.story)
    assert page.verbs == ["note"]


def test_the_list_filters_and_sorts(world: World, down: Ticket, officer: Actor) -> None:
    working.claim(down.pk, at=minutes(1), by=officer)

    def found(**wanted: Any) -> set[int]:
        return {row.customer_id for row in ticket_rows(officer, TicketFilter(**wanted), at=minutes(2)).rows}

    both = {world.bank.pk, world.logistics.pk}
    assert found(status="live") == found(region="42") == found(breached=False) == both
    assert found(mine=True) == found(grade="AAA") == found(q=down.number) == found(q="汉江") == {world.bank.pk}
    assert found(q=world.circuit.number) == found(circuit_id=world.circuit.pk) == {world.bank.pk}
    assert found(unassigned=True) == found(customer_id=world.logistics.pk) == {world.logistics.pk}
    assert found(status="closed") == found(breached=True) == found(q="无此客户") == set()
    for sort in (*SORTS, "nonsense"):
        assert ticket_rows(officer, EVERYTHING, at=minutes(2), sort=sort).total == 2


def test_the_desk_and_the_day_name_what_waits(
    world: World, down: Ticket, officer: Actor, leader: Actor, manager: Actor
) -> None:
    assert {w.reason for w in waiting_for_person(officer, at=minutes(1))} == {"unclaimed"}
    pausing.pause(down.pk, PauseRequest("customer_fault", "客户断电"), at=minutes(2), by=officer)
    assert "pause_asked" in {w.reason for w in waiting_for_person(officer, at=minutes(3))}
    assert [row.customer_id for row in running_out(officer, at=minutes(3))] == [world.bank.pk]
    numbers = counts(officer, at=minutes(3))
    assert (numbers.live, numbers.unclaimed, numbers.running_out, numbers.customers_told) == (2, 2, 1, 2)
    assert [item.kind for item in items(manager, at=minutes(3))] == ["running_out"]
    assert next(item.kind for item in items(leader, at=minutes(3))) == "approve"
    assert next(item.kind for item in items(officer, at=minutes(61))) == "missed"


def more_circuits(world: World, count: int) -> list[Circuit]:
    """Give the bank more circuits like its first."""
    return Circuit.objects.bulk_create(
        Circuit(
            number=f"WH-HS-E1-{9000 + n}", customer=world.bank, product=world.product, grade="AA", technology="mstp",
            reach="province", bandwidth_kbps=2048, region_code="4201",
        )
        for n in range(count)
    )  # fmt: skip


READS: list[Callable[[Actor], object]] = [
    lambda by: ticket_rows(by, TicketFilter(status="live", q="银行"), at=minutes(9)),
    lambda by: own_tickets(by, at=minutes(9)),
    lambda by: running_out(by, at=minutes(9)),
    lambda by: waiting_for_person(by, at=minutes(9)),
    lambda by: impacted_customers(by, at=minutes(9)),
    lambda by: items(by, at=minutes(9)),
    lambda by: counts(by, at=minutes(9)),
]


@pytest.mark.parametrize("read", READS, ids=["list", "portal", "running out", "waiting", "impacted", "day", "counts"])
def test_lists_take_the_same_few_queries_for_2_rows_and_20(
    world: World, down: Ticket, admin: Actor, read: Callable[[Actor], object]
) -> None:
    taken = []
    for circuits in (more_circuits(world, 1), []):
        for circuit in circuits or _twenty(world):
            happen(change(circuit, DOWN, minutes(1), of=incident()))
        with CaptureQueriesContext(connection) as told:
            read(admin)
        taken.append(len(told))
    assert taken[0] == taken[1] <= 8


def _twenty(world: World) -> list[Circuit]:
    return Circuit.objects.bulk_create(
        Circuit(
            number=f"WH-HS-E1-{8000 + n}", customer=world.bank, product=world.product, grade="AA", technology="mstp",
            reach="province", bandwidth_kbps=2048, region_code="4201",
        )
        for n in range(20)
    )  # fmt: skip


def test_a_ticket_page_does_not_grow_with_its_story(world: World, down: Ticket, officer: Actor) -> None:
    taken = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as told:
            ticket_page(officer, down.pk, at=minutes(30))
        taken.append(len(told))
        for n in range(10):
            working.note(down.pk, f"第 {n} 条", at=minutes(2) + timedelta(seconds=n), by=officer)
    assert taken[0] == taken[1] <= 14


def test_a_report_without_a_circuit_has_no_restoration_clock(world: World, customer: Actor) -> None:
    ticket = opening.report_fault(
        Report("想咨询扩容", "portal", customer_id=world.bank.pk, kind="consultation"), at=NOW, by=customer
    ).ticket
    page = own_ticket(customer, ticket.pk, at=minutes(1))
    assert (page.clocks, page.ticket.title) == ([], "想咨询扩容")
