"""What a person says about a circuit holds until the network says something new about it."""

import pytest

from mainstay.network.alarms.actions import steering
from mainstay.network.alarms.models import Incident
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.network.alarms.conftest import Day, at

pytestmark = pytest.mark.django_db


def spare(world: World, minute: float) -> Ticket:
    """Say that the logistics circuit works although the model says otherwise; return its ticket."""
    officer, circuit = world.actor("li.qiang"), world.logistics_circuit
    incident = Incident.objects.get(status="open")
    assert steering.mark_not_affected(incident.pk, [circuit.pk], "customer says it works", at=at(minute), by=officer)
    return Ticket.objects.get(customer=world.logistics)


def clock_states(ticket: Ticket) -> list[str]:
    """Return the states of the restoration clocks."""
    return list(ticket.clocks.filter(kind="restoration").values_list("state", flat=True))


def test_an_older_alarm_told_late_does_not_start_the_clock_again(day: Day, world: World) -> None:
    day.report(10, "link-BC")
    ticket = spare(world, 12)
    before = clock_states(ticket)
    day.report(4, "fibre-BC", late=10)
    ticket.refresh_from_db()
    assert clock_states(ticket) == before
    assert ticket.status == "resolved"


def test_the_circuit_failing_anew_starts_a_clock(day: Day, world: World) -> None:
    day.report(10, "link-BC")
    spare(world, 12)
    day.clear(15, "link-BC")
    day.report(20, "link-BC")
    assert Ticket.objects.filter(customer=world.logistics, status__in=("open", "assigned", "in_progress")).exists()
