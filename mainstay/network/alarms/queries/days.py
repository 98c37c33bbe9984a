"""How was a circuit on each of the last days? One entry a day, in the operator's zone (E2, H7 begun)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from mainstay.network.alarms.models import Impact
from mainstay.network.inventory.choices import LiveState

DAY_S = 86_400


@dataclass(frozen=True)
class DayState:
    """A day: its worst state (up, unprotected, degraded, planned, down), seconds down, share of time not down."""

    on: date
    state: str
    down_seconds: int
    availability: float


def days_of_circuit(circuit_id: int, *, at: datetime, days: int, since: date | None = None) -> list[DayState]:
    """Return the last days up to and with today, oldest first, none before `since` (1 query).

    The caller has seen the circuit. Planned interruptions and stretches ruled "not affected" do not count as down.
    """
    today = timezone.localtime(at).date()
    first = today - timedelta(days=days - 1)
    first = max(first, since) if since else first
    rows = Impact.objects.filter(circuit_id=circuit_id, not_affected_at__isnull=True, from_at__lt=at)
    rows = rows.exclude(to_at__lte=_midnight(first)).order_by("from_at")
    stretches = [(row.state, row.planned, row.from_at, min(row.to_at or at, at)) for row in rows]
    length = (today - first).days + 1
    return [_day(first + timedelta(days=n), stretches, at=at) for n in range(max(0, length))]


def _day(on: date, stretches: Iterable[tuple[int, bool, datetime, datetime]], *, at: datetime) -> DayState:
    begin, end = _midnight(on), min(_midnight(on + timedelta(days=1)), at)
    down, worst, planned = 0.0, LiveState.UP.value, False
    for state, is_planned, from_at, to_at in stretches:
        seconds = (min(to_at, end) - max(from_at, begin)).total_seconds()
        if seconds <= 0:
            continue
        planned = planned or is_planned
        if not is_planned:
            worst = max(worst, state)
            down += seconds if state == LiveState.DOWN else 0
    name = "planned" if planned and worst == LiveState.UP else LiveState(worst).name.lower()
    length = max((end - begin).total_seconds(), 1)
    return DayState(on, name, round(down), max(0.0, 1 - down / length))


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
