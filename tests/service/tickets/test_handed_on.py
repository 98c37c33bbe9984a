"""What follows from verdicts may be done by a process of its own: the same, neither lost nor twice (decision 0017)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.faces.cli.caseworker import CASEWORKER, Following, Taking
from mainstay.network.alarms.events import CircuitNotAffected, ImpactsChanged, IncidentMerged, IncidentsRestored
from mainstay.network.alarms.models import Impact, Incident
from mainstay.platform.journal import handing, registry
from mainstay.platform.journal.models import HandedOn, OutboxEvent
from mainstay.platform.messages.models import Message
from mainstay.platform.monitoring.models import Heartbeat
from mainstay.service.tickets import reactions
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent
from tests.cast import NOW, World
from tests.service.tickets.network import DOWN, UP, change, happen, incident, minutes, tell

pytestmark = pytest.mark.usefixtures("world")


def _figures() -> list[Any]:
    """Return all that tickets tell, without keys and without when it was written down."""
    events = TicketEvent.objects.order_by("ticket", "pk").values_list("kind", "at", "circuit__number", "text")
    clocks = Clock.objects.order_by("pk").values_list("circuit__number", "kind", "state", "deadline_at", "used_s")
    tickets = Ticket.objects.order_by("pk").values_list("customer__code", "status", "grade", "deadline_at", "title")
    news = (
        OutboxEvent.objects.filter(kind="ticket")
        .order_by("customer_id", "pk")
        .values_list("customer_id", "region_code")
    )
    told = [
        (subject, re.sub(r"T-\d+", "T-…", body))
        for subject, body in Message.objects.order_by("customer_id", "pk").values_list("subject", "body")
    ]
    return [list(rows) for rows in (events, clocks, tickets, news, told)]


def _night(world: World, cut: Incident) -> Iterator[None]:
    """Let a fault come, spread, be mended and be over; a step at a time."""
    happen(change(world.circuit, DOWN, NOW, of=cut))
    yield
    happen(change(world.logistics_circuit, DOWN, minutes(1), of=cut))
    yield
    happen(change(world.circuit, UP, minutes(31), of=cut), change(world.logistics_circuit, UP, minutes(31), of=cut))
    yield


def _figures_after(world: World, *, handed_on: bool, taken_up_each: bool = False) -> list[Any]:
    with transaction.atomic():
        cut = incident()
        with handing.handing_on(NOW if handed_on else None):
            for _ in _night(world, cut):
                while taken_up_each and handing.take_up():
                    pass
        while handing.take_up():
            pass
        found = _figures()
        transaction.set_rollback(True)
    return found


def test_later_and_elsewhere_gives_the_same_tickets_clocks_and_words(world: World) -> None:
    at_once = _figures_after(world, handed_on=False)
    assert len(at_once[2]) == 2
    assert _figures_after(world, handed_on=True, taken_up_each=True) == at_once


def test_what_waits_together_is_taken_up_together_and_ends_the_same(world: World) -> None:
    at_once = _figures_after(world, handed_on=False)
    together = _figures_after(world, handed_on=True)
    assert [(t[0], t[1], t[3]) for t in together[2]] == [(t[0], t[1], t[3]) for t in at_once[2]]
    assert [clock[:4] for clock in together[1]] == [clock[:4] for clock in at_once[1]]


def test_nothing_happens_until_it_is_taken_up_and_nothing_is_left_then(world: World) -> None:
    with handing.handing_on(NOW):
        happen(change(world.circuit, DOWN, NOW, of=incident()))
    assert not Ticket.objects.exists()
    assert handing.waiting_since() == NOW
    assert handing.take_up() == 1
    assert Ticket.objects.count() == 1
    assert not HandedOn.objects.exists()
    assert handing.take_up() == 0


def test_what_people_do_is_done_at_once(world: World, officer: Actor) -> None:
    with handing.handing_on(NOW), transaction.atomic():
        from mainstay.platform.journal.actions import announce

        announce(ImpactsChanged((change(world.circuit, DOWN, NOW, of=incident()),)), by=officer)
    assert Ticket.objects.count() == 1


def test_a_circuit_declared_unharmed_before_its_ticket_was_made_gets_none(world: World) -> None:
    cut = incident()
    with handing.handing_on(NOW):
        happen(change(world.circuit, DOWN, NOW, of=cut))
    Impact.objects.create(
        id=1, incident=cut, circuit=world.circuit, customer=world.bank, region_code="42", state=DOWN, from_at=NOW,
        detected_at=NOW, not_affected_at=minutes(1),
    )  # fmt: skip
    tell(CircuitNotAffected(cut.pk, world.circuit.pk, world.bank.pk, minutes(1)))
    handing.take_up()
    assert not Ticket.objects.exists()


def test_what_cannot_be_handled_is_set_aside_said_and_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(event: ImpactsChanged, by: Actor) -> None:
        reactions.on_impacts_changed(event, by)
        if any(each.circuit_id == world.circuit.pk for each in event.changes):
            raise ValueError("no such grade")

    cut = incident()
    with handing.handing_on(NOW):
        happen(change(world.circuit, DOWN, NOW, of=cut))
        happen(change(world.logistics_circuit, DOWN, NOW, of=cut))
    monkeypatch.setitem(registry._handlers, ImpactsChanged, (breaks,))
    taking = Taking()
    for _ in range(5):
        taking.turn()
    assert [ticket.customer for ticket in Ticket.objects.all()] == [world.logistics]
    assert HandedOn.objects.get().failure == "ValueError: no such grade"
    assert handing.set_aside_count() == 1
    monkeypatch.undo()
    assert handing.try_again() == 1
    assert taking.turn() == 1
    assert Ticket.objects.count() == 2


def _hands_on(following: Following, minute: float) -> tuple[bool, bool]:
    """Say whether it hands on at a minute, and whether others do what follows."""
    return following.hands_on(minutes(minute)) is not None, following.by_others


def test_the_worker_hands_on_while_a_caseworker_lives_and_does_it_itself_when_none_does(world: World) -> None:
    following, now = Following(), datetime(2026, 9, 1, tzinfo=UTC)
    assert following.hands_on(now) is None
    Heartbeat.objects.create(
        name=CASEWORKER, host="h", instance="", pid=1, version="1", started_at=minutes(2), at=minutes(2), figures={}
    )
    assert following.hands_on(minutes(2)) == minutes(2)
    with handing.handing_on(minutes(2)):
        happen(change(world.circuit, DOWN, NOW, of=incident()))
    assert _hands_on(following, 2.05) == (True, True)
    assert _hands_on(following, 2.2) == (True, False), "what waits comes first, but has waited for too long"
    following.turn()
    assert Ticket.objects.count() == 1
    Heartbeat.objects.all().delete()
    assert following.hands_on(minutes(4)) is None


def test_customers_are_divided_and_a_merger_waits_for_all_before_it_and_holds_back_all_behind(world: World) -> None:
    first, second = incident(), incident(minutes(1))
    assert world.bank.pk % registry.PARTS != world.logistics.pk % registry.PARTS
    with handing.handing_on(NOW):
        happen(change(world.circuit, DOWN, NOW, of=first), change(world.logistics_circuit, DOWN, NOW, of=second))
        tell(IncidentMerged(second.pk, first.pk, minutes(2)))
        happen(change(world.circuit, UP, minutes(31), of=first))
    bank, logistics = (customer.pk % registry.PARTS for customer in (world.bank, world.logistics))
    assert [row.part for row in HandedOn.objects.order_by("pk")] == [
        *sorted((bank, logistics)), registry.ALL_PARTS, bank,
    ]  # fmt: skip
    assert handing.take_up(of=bank) == 1
    assert handing.take_up(of=bank) == 0, "the merger comes first"
    assert handing.take_up(of=registry.ALL_PARTS) == 0, "the other part comes first"
    assert handing.take_up(of=logistics) == 1
    assert handing.take_up(of=registry.ALL_PARTS) == 1
    assert handing.take_up() == 1
    assert {ticket.incident_id for ticket in Ticket.objects.all()} == {first.pk}


def test_restorations_are_handed_on_too(world: World) -> None:
    with handing.handing_on(NOW):
        tell(IncidentsRestored(()))
    assert [row.kind for row in HandedOn.objects.all()] == ["IncidentsRestored"]
    assert handing.take_up() == 1
