"""Which promise is frozen on a clock? The one that holds for the circuit at that instant, as plain JSON (PC 14, 26)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mainstay.domain.business_time import Unit
from mainstay.service.promises.holding import HoldingPromise
from mainstay.service.promises.queries import promises_of
from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.models import DepartmentTarget, TicketEvent

Began = Mapping[int, datetime]
"""When the fault of each circuit began."""


def frozen_promises(
    circuit_ids: Iterable[int], metrics: Collection[str], at: datetime, *, began: Began | None = None
) -> dict[tuple[int, str], dict[str, Any]]:
    """Return what to freeze, by circuit and metric; circuits to which nothing is promised are left out.

    `began`: where a promise has a clause for repeated faults and the circuit failed before, the clause is applied
    (PC 21; one query more when there are such promises).
    """
    found = promises_of(circuit_ids, metrics, at)
    last = _failed_before(found, began) if began else {}
    frozen: dict[int, dict[str, Any]] = {}
    return {
        key: _frozen(promise, frozen) if key not in last else promise.for_repeat(last[key]).as_json()
        for key, promise in found.items()
    }


def _frozen(promise: HoldingPromise, known: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Write a promise down once, however many circuits share it; what is frozen is only read."""
    if id(promise) not in known:
        known[id(promise)] = promise.as_json()
    return known[id(promise)]


def _failed_before(found: Mapping[tuple[int, str], HoldingPromise], began: Began) -> dict[tuple[int, str], datetime]:
    """Return when the circuit of each promise with a clause last failed, if that is within its days."""
    days = {key: int(p.repeat["days"]) for key, p in found.items() if p.repeat and key[0] in began}
    if not days:
        return {}
    earliest = min(began[circuit] - timedelta(days=within) for (circuit, _), within in days.items())
    failures = TicketEvent.objects.filter(
        kind=EventKind.CIRCUIT_DOWN, circuit__among={circuit for circuit, _ in days}, at__gte=earliest
    )
    last: dict[tuple[int, str], datetime] = {}
    for circuit_id, at in failures.order_by("at").values_list("circuit_id", "at"):
        for key, within in days.items():
            if key[0] == circuit_id and began[circuit_id] - timedelta(days=within) <= at < began[circuit_id]:
                last[key] = at
    return last


def frozen_target(target: DepartmentTarget) -> dict[str, Any]:
    """Return what to freeze of an internal target: amount, unit, calendar and for which grade it was laid down."""
    calendar = target.calendar
    return {
        "amount": str(target.amount), "unit": target.unit, "calendar": calendar.code, "edition": calendar.stamp,
        "grade": target.grade,
    }  # fmt: skip


def same_promise(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two frozen promises come to the same: amount, unit, calendar, and its hours where they count."""
    keys = ["amount", "unit", "calendar"] + (["edition"] if one["unit"] != Unit.NATURAL_MINUTES else [])
    return all(one.get(key, "") == other.get(key, "") for key in keys)
