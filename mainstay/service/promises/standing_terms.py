"""What promises a customer has of its own: which ends next, and do any overlap? For the page (A5)."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast

from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.service.promises.choices import UseStatus
from mainstay.service.promises.models import CircuitTerm, PackageUse


@dataclass(frozen=True)
class OwnPromises:
    """How many promises beyond the profile hold on a day or will; when the next ends; at how many places two overlap.

    Two packages at one place count as an overlap, also when they promise different things.
    """

    count: int = 0
    next_end: date | None = None
    overlaps: int = 0


def own_promises(customer_id: int, on: date) -> OwnPromises:
    """Return the promises of a customer the reader has seen: of it, its contracts, lines and circuits (1 query)."""
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    uses = PackageUse.objects.filter(still, status=UseStatus.APPROVED)
    found = [
        _spans(CircuitTerm.objects.filter(still, circuit__customer=customer_id), "circuit", "metric"),
        _spans(SpecialTerm.objects.filter(still, line__contract__customer=customer_id), "line", "metric"),
        _spans(SpecialTerm.objects.filter(still, contract__customer=customer_id), "contract", "metric"),
        _spans(SpecialTerm.objects.filter(still, customer=customer_id), "customer", "metric"),
        _spans(uses.filter(circuit__customer=customer_id), "circuit"),
        _spans(uses.filter(line__contract__customer=customer_id), "line"),
        _spans(uses.filter(contract__customer=customer_id), "contract"),
        _spans(uses.filter(customer=customer_id), "customer"),
    ]
    rows = list(found[0].union(*found[1:], all=True))
    ends = [end for *_key, _begin, end in rows if end is not None]
    return OwnPromises(len(rows), min(ends, default=None), _overlaps(rows))


def _spans(rows: QuerySet[Any], place: str, column: str = "") -> QuerySet[Any, Any]:
    what = Cast(column, CharField()) if column else Value("package", output_field=CharField())
    kept = rows.order_by().annotate(place_name=Value(place, output_field=CharField()), what=what)
    spans: QuerySet[Any, Any] = kept.values_list("place_name", f"{place}_id", "what", "valid_from", "valid_to")
    return spans


def _overlaps(rows: list[Any]) -> int:
    places: dict[tuple[Any, ...], list[tuple[date, date | None]]] = {}
    for place, object_id, what, begin, end in rows:
        places.setdefault((place, object_id, what), []).append((begin, end))
    return sum(any(_at_once(*pair) for pair in combinations(spans, 2)) for spans in places.values())


def _at_once(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    first, second = sorted((one, other), key=lambda span: span[0])
    return first[1] is None or second[0] < first[1]
