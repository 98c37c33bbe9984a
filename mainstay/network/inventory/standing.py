"""What was a circuit on an earlier day: under which contract line, of which grade, product and reach? (D2, PC 14)

The circuit itself says what it is; each change keeps what it was until then. So a promise of the 3rd of March is that
of the circuit as it was then, and circuits that never changed cost nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.models import ContractLine
from mainstay.network.inventory.models import Circuit, FormerStanding

FIELDS = ("contract_line_id", "grade", "product_id", "reach")
BATCH = 500


@dataclass(frozen=True)
class Span:
    """What a circuit was on [begin, end); None leaves a side open."""

    begin: date | None
    end: date | None
    contract_line_id: int | None
    grade: str
    product_id: int
    reach: str


class CircuitThen(NamedTuple):
    """What promises depend on of a circuit as it was on a day; `pk` its id, the line fetched with its contract."""

    pk: int
    number: str
    customer_id: int
    grade: str
    product_id: int
    reach: str
    contract_line: ContractLine | None


def keep_former(changed: Sequence[Circuit], *, on: date) -> None:
    """Keep what circuits were until a day, in the caller's transaction, before they are written (1 or 2 queries)."""
    stored = {row["pk"]: row for row in Circuit.objects.filter(pk__among=[c.pk for c in changed]).values("pk", *FIELDS)}
    former = []
    for circuit in changed:
        was = stored.get(circuit.pk)
        if was is not None and any(was[name] != getattr(circuit, name) for name in FIELDS):
            former.append(FormerStanding(circuit_id=circuit.pk, until=on, **{name: was[name] for name in FIELDS}))
    FormerStanding.objects.bulk_create(former, batch_size=BATCH)


def as_of(circuits: Iterable[Circuit], day: date) -> list[Circuit]:
    """Return circuits as they were on a day: those that changed since are given their former values (1 or 2 queries).

    The rows are changed in memory and must not be saved. Contract lines are fetched with their contracts.
    """
    rows = list(circuits)
    former = _first_after([row.pk for row in rows], day)
    if not former:
        return rows
    lines = _lines({kept.contract_line_id for kept in former.values() if kept.contract_line_id})
    products = _products({kept.product_id for kept in former.values()})
    for row in rows:
        kept = former.get(row.pk)
        if kept is not None:
            row.grade, row.reach, row.product = kept.grade, kept.reach, products[kept.product_id]
            row.contract_line = lines.get(kept.contract_line_id or 0)
    return rows


def standing_on(circuit_ids: Collection[int], day: date) -> list[CircuitThen]:
    """Return what promises depend on of circuits as they were on a day (2 or 3 queries), in the order of their ids."""
    rows = Circuit.objects.filter(pk__among=circuit_ids).order_by("pk")
    columns = ("pk", "number", "customer_id", "grade", "product_id", "reach", "contract_line_id")
    now = list(rows.values_list(*columns))
    former = _first_after(circuit_ids, day)
    line_ids = {row[-1] for row in now} | {kept.contract_line_id for kept in former.values()}
    lines = _lines({pk for pk in line_ids if pk is not None})
    then = []
    for pk, number, customer_id, grade, product_id, reach, line_id in now:
        kept = former.get(pk)
        if kept is not None:
            grade, product_id, reach, line_id = kept.grade, kept.product_id, kept.reach, kept.contract_line_id
        then.append(CircuitThen(pk, number, customer_id, grade, product_id, reach, lines.get(line_id or 0)))
    return then


def _first_after(ids: Collection[int], day: date) -> dict[int, FormerStanding]:
    """Return what first ended after a day, by circuit: it held on that day."""
    found: dict[int, FormerStanding] = {}
    for row in FormerStanding.objects.filter(circuit__among=ids, until__gt=day).order_by("until", "pk"):
        found.setdefault(row.circuit_id, row)
    return found


def _lines(ids: Collection[int]) -> dict[int, ContractLine]:
    return {row.pk: row for row in ContractLine.objects.filter(pk__among=ids).select_related("contract")}


def _products(ids: Collection[int]) -> dict[int, Product]:
    return {row.pk: row for row in Product.objects.filter(pk__among=ids)}


def spans(circuit: Circuit) -> list[Span]:
    """Return all that a circuit was, the newest first (1 query); the caller has seen it."""
    found, begin = [], None
    for row in FormerStanding.objects.filter(circuit=circuit.pk).order_by("until", "pk"):
        if begin is None or row.until > begin:
            found.append(Span(begin, row.until, row.contract_line_id, row.grade, row.product_id, row.reach))
            begin = row.until
    now = Span(begin, None, circuit.contract_line_id, circuit.grade, circuit.product_id, circuit.reach)
    return [now, *reversed(found)]
