"""Read resources or circuits as plain values by code, however many, for comparing them with what sources say (E3)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.models import Circuit, CircuitEnd, Dependency, Hop, Resource

CHUNK = 900
AT_ONCE = 5_000
_JOINED = {"parent": "parent__code", "a_end": "a_end__code", "z_end": "z_end__code",
           "customer": "customer__code", "product": "product__code", "contract": "contract_line__contract__number",
           "line": "contract_line__position", "converter": "converter__code", "router": "router__code"}  # fmt: skip
_ROUTES = ("working", "protection")

Value = str | int | float | tuple[str, ...] | None


class Plain(NamedTuple):
    """One object. `row`: values in the order asked for, "" where there is none; `type`: kind, of circuits technology.

    `grade` is "" for resources. `here` is False for what was taken out of service.
    """

    id: int
    type: str
    label: str
    region_code: str
    customer_id: int | None
    grade: str
    here: bool
    row: tuple[Value, ...]


def resources(
    fields: Sequence[str], *, kinds: Sequence[str] = (), region: str = "", codes: Iterable[str] | None = None
) -> dict[str, Plain]:
    """Return resources by code: of these kinds and below the region, or, with `codes`, exactly those (1–2 queries).

    `fields` are named as in files (`parent`, `a_end`, `runs_in`, … are codes). No scope: for comparing only.
    """
    own = [name for name in fields if name != "runs_in"]
    columns = ("code", "pk", "kind", "name", "region_code", "retired_at", *(_JOINED.get(name, name) for name in own))
    runs_in = _runs_in() if "runs_in" in fields else {}
    wanted = Q(region_code__startswith=region) if region else Q()
    wanted &= Q(kind__in=kinds) if kinds else Q()
    found: dict[str, Plain] = {}
    places = [own.index(name) if name != "runs_in" else None for name in fields]
    for code, pk, kind, label, region_code, retired_at, *values in _read(Resource.objects.all(), "code", columns,
                                                                        wanted, codes):  # fmt: skip
        row = tuple(_plain(values[place]) if place is not None else runs_in.get(pk, ()) for place in places)
        found[code] = Plain(pk, kind, label, region_code, None, "", retired_at is None, row)
    return found


def circuits(fields: Sequence[str], *, region: str = "", codes: Iterable[str] | None = None) -> dict[str, Plain]:
    """Return circuits by number, those out of service too (1–4 queries); see `resources`."""
    ends, ways = [name for name in fields if name[:2] in ("a_", "z_")], [name for name in fields if name in _ROUTES]
    own = [name for name in fields if name not in ends and name not in ways]
    columns = ("number", "pk", "technology", "name", "region_code", "customer_id", "grade", "status",
               *(_JOINED.get(name, name) for name in own))  # fmt: skip
    wanted = Q(region_code__startswith=region) if region else Q()
    listed = list(codes) if codes is not None else None
    plain = list(_read(Circuit.objects.all(), "number", columns, wanted, listed))
    few = [row[1] for row in plain] if listed is not None or region else None
    at_ends = _ends(ends, few) if ends else {}
    routes = _routes(few) if ways else {}
    order = [(own, name) if name in own else (ends, name) if name in ends else (ways, name) for name in fields]
    found: dict[str, Plain] = {}
    for number, pk, technology, name, region_code, customer_id, grade, status, *values in plain:
        row = []
        for group, field in order:
            if group is own:
                row.append(_plain(values[own.index(field)]))
            elif group is ends:
                row.append(at_ends.get((pk, field), ""))
            else:
                row.append(routes.get((pk, field), ()))
        here = status == CircuitStatus.ACTIVE
        found[number] = Plain(pk, technology, name, region_code, customer_id, grade, here, tuple(row))
    return found


def _read(
    rows: QuerySet[Any], key: str, columns: Sequence[str], wanted: Q, codes: Iterable[str] | None
) -> Iterator[tuple[Any, ...]]:
    if codes is None:
        yield from rows.filter(wanted).order_by().values_list(*columns).iterator(chunk_size=AT_ONCE)
        return
    listed = sorted(set(codes))
    for start in range(0, len(listed), CHUNK):
        part = rows.filter(**{f"{key}__in": listed[start : start + CHUNK]})
        yield from part.order_by().values_list(*columns)


def _of(rows: QuerySet[Any], column: str, ids: Sequence[int] | None) -> Iterator[QuerySet[Any]]:
    """Give the rows of all, or of these ids in parts."""
    if ids is None:
        yield rows
        return
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield rows.filter(**{f"{column}__in": ordered[start : start + CHUNK]})


def _runs_in() -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = Dependency.objects.order_by("resource_id", "on__code").values_list("resource_id", "on__code")
    for pk, code in rows.iterator(chunk_size=AT_ONCE):
        found[pk] = (*found.get(pk, ()), code)
    return found


def _ends(fields: Sequence[str], ids: Sequence[int] | None) -> dict[tuple[int, str], Value]:
    found: dict[tuple[int, str], Value] = {}
    names = sorted({name[2:] for name in fields})
    columns = ("circuit_id", "side", *(_JOINED.get(name, name) for name in names))
    for part in _of(CircuitEnd.objects.order_by(), "circuit", ids):
        for pk, side, *values in part.values_list(*columns).iterator(chunk_size=AT_ONCE):
            found |= {(pk, f"{side.lower()}_{name}"): _plain(v) for name, v in zip(names, values, strict=True)}
    return found


def _routes(ids: Sequence[int] | None) -> dict[tuple[int, str], tuple[str, ...]]:
    codes = dict(Resource.objects.values_list("pk", "code").order_by()) if ids is None else {}
    named = "resource_id" if ids is None else "resource__code"
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    for part in _of(Hop.objects.order_by("path_id", "position"), "path__circuit", ids):
        rows = part.values_list("path__circuit_id", "path__role", named).iterator(chunk_size=AT_ONCE)
        for way, hops in groupby(rows, key=itemgetter(0, 1)):
            found[way] = tuple(codes[hop[2]] if ids is None else hop[2] for hop in hops)
    return found


def _plain(value: Any) -> Value:
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
