"""A closed September with one outage of the bank's circuit, and a ticket that says why."""

from datetime import UTC, date, datetime

import pytest

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.domain.actor import Actor, system
from mainstay.network.alarms.models import Impact, Incident
from mainstay.service.service_levels import actions as levels
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent
from tests.cast import World

SEPTEMBER = date(2026, 9, 1)
BEGIN = datetime(2026, 8, 31, 16, tzinfo=UTC)
DOWN_AT, BACK_AT = datetime(2026, 9, 10, 1, tzinfo=UTC), datetime(2026, 9, 10, 3, 40, tzinfo=UTC)
CLOSED_AT = datetime(2026, 10, 3, tzinfo=UTC)
AT = datetime(2026, 10, 4, 1, tzinfo=UTC)


@pytest.fixture
def manager(world: World) -> Actor:
    """Return the bank's account manager, who sees the bank and its branch alone."""
    return world.actor("wang.min")


def out(world: World) -> Ticket:
    """Put the bank's circuit out for 2 h 40 min, with a ticket whose promise of 60 minutes was missed."""
    incident = Incident.objects.create(opened_at=DOWN_AT, detected_at=DOWN_AT, cause_label="x")
    circuit = world.circuit
    Impact.objects.create(
        incident=incident, circuit=circuit, customer=circuit.customer, region_code=circuit.region_code, state=3,
        from_at=DOWN_AT, to_at=BACK_AT, detected_at=DOWN_AT,
    )  # fmt: skip
    ticket = Ticket.objects.create(
        origin="impact", status="closed", customer=circuit.customer, incident=incident, region_code="4201", grade="AAA",
        responsibility="operator", cause_code="cable_cut", opened_at=DOWN_AT, resolved_at=BACK_AT,
    )  # fmt: skip
    TicketEvent.objects.create(
        ticket=ticket, kind="circuit_down", at=DOWN_AT, recorded_at=DOWN_AT, by_name="x", circuit=circuit
    )
    Clock.objects.create(
        ticket=ticket, kind="restoration", circuit=circuit, promise={}, policy={}, state="breached", started_at=DOWN_AT,
        stopped_at=BACK_AT, breached_at=datetime(2026, 9, 10, 2, tzinfo=UTC), used_s=9600, total_s=3600,
    )  # fmt: skip
    return ticket


@pytest.fixture
def september(world: World) -> World:
    """Close a September in which the bank's circuit was out for 2 h 40 min."""
    PromiseTerm.objects.create(
        profile=world.profile, metric="availability", amount="99.9", unit="percent", calendar=world.calendar_always,
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    out(world)
    levels.bring_up_to(datetime(2026, 9, 30, 12, tzinfo=UTC), system("ledger"))
    levels.close_month(SEPTEMBER, CLOSED_AT, world.actor("admin"))
    return world
