"""What did work really do: which circuits were impaired in and after its window, how badly, how long (I3, H7)?"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from mainstay.network.alarms.models import Impact
from mainstay.network.inventory.choices import LiveState

CHUNK = 900


@dataclass(frozen=True)
class Measured:
    """What one circuit went through in a span: the worst state, seconds impaired, down, and not excused.

    Overlapping stretches of a circuit never happen: one impact stands at a time.
    """

    circuit_id: int
    worst: LiveState
    impaired_s: int
    down_s: int
    counted_s: int


def measured(circuit_ids: Collection[int], from_at: datetime, to_at: datetime) -> dict[int, Measured]:
    """Return what circuits went through in [from_at, to_at), by circuit; whom nothing hit is missing.

    The caller has seen the circuits. Stretches ruled not affected are left out.
    """
    found: dict[int, list[tuple[int, bool, int]]] = {}
    for circuit, state, planned, begin, end in _stretches(circuit_ids, from_at, to_at):
        seconds = round((min(end or to_at, to_at) - max(begin, from_at)).total_seconds())
        found.setdefault(circuit, []).append((state, planned, max(0, seconds)))
    return {
        circuit: Measured(
            circuit,
            LiveState(max(state for state, _planned, _seconds in rows)),
            sum(seconds for _state, _planned, seconds in rows),
            sum(seconds for state, _planned, seconds in rows if state == LiveState.DOWN),
            sum(seconds for _state, planned, seconds in rows if not planned),
        )
        for circuit, rows in found.items()
    }


def _stretches(
    circuit_ids: Collection[int], from_at: datetime, to_at: datetime
) -> Iterator[tuple[int, int, bool, datetime, datetime | None]]:
    ids = sorted(circuit_ids)
    rows = Impact.objects.filter(from_at__lt=to_at, not_affected_at__isnull=True).exclude(to_at__lte=from_at)
    columns = ("circuit_id", "state", "planned", "from_at", "to_at")
    for start in range(0, len(ids), CHUNK):
        yield from rows.filter(circuit__in=ids[start : start + CHUNK]).values_list(*columns)
