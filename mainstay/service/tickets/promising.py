"""Which promise is frozen on a clock? The one that holds for the circuit at that instant, as plain JSON (PC 14, 26)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from mainstay.service.promises.queries import promises_of


def frozen_promises(
    circuit_ids: Iterable[int], metrics: Collection[str], at: datetime
) -> dict[tuple[int, str], dict[str, Any]]:
    """Return what to freeze, by circuit and metric; circuits to which nothing is promised are left out."""
    return {key: promise.as_json() for key, promise in promises_of(circuit_ids, metrics, at).items()}


def same_promise(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two frozen promises come to the same: amount, unit and calendar."""
    return all(one[key] == other[key] for key in ("amount", "unit", "calendar"))
