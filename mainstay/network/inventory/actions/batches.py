"""Change many circuits with their ends and routes at once, and take an import's circuits back (A7, E2)."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.models import ContractLine
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, msgid
from mainstay.network.inventory.actions.feed import bump_revision
from mainstay.network.inventory.actions.resources import resources_by_code
from mainstay.network.inventory.actions.routes import Route, Routes, write_routes
from mainstay.network.inventory.choices import CircuitStatus, PathRole, Side
from mainstay.network.inventory.errors import BadInventory, UnknownCode
from mainstay.network.inventory.finding import index_circuits
from mainstay.network.inventory.models import Circuit, CircuitEnd, Hop, Path
from mainstay.network.inventory.queries.circuits import visible_to
from mainstay.network.inventory.standing import keep_former
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.imports import changing
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Taken, Written
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News
from mainstay.platform.search.actions import forget

OWN = ("name", "grade", "technology", "reach", "bandwidth_kbps", "opened_on", "region_code", "status")
OF_AN_END = ("site_name", "address", "contact_name", "contact_phone", "region_code", "interface", "protocol",
             "ip_address")  # fmt: skip
EQUIPMENT = ("converter", "router")
ROLES = ("working", "protection")


@dataclass
class KnownCircuit:
    """A circuit with its ends by side and the codes of its paths by role."""

    circuit: Circuit
    ends: dict[str, CircuitEnd]
    routes: dict[str, list[str]]

    def __copy__(self) -> "KnownCircuit":
        return KnownCircuit(copy(self.circuit), {side: copy(end) for side, end in self.ends.items()}, dict(self.routes))

    def told(self) -> dict[str, Any]:
        """Say all of it in the words of files."""
        circuit = self.circuit
        line = circuit.contract_line
        told: dict[str, Any] = {name: getattr(circuit, name) for name in OWN}
        told |= {
            "number": circuit.number, "customer": circuit.customer.code, "product": circuit.product.code,
            "contract": line.contract.number if line else "", "line": line.position if line else None,
        }  # fmt: skip
        for side, end in self.ends.items():
            low = side.lower()
            told |= {f"{low}_{name}": getattr(end, name) for name in OF_AN_END}
            for role in EQUIPMENT:
                device = getattr(end, role)
                told[f"{low}_{role}"] = device.code if device else ""
        return told | {role: list(self.routes.get(role, ())) for role in ROLES}


@dataclass(frozen=True)
class Wanted:
    """A circuit to be changed: values in the words of files."""

    line: int
    circuit: KnownCircuit
    values: Mapping[str, Any]


def read_circuits(circuits: "QuerySet[Circuit]") -> dict[str, KnownCircuit]:
    """Return circuits with ends and routes by number (4 queries)."""
    rows = list(circuits.select_related("customer", "product", "contract_line__contract"))
    found = {row.pk: KnownCircuit(row, {}, {}) for row in rows}
    for end in CircuitEnd.objects.filter(circuit__in=found).select_related("converter", "router"):
        found[end.circuit_id].ends[end.side] = end
    hops = Hop.objects.filter(path__circuit__in=found).order_by("path", "position")
    for pk, role, code in hops.values_list("path__circuit", "path__role", "resource__code"):
        found[pk].routes.setdefault(role, []).append(code)
    return {each.circuit.number: each for each in found.values()}


@transaction.atomic
def change_circuits(wanted: Sequence[Wanted], *, at: datetime, by: Actor, restoring: bool = False) -> list[Written]:
    """Change circuits the actor has seen, all or none; what the file does not say stays (about 20 queries).

    `restoring`: routes are put back as they were, even where they would be refused as new. Raises BadInventory,
    UnknownCode, BadRoute, NotAllowed.
    """
    require(by, Permission.WRITE_INVENTORY)
    names = _Names.read(wanted)
    before = [each.circuit.told() for each in wanted]
    for each in wanted:
        if not restoring:
            _refuse_reopening(each)
        _set(each, names, by=by)
    rerouted = [each for each, was in zip(wanted, before, strict=True) if _routes(each.circuit.told()) != _routes(was)]
    routes = _read_routes(rerouted, known_to_join=restoring)
    told = []
    for each, was in zip(wanted, before, strict=True):
        told.append(journal.differences(was, each.circuit.told()))
    changed = [each for each, (_was, now) in zip(wanted, told, strict=True) if now]
    keep_former([each.circuit.circuit for each in changed], on=timezone.localdate(at))
    _write(changed, rerouted, routes)
    changes = [_change(e.circuit.circuit, was, now) for e, (was, now) in zip(wanted, told, strict=True) if now]
    _tell("circuit.take_back" if restoring else "circuit.update", changes, at=at, by=by)
    if changed:
        ends = [end for each in changed for end in each.circuit.ends.values()]
        index_circuits([each.circuit.circuit for each in changed], ends)
        bump_revision(circuits=[each.circuit.circuit.pk for each in changed])
    return [
        Written(Outcome.UPDATED if now else Outcome.UNCHANGED, "circuit", e.circuit.circuit.pk,
                e.circuit.circuit.number, None, was, now)
        for e, (was, now) in zip(wanted, told, strict=True)
    ]  # fmt: skip


_OWNED = ("circuitend.circuit", "path.circuit", "formerstanding.circuit", "livecircuit.circuit")


@transaction.atomic
def take_back_circuits(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import: take created circuits out, give changed ones their former values (A7)."""
    require(by, Permission.WRITE_INVENTORY)

    def take_out(circuits: list[Circuit]) -> None:
        ids = [circuit.pk for circuit in circuits]
        _tell("circuit.take_back", [_change(c, {"number": c.number, "grade": c.grade}, None) for c in circuits],
              at=at, by=by)  # fmt: skip
        forget("circuit", ids)
        Hop.objects.filter(path__circuit__in=ids).delete()
        Circuit.objects.filter(pk__in=ids).delete()
        bump_revision(circuits=ids)

    def change(wanted: Iterable[tuple[Circuit, dict[str, Any]]]) -> None:
        former = {circuit.pk: values for circuit, values in wanted}
        known = read_circuits(Circuit.objects.filter(pk__in=former))
        change_circuits([Wanted(0, each, former[each.circuit.pk]) for each in known.values()],
                        at=at, by=by, restoring=True)  # fmt: skip

    return changing.take_back(rows, visible_to(by), owned=_OWNED, take_out=take_out, change=change, former=_former)


def _former(_model: object, before: Mapping[str, Any] | None) -> dict[str, Any]:
    values = dict(before or {})
    if values.get("opened_on"):
        values["opened_on"] = Circuit._meta.get_field("opened_on").to_python(values["opened_on"])
    return values


@dataclass(frozen=True)
class _Names:
    """What the changes name, read once."""

    products: Mapping[str, Product]
    lines: Mapping[tuple[str, int], ContractLine]
    devices: Mapping[str, Any]

    @classmethod
    def read(cls, wanted: Sequence[Wanted]) -> "_Names":
        values = [each.values for each in wanted]
        products = {v["product"] for v in values if "product" in v}
        contracts = {v["contract"] for v in values if v.get("contract")}
        codes = {v[f"{side}_{role}"] for v in values for side in "az" for role in EQUIPMENT if v.get(f"{side}_{role}")}
        return cls(
            {row.code: row for row in Product.objects.filter(code__in=products)},
            {
                (line.contract.number, line.position): line
                for line in ContractLine.objects.filter(contract__number__in=contracts).select_related("contract")
            },
            resources_by_code(codes),
        )


def _refuse_reopening(each: Wanted) -> None:
    circuit = each.circuit.circuit
    if circuit.status == CircuitStatus.CEASED and each.values.get("status", CircuitStatus.CEASED) != circuit.status:
        raise BadInventory(
            msgid("Circuit {number} is out of service already; open a new circuit instead."), number=circuit.number
        )


def _set(each: Wanted, names: _Names, *, by: Actor) -> None:
    known, values = each.circuit, each.values
    circuit = known.circuit
    for name in OWN:
        if name in values:
            setattr(circuit, name, values[name])
    _check(circuit, values.get("customer", circuit.customer.code), by=by)
    if "product" in values:
        circuit.product = _named(names.products, circuit, "product", values["product"])
    if "contract" in values:
        circuit.contract_line = _line(circuit, values, names)
    for side in Side.values:
        _set_end(known, side, values, names)
    for role in ROLES:
        if role in values:
            known.routes[role] = list(values[role])


def _check(circuit: Circuit, customer_code: str, *, by: Actor) -> None:
    if customer_code != circuit.customer.code:
        raise BadInventory(
            msgid("Circuit {number} is one of customer {code}; cease it and open a new one for another customer."),
            number=circuit.number, code=circuit.customer.code,
        )  # fmt: skip
    if circuit.bandwidth_kbps <= 0:
        raise BadInventory(
            msgid("Circuit {number}: the bandwidth of {value} kbit/s carries nothing; give more than 0."),
            number=circuit.number, value=circuit.bandwidth_kbps,
        )  # fmt: skip
    if not may_see(by, customer_id=circuit.customer_id, region_code=circuit.region_code):
        raise NotAllowed(
            msgid("Circuit {number} lies in region “{region}”, outside yours; ask a colleague there."),
            number=circuit.number, region=circuit.region_code,
        )  # fmt: skip


def _set_end(known: KnownCircuit, side: str, values: Mapping[str, Any], names: _Names) -> None:
    low = side.lower()
    given = {name: values[f"{low}_{name}"] for name in (*OF_AN_END, *EQUIPMENT) if f"{low}_{name}" in values}
    if not given:
        return
    end = known.ends.setdefault(side, CircuitEnd(circuit=known.circuit, side=side))
    for name, value in given.items():
        if name in EQUIPMENT:
            setattr(end, name, _named(names.devices, known.circuit, name, value) if value else None)
        else:
            setattr(end, name, (value or None) if name == "ip_address" else value)


def _line(circuit: Circuit, values: Mapping[str, Any], names: _Names) -> ContractLine | None:
    if not values["contract"]:
        return None
    position = values.get("line") or (circuit.contract_line.position if circuit.contract_line else 0)
    line = names.lines.get((values["contract"], position))
    if line is None:
        raise UnknownCode(
            msgid("Circuit {number}: contract {contract} has no line {line}; register the line first."),
            number=circuit.number, contract=values["contract"], line=position,
        )  # fmt: skip
    if line.contract.customer_id not in (circuit.customer_id, circuit.customer.parent_id):
        raise BadInventory(
            msgid(
                "Circuit {number}: contract {contract} is not one of customer {code} or of its group; choose another."
            ),
            number=circuit.number, contract=values["contract"], code=circuit.customer.code,
        )  # fmt: skip
    return line


def _named(known: Mapping[str, Any], circuit: Circuit, field: str, code: str) -> Any:
    if code not in known:
        raise UnknownCode(
            msgid("Circuit {number}: there is no {field} {code}; add it first, or correct the code."),
            number=circuit.number, field=field, code=code,
        )  # fmt: skip
    return known[code]


def _routes(told: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(told[role] for role in ROLES)


def _read_routes(rerouted: Sequence[Wanted], *, known_to_join: bool) -> Routes:
    wanted = [_route(each.circuit) for each in rerouted]
    if not known_to_join:
        return Routes.read(wanted)
    routes = Routes.look_up(wanted)
    for route in wanted:
        for role, codes in route.paths():
            for code in codes:
                if code not in routes.ids:
                    raise UnknownCode(
                        msgid("Circuit {number}, {path}: {code} is no longer in the inventory; the route stays."),
                        number=route.number, path=role.label, code=code,
                    )  # fmt: skip
    return routes


def _route(known: KnownCircuit) -> Route:
    return Route(known.circuit.number, *(tuple(known.routes.get(role, ())) for role in ROLES))


def _write(changed: Sequence[Wanted], rerouted: Sequence[Wanted], routes: Routes) -> None:
    circuits = [each.circuit.circuit for each in changed]
    if circuits:
        Circuit.objects.bulk_update(circuits, [*OWN, "product", "contract_line"], batch_size=200)
    ends = [end for each in changed for end in each.circuit.ends.values()]
    kept = [end for end in ends if end.pk]
    if kept:
        CircuitEnd.objects.bulk_update(kept, [*OF_AN_END, *EQUIPMENT], batch_size=200)
    CircuitEnd.objects.bulk_create([end for end in ends if not end.pk])
    ids = [each.circuit.circuit.pk for each in rerouted]
    Hop.objects.filter(path__circuit__in=ids).delete()
    Path.objects.filter(circuit__in=ids, role__in=PathRole.values).delete()
    write_routes([each.circuit.circuit for each in rerouted], routes)


def _change(row: Circuit, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change:
    return Change("circuit", row.pk, row.number, before, after, row.customer_id, row.region_code)


def _tell(action: str, changes: list[Change], *, at: datetime, by: Actor) -> None:
    journal.record(action, changes, at=at, by=by)
    journal.publish(
        [News("circuit", "circuit", c.object_id, c.customer_id, c.region_code, {"what": action}) for c in changes],
        at=at,
    )
