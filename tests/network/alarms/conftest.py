"""A network operations day in a test: reports come in at given minutes, the worker judges them."""

from datetime import datetime, timedelta

import pytest

from mainstay.domain.actor import system
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.models import Impact
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit
from tests.cast import NOW, World

WORKER = system("impact worker")


class Day:
    """Drives intake and worker by minutes after NOW; `up` and `down` are states by circuit."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.worker = ImpactWorker.start(at=NOW, by=WORKER)

    def report(self, minute: float, *refs: str, severity: str = "critical", kind: str = "LOS", late: float = 0) -> None:
        """Let reports arrive `late` minutes after they happened, and be judged."""
        happened, arrived = at(minute), at(minute + late)
        reports = [NewReport(ref, kind, severity, happened) for ref in refs]
        intake.accept(self.world.source, reports, at=arrived, by=WORKER)
        while self.worker.step(at=arrived, by=WORKER):
            pass

    def clear(self, minute: float, *refs: str, kind: str = "LOS") -> None:
        """Let clears arrive and be judged."""
        self.report(minute, *refs, severity="cleared", kind=kind)

    def wait(self, minute: float) -> None:
        """Let time pass without reports."""
        self.worker.refresh(at=at(minute), by=WORKER)
        self.worker.tick(at=at(minute), by=WORKER)

    def restart(self, minute: float) -> None:
        """Let the worker die and come back."""
        self.worker = ImpactWorker.start(at=at(minute), by=WORKER)

    def state(self, circuit: Circuit) -> LiveState:
        """Return the state the circuit's row shows."""
        circuit.refresh_from_db()
        return LiveState(circuit.live_state)

    def stretches(self, circuit: Circuit) -> list[tuple[str, float, float | None]]:
        """Return the ledger of a circuit: (state, from minute, to minute)."""
        rows = Impact.objects.filter(circuit=circuit).order_by("from_at", "id")
        return [(LiveState(r.state).name, minutes(r.from_at), minutes(r.to_at) if r.to_at else None) for r in rows]


def at(minute: float) -> datetime:
    """Return the instant so many minutes after NOW."""
    return NOW + timedelta(minutes=minute)


def minutes(instant: datetime) -> float:
    """Return how many minutes after NOW an instant is."""
    return (instant - NOW) / timedelta(minutes=1)


@pytest.fixture
def day(world: World) -> Day:
    """A day on the cast's network."""
    return Day(world)
