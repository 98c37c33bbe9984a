"""What the network tells the tickets room in these tests, as the impact worker would."""

from datetime import datetime, timedelta

from django.db import transaction

from mainstay.domain.actor import system
from mainstay.network.alarms.events import (
    CircuitNotAffected,
    ImpactChange,
    ImpactsChanged,
    IncidentMerged,
    IncidentsRestored,
)
from mainstay.network.alarms.models import Incident
from mainstay.network.inventory.models import Circuit
from mainstay.platform.journal.actions import announce
from mainstay.platform.timers.actions import sweep
from mainstay.service.tickets.models import Clock, Ticket
from tests.cast import NOW

WORKER = system("impact worker")
UP, UNPROTECTED, DEGRADED, DOWN = range(4)


def minutes(count: float) -> datetime:
    """Return the instant so many minutes after the tests' beginning."""
    return NOW + timedelta(minutes=count)


def incident(at: datetime = NOW) -> Incident:
    """Make an incident, as the alarms room would."""
    return Incident.objects.create(cause_label="光缆中断", region_code="42", opened_at=at, detected_at=at)


def change(
    circuit: Circuit,
    state: int,
    at: datetime,
    *,
    of: Incident,
    was: int | None = None,
    planned: bool = False,
    detected_at: datetime | None = None,
) -> ImpactChange:
    """Describe a change of a circuit; `was` defaults to up, or down when it comes back."""
    before = was if was is not None else (DOWN if state in (UP, UNPROTECTED) else UP)
    return ImpactChange(
        of.pk, circuit.pk, circuit.customer_id, circuit.region_code, before, state, planned, at, detected_at or at
    )


def happen(*changes: ImpactChange) -> None:
    """Announce a batch, as the impact worker does in its transaction."""
    tell(ImpactsChanged(changes))


def tell(event: ImpactsChanged | IncidentMerged | IncidentsRestored | CircuitNotAffected) -> None:
    """Announce one event of the alarms room."""
    with transaction.atomic():
        announce(event, by=WORKER)


def sweep_at(at: datetime) -> None:
    """Let the timers fire until none is due."""
    while sweep(at=at, by=system("sweeper")):
        pass


def ticket_of(circuit: Circuit) -> Ticket:
    """Return the newest ticket that names the circuit."""
    return Ticket.objects.filter(events__circuit=circuit).order_by("-pk").distinct().get()


def clock_of(circuit: Circuit) -> Clock:
    """Return the only restoration clock of a circuit that was not withdrawn."""
    return Clock.objects.exclude(state="cancelled").get(circuit=circuit)
