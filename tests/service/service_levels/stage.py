"""Outages, tickets and works of September 2026, as the rooms below would have written them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.domain.actor import system
from mainstay.network.alarms.events import ImpactChange, ImpactsChanged
from mainstay.network.alarms.models import Impact, Incident
from mainstay.network.inventory.models import Circuit
from mainstay.service.service_levels.actions.reckoning import FIGURES
from mainstay.service.service_levels.models import CircuitMonth
from mainstay.service.tickets.models import Ticket
from tests.cast import World

SEPTEMBER = date(2026, 9, 1)
BEGIN = datetime(2026, 8, 31, 16, tzinfo=UTC)
OVER = datetime(2026, 10, 3, 2, tzinfo=UTC)
WORKER = system("impact worker")
DOWN, DEGRADED = 3, 2


def on(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Return an instant of September by the clock on a wall in Shanghai."""
    return BEGIN + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)


def promise(world: World, percent: str = "99.9", grade: str = "") -> None:
    """Promise an availability."""
    PromiseTerm.objects.create(
        profile=world.profile, metric="availability", amount=percent, unit="percent", grade=grade,
        calendar=world.calendar_always, valid_from=date(2020, 1, 1),
    )  # fmt: skip


def outage(
    circuit: Circuit,
    from_at: datetime,
    to_at: datetime | None,
    *,
    ticket: Ticket | None = None,
    state: int = DOWN,
    planned: bool = False,
) -> Impact:
    """Write an impact, its incident, and tell of it."""
    incident = (
        ticket.incident
        if ticket
        else Incident.objects.create(cause_label="光缆中断", region_code="42", opened_at=from_at, detected_at=from_at)
    )
    assert incident is not None
    row = Impact.objects.create(
        incident=incident, circuit=circuit, customer_id=circuit.customer_id, region_code=circuit.region_code,
        state=state, planned=planned, from_at=from_at, to_at=to_at, detected_at=from_at,
    )  # fmt: skip
    tell([row])
    return row


def ends(row: Impact, at: datetime) -> None:
    """Let an impact end."""
    row.to_at = at
    row.save()
    tell([row])


def tell(rows: Iterable[Impact]) -> None:
    """Announce what the impact worker announces; no ticket is opened by it here."""
    from mainstay.service.service_levels import reactions

    changes = tuple(
        ImpactChange(
            r.incident_id, r.circuit_id, r.customer_id, r.region_code, 0, r.state, r.planned, r.from_at, r.from_at
        )
        for r in rows
    )
    reactions.on_impacts_changed(ImpactsChanged(changes), WORKER)


def ticket(circuit: Circuit, opened_at: datetime, responsibility: str = "") -> Ticket:
    """Open a ticket below an incident."""
    incident = Incident.objects.create(
        cause_label="光缆中断", region_code="42", opened_at=opened_at, detected_at=opened_at
    )
    return Ticket.objects.create(
        origin="impact", customer_id=circuit.customer_id, incident=incident, region_code=circuit.region_code,
        opened_at=opened_at, responsibility=responsibility, status="closed",
    )  # fmt: skip


def told(month: date = SEPTEMBER) -> dict[str, dict[str, object]]:
    """Return every figure and stretch of a month as it stands, by circuit, without the numbers of rows."""
    rows = CircuitMonth.objects.filter(month__month=month, until_version__isnull=True).select_related("circuit")
    return {
        row.circuit.number: {
            **{name: getattr(row, name) for name in (*FIGURES, "from_s", "to_s", "target_millionths", "running")},
            "stretches": row.stretches,
        }
        for row in rows
    }
