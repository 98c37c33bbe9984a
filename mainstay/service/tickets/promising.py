"""Which promise is frozen on a clock? The one that holds for the circuit at that instant, as plain JSON (PC 14, 26)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mainstay.service.promises.queries import promises_for


def frozen_promises(circuit_ids: Iterable[int], metric: str, at: datetime) -> dict[int, dict[str, Any]]:
    """Return what to freeze per circuit; circuits to which nothing is promised are left out."""
    return {circuit: promise.as_json() for circuit, promise in promises_for(circuit_ids, metric, at).items()}


def same_promise(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two frozen promises come to the same: amount, unit and calendar."""
    return all(one[key] == other[key] for key in ("amount", "unit", "calendar"))
