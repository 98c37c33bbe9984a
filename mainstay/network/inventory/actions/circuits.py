"""Open, reroute and cease circuits; a route that does not join up is refused (E2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction

from mainstay.accounts.catalog.choices import CircuitGrade, Reach
from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.models import ContractLine
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, msgid
from mainstay.network.inventory.actions.feed import bump_revision
from mainstay.network.inventory.actions.resources import CHUNK
from mainstay.network.inventory.actions.routes import Route, Routes, write_routes
from mainstay.network.inventory.choices import CircuitStatus, Side, Technology
from mainstay.network.inventory.errors import BadInventory, UnknownCode
from mainstay.network.inventory.finding import index_circuits
from mainstay.network.inventory.models import Circuit, CircuitEnd
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News


@dataclass(frozen=True)
class NewEnd:
    """One end at the customer's premises; `converter` and `router` are codes of devices."""

    site_name: str
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    region_code: str = ""
    converter: str = ""
    router: str = ""
    interface: str = ""
    protocol: str = ""
    ip_address: str | None = None


@dataclass(frozen=True)
class NewCircuit:
    """A circuit wanted. `customer`, `product` are codes; `contract` (a number), `line` (a position) name its line.

    `working` and `protection` list codes of resources from A to Z; both empty: not routed yet.
    """

    number: str
    customer: str
    product: str
    grade: str
    technology: str
    reach: str
    bandwidth_kbps: int
    a: NewEnd
    z: NewEnd
    working: tuple[str, ...] = ()
    protection: tuple[str, ...] = ()
    region_code: str = ""
    contract: str = ""
    line: int = 0
    name: str = ""
    opened_on: date | None = None


@transaction.atomic
def open_circuits(new: Sequence[NewCircuit], *, at: datetime, by: Actor) -> list[Circuit]:
    """Open circuits with their ends and routes, all or none; return them in the order given (E1, E2).

    An empty `region_code` is taken from the A end, then from the customer. Raises BadInventory, BadRoute, UnknownCode,
    NotAllowed. Three thousand at once take a few seconds in one transaction: where others write, give a few hundred
    at a time.
    """
    require(by, Permission.WRITE_INVENTORY)
    _refuse_taken(new)
    named = _Named.read(new)
    rows = [_row(item, named, by=by) for item in new]
    routes = Routes.read([Route(item.number, item.working, item.protection) for item in new])
    equipment = routes.with_codes(
        code for item in new for end in (item.a, item.z) for code in (end.converter, end.router)
    )
    Circuit.objects.bulk_create(rows, batch_size=CHUNK)
    ends = [
        _end(row, side, end, equipment)
        for row, item in zip(rows, new, strict=True)
        for side, end in ((Side.A, item.a), (Side.Z, item.z))
    ]
    CircuitEnd.objects.bulk_create(ends, batch_size=CHUNK)
    write_routes(rows, routes)
    changes = [_opened(row, item) for row, item in zip(rows, new, strict=True)]
    _tell("circuit.open", changes, at=at, by=by)
    index_circuits(rows, ends)
    bump_revision(circuits=[row.pk for row in rows])
    return rows


def faults_in(new: Sequence[NewCircuit], *, by: Actor) -> list[MainstayError | None]:
    """Return what is wrong with each new circuit, None where nothing is; the same queries however many."""
    named = _Named.read(new)
    routes = Routes.look_up([Route(item.number, item.working, item.protection) for item in new])
    equipment = routes.with_codes(
        code for item in new for end in (item.a, item.z) for code in (end.converter, end.router)
    )
    return [_fault(item, named, routes, equipment, by=by) for item in new]


def _fault(
    item: NewCircuit, named: "_Named", routes: Routes, equipment: Mapping[str, int], *, by: Actor
) -> MainstayError | None:
    try:
        if not item.number.strip():
            _refuse_taken([item])
        row = _row(item, named, by=by)
        for side, end in ((Side.A, item.a), (Side.Z, item.z)):
            _end(row, side, end, equipment)
        routes.check(Route(item.number, item.working, item.protection))
    except MainstayError as error:
        return error
    return None


@transaction.atomic
def change_route(
    circuit_id: int, *, working: Sequence[str], protection: Sequence[str] = (), at: datetime, by: Actor
) -> Circuit:
    """Replace the route of a circuit by codes from A to Z.

    Raises NoSuchCircuit, BadRoute, UnknownCode, BadInventory.
    """
    require(by, Permission.WRITE_INVENTORY)
    circuit = _active(circuit_id, by=by)
    before = _route_codes(circuit)
    routes = Routes.read([Route(circuit.number, tuple(working), tuple(protection))])
    circuit.paths.all().delete()
    write_routes([circuit], routes)
    after = {"working": list(working), "protection": list(protection)}
    _tell("circuit.route", [_change(circuit, before, after)], at=at, by=by)
    bump_revision(circuits=[circuit.pk])
    return circuit


@transaction.atomic
def cease_circuit(circuit_id: int, *, at: datetime, by: Actor) -> Circuit:
    """Take a circuit out of service; it and its route stay readable.

    Raises NoSuchCircuit, BadInventory when ceased already.
    """
    require(by, Permission.WRITE_INVENTORY)
    circuit = _active(circuit_id, by=by)
    circuit.status = CircuitStatus.CEASED
    circuit.save(update_fields=["status"])
    change = _change(circuit, {"status": CircuitStatus.ACTIVE}, {"status": CircuitStatus.CEASED})
    _tell("circuit.cease", [change], at=at, by=by)
    bump_revision(circuits=[circuit.pk])
    return circuit


def _active(circuit_id: int, *, by: Actor) -> Circuit:
    circuit = visible_circuit(by, circuit_id)
    if circuit.status == CircuitStatus.CEASED:
        raise BadInventory(
            msgid("Circuit {number} is out of service already; open a new circuit instead."), number=circuit.number
        )
    return circuit


def _refuse_taken(new: Sequence[NewCircuit]) -> None:
    numbers: set[str] = set()
    for item in new:
        if not item.number.strip():
            raise BadInventory(
                msgid("A circuit of customer {customer} has no number; give one."), customer=item.customer
            )
        if item.number in numbers:
            raise BadInventory(
                msgid("Circuit {number} is given twice in this batch; give every number once."), number=item.number
            )
        numbers.add(item.number)
    for part in _chunks(numbers):
        taken = Circuit.objects.filter(number__in=part).values_list("number", flat=True).first()
        if taken is not None:
            raise BadInventory(
                msgid("Circuit {number} exists already; change it, or choose another number."), number=taken
            )


@dataclass(frozen=True)
class _Named:
    """What the new circuits name, read once."""

    customers: Mapping[str, Customer]
    products: Mapping[str, Product]
    lines: Mapping[tuple[str, int], ContractLine]

    @classmethod
    def read(cls, new: Sequence[NewCircuit]) -> "_Named":
        codes = {item.customer for item in new}
        numbers = {item.contract for item in new if item.contract}
        return cls(
            {row.code: row for part in _chunks(codes) for row in Customer.objects.filter(code__in=part)},
            {row.code: row for row in Product.objects.filter(code__in={item.product for item in new})},
            {
                (line.contract.number, line.position): line
                for part in _chunks(numbers)
                for line in ContractLine.objects.filter(contract__number__in=part).select_related("contract")
            },
        )


def _row(item: NewCircuit, named: _Named, *, by: Actor) -> Circuit:
    _check_words(item)
    customer = named.customers.get(item.customer)
    if customer is None or not may_see(by, customer_id=customer.pk, region_code=customer.region_id):
        raise UnknownCode(
            msgid("Circuit {number}: there is no customer {code}; correct the code."),
            number=item.number,
            code=item.customer,
        )
    product = named.products.get(item.product)
    if product is None:
        raise UnknownCode(
            msgid("Circuit {number}: there is no product {code}; correct the code."),
            number=item.number,
            code=item.product,
        )
    region = item.region_code or item.a.region_code or customer.region_id
    if not may_see(by, customer_id=customer.pk, region_code=region):
        raise NotAllowed(
            msgid("Circuit {number} lies in region “{region}”, outside yours; ask a colleague there."),
            number=item.number,
            region=region,
        )
    return Circuit(
        number=item.number,
        customer=customer,
        contract_line=_line(item, customer, named),
        product=product,
        name=item.name,
        grade=item.grade,
        technology=item.technology,
        reach=item.reach,
        bandwidth_kbps=item.bandwidth_kbps,
        region_code=region,
        opened_on=item.opened_on,
    )


def _check_words(item: NewCircuit) -> None:
    for field, value, allowed in (
        ("grade", item.grade, CircuitGrade.values),
        ("technology", item.technology, Technology.values),
        ("reach", item.reach, [reach for reach in Reach.values if reach]),
    ):
        if value not in allowed:
            raise BadInventory(
                msgid("Circuit {number}: “{value}” is not a {field}; use one of {known}."),
                number=item.number,
                value=value,
                field=field,
                known=", ".join(allowed),
            )
    if item.bandwidth_kbps <= 0:
        raise BadInventory(
            msgid("Circuit {number}: the bandwidth of {value} kbit/s carries nothing; give more than 0."),
            number=item.number,
            value=item.bandwidth_kbps,
        )


def _line(item: NewCircuit, customer: Customer, named: _Named) -> ContractLine | None:
    if not item.contract:
        return None
    line = named.lines.get((item.contract, item.line))
    if line is None:
        raise UnknownCode(
            msgid("Circuit {number}: contract {contract} has no line {line}; register the line first."),
            number=item.number,
            contract=item.contract,
            line=item.line,
        )
    if line.contract.customer_id not in (customer.pk, customer.parent_id):
        raise BadInventory(
            msgid(
                "Circuit {number}: contract {contract} is not one of customer {code} or of its group; choose another."
            ),
            number=item.number,
            contract=item.contract,
            code=item.customer,
        )
    return line


def _end(circuit: Circuit, side: str, end: NewEnd, equipment: Mapping[str, int]) -> CircuitEnd:
    given = {field.name: getattr(end, field.name) for field in fields(end)}
    for role in ("converter", "router"):
        code = given.pop(role)
        if code and code not in equipment:
            raise UnknownCode(
                msgid(
                    "Circuit {number}: there is no device {code} for its {side} end; add it first, or correct the code."
                ),
                number=circuit.number,
                code=code,
                side=side,
            )
        given[f"{role}_id"] = equipment.get(code)
    return CircuitEnd(circuit=circuit, side=side, **given)


def _route_codes(circuit: Circuit) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {"working": [], "protection": []}
    hops = circuit.paths.order_by("hops__position").values_list("role", "hops__resource__code")
    for role, code in hops:
        codes[role].append(code)
    return codes


def _opened(row: Circuit, item: NewCircuit) -> Change:
    after = {field.name: getattr(item, field.name) for field in fields(item)}
    return _change(row, None, after)


def _change(row: Circuit, before: Mapping[str, object] | None, after: Mapping[str, object]) -> Change:
    return Change(
        "circuit",
        row.pk,
        row.number,
        dict(before) if before else None,
        dict(after),
        customer_id=row.customer_id,
        region_code=row.region_code,
    )


def _tell(action: str, changes: list[Change], *, at: datetime, by: Actor) -> None:
    journal.record(action, changes, at=at, by=by)
    journal.publish(
        [News("circuit", "circuit", c.object_id, c.customer_id, c.region_code, {"what": action}) for c in changes],
        at=at,
    )


def _chunks(values: Iterable[str]) -> list[list[str]]:
    wanted = sorted(values)
    return [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)]
