"""Clocks warn and escalate once, to whom the ladder names (H3, PC 10, 22)."""

import pytest
from django.db import transaction

from mainstay.domain.actor import Actor, system
from mainstay.platform.journal import registry
from mainstay.platform.messages.models import Message
from mainstay.platform.timers.actions import sweep
from mainstay.platform.timers.models import Timer
from mainstay.service.tickets.actions import working
from mainstay.service.tickets.effects import clocks_due
from mainstay.service.tickets.escalation import LADDERS, rung_for
from mainstay.service.tickets.events import PromiseAtRisk
from mainstay.service.tickets.models import Ticket, TicketEvent
from mainstay.service.tickets.rejudge import rejudge
from tests.cast import NOW, World
from tests.service.tickets.network import (
    DOWN,
    UP,
    WORKER,
    change,
    clock_of,
    happen,
    incident,
    minutes,
    sweep_at,
    ticket_of,
)


@pytest.fixture
def down(world: World) -> Ticket:
    """Give the ticket of the bank's circuit, down since NOW, promised within 60 minutes."""
    happen(change(world.circuit, DOWN, NOW, of=incident()))
    return ticket_of(world.circuit)


def rungs() -> list[int]:
    """Return the rungs that restoration clocks have passed on."""
    told = TicketEvent.objects.filter(kind__in=("escalated", "breached"), body__clock="restoration").order_by(
        "at", "id"
    )
    return [event.body["percent"] for event in told]


def told() -> set[tuple[str, str]]:
    """Return who of ours was told: (kind, name)."""
    return set(Message.objects.filter(dedupe_key__startswith="clock:").values_list("kind", "to_name"))


def test_it_works(world: World, down: Ticket) -> None:
    sweep_at(minutes(29))
    assert rungs() == []
    sweep_at(minutes(30))
    assert told() == {("warning", "李强")}
    sweep_at(minutes(45))
    assert told() == {("warning", "李强"), ("warning", "赵磊"), ("warning", "王敏")}
    sweep_at(minutes(60))
    down.refresh_from_db()
    assert down.breached_at == minutes(60)
    sweep_at(minutes(90))
    assert rungs() == [50, 75, 100, 150]
    assert not list(rejudge(at=minutes(91)))


def test_a_late_sweep_notes_every_rung_and_sends_one_message_each(down: Ticket) -> None:
    sweep_at(minutes(70))
    assert rungs() == [50, 75, 100]
    assert {kind for kind, _ in told()} == {"escalation"}


def test_nothing_is_told_twice_even_if_the_timer_fires_again(down: Ticket) -> None:
    sweep_at(minutes(31))
    messages = Message.objects.count()
    with transaction.atomic():
        clocks_due(list(Timer.objects.filter(purpose="clock")), minutes(31), system("sweeper"))
    assert (rungs(), Message.objects.count()) == ([50], messages)


def test_circuits_of_one_ticket_running_out_together_are_told_by_their_numbers(world: World, down: Ticket) -> None:
    assert down.incident is not None
    happen(change(world.branch_circuit, DOWN, NOW, of=down.incident))
    sweep_at(minutes(60))
    bodies = list(Message.objects.filter(dedupe_key__startswith="clock:").values_list("user_id", "body"))
    assert len(bodies) == len(set(bodies))
    assert any(world.circuit.number in body for _user, body in bodies)


def test_a_stopped_clock_wakes_nobody(world: World, down: Ticket) -> None:
    assert down.incident is not None
    happen(change(world.circuit, UP, minutes(10), of=down.incident))
    sweep_at(minutes(600))
    assert rungs() == []
    assert clock_of(world.circuit).state == "met"


def test_promise_at_risk_is_announced_once_per_rung(down: Ticket) -> None:
    heard: list[PromiseAtRisk] = []
    before = registry.handlers_of(PromiseAtRisk)
    registry.listen(PromiseAtRisk, lambda event, by: heard.append(event))
    try:
        sweep_at(minutes(46))
        sweep_at(minutes(47))
    finally:
        registry.listen(PromiseAtRisk, *before)
    assert [(risk.ticket_id, risk.percent) for risk in heard] == [(down.pk, 50), (down.pk, 75)]


def test_an_update_that_was_promised_is_pressed_for_and_its_absence_shows(down: Ticket) -> None:
    assert down.next_update_at == minutes(30)
    sweep_at(minutes(20))
    assert Message.objects.filter(dedupe_key__startswith="update:", kind="warning").count() == 1
    sweep_at(minutes(30))
    missed = TicketEvent.objects.get(kind="escalated", body__clock="feedback", body__percent=100)
    assert missed.at == minutes(30)


def test_an_update_in_time_is_not_pressed_for(down: Ticket, officer: Actor) -> None:
    working.tell_customer(down.pk, "抢修中", at=minutes(10), by=officer, next_update_at=minutes(300))
    sweep_at(minutes(40))
    assert not TicketEvent.objects.filter(body__clock="feedback").exists()


def test_a_resolved_ticket_closes_by_itself_when_nobody_answers(world: World, down: Ticket) -> None:
    assert down.incident is not None
    happen(change(world.circuit, UP, minutes(10), of=down.incident))
    sweep_at(minutes(10 + 48 * 60 - 1))
    down.refresh_from_db()
    assert down.status == "resolved"
    sweep_at(minutes(10 + 48 * 60))
    down.refresh_from_db()
    assert down.status == "closed"


def test_a_failed_effect_leaves_the_timer_to_fire_again(down: Ticket) -> None:
    before = registry.handlers_of(PromiseAtRisk)

    def fail(event: PromiseAtRisk, by: Actor) -> None:
        raise RuntimeError("power cut")

    registry.listen(PromiseAtRisk, fail)
    try:
        sweep(at=minutes(31), by=WORKER)
    finally:
        registry.listen(PromiseAtRisk, *before)
    assert rungs() == []
    sweep_at(minutes(32))
    assert rungs() == [50]


@pytest.mark.parametrize("grade", ["AAA", "A", ""])
def test_the_ladder_never_tells_fewer_levels_as_time_runs_out(grade: str) -> None:
    highest = [max(rung_for(grade, percent).levels) for percent in (10, 50, 75, 100, 150, 900)]
    assert highest == sorted(highest)
    assert set(LADDERS) == {True, False}
