"""Which series does a sample belong to? Found for a whole batch at once; new ones begin with their first sample."""

from collections.abc import Iterable
from typing import TypeVar

from mainstay.domain.actor import Actor
from mainstay.network.inventory.queries.circuits import visible_to
from mainstay.network.performance.models import SampleSource, Series

T = TypeVar("T")
SeriesKey = tuple[str, str, str]
"""Circuit's number, metric, end."""
_AT_ONCE = 5_000


def series_for(source: SampleSource, keys: Iterable[SeriesKey], *, by: Actor) -> dict[SeriesKey, int]:
    """Return the ids by key, beginning those that are new, in the caller's transaction (2 queries, 4 with new ones).

    Circuits that do not exist or that the actor may not see are left out.
    """
    wanted = set(keys)
    circuits = circuits_by_number({number for number, _, _ in wanted}, by=by)
    asked = {(circuits[number], metric, side): (number, metric, side)
             for number, metric, side in wanted if number in circuits}  # fmt: skip
    found = _known(source, {circuit for circuit, _, _ in asked})
    new = sorted(asked.keys() - found.keys())
    if new:
        Series.objects.bulk_create(
            (Series(circuit_id=circuit, metric=metric, side=side, source=source) for circuit, metric, side in new),
            ignore_conflicts=True,
            batch_size=_AT_ONCE,
        )
        found |= _known(source, {circuit for circuit, _, _ in new})
    return {key: found[each] for each, key in asked.items()}


def circuits_by_number(numbers: set[str], *, by: Actor) -> dict[str, int]:
    """Return the ids of visible circuits by number."""
    found: dict[str, int] = {}
    for part in _parts(sorted(numbers)):
        found.update(visible_to(by).filter(number__in=part).values_list("number", "pk"))
    return found


def _known(source: SampleSource, circuits: set[int]) -> dict[tuple[int, str, str], int]:
    found: dict[tuple[int, str, str], int] = {}
    for part in _parts(sorted(circuits)):
        rows = Series.objects.filter(circuit__in=part, source=source).order_by()
        found.update({(c, m, s): pk for c, m, s, pk in rows.values_list("circuit_id", "metric", "side", "pk")})
    return found


def _parts(rows: list[T]) -> Iterable[list[T]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
