"""Which circuits do the firms have, from which premises, over which ways, under which contracts? As rows."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from mainstay.faces.demo.cities import short
from mainstay.faces.demo.drawing import PORTS_ON_CARD, VENDORS
from mainstay.faces.demo.large.accounts import Firm, Row
from mainstay.faces.demo.large.ground import Ground, Hops, Outlet
from mainstay.faces.demo.large.names import ManyNames
from mainstay.faces.demo.lines import CONVERTERS, GRADES_BY_SERVICE, PREMISES, PROTECTED, PROTOCOLS, SPEEDS
from mainstay.faces.demo.sources import source_of

TO_THE_CORE = frozenset({"internet-line", "idc", "apn", "sms-line"})
AT_A_HUB = 6
"""How many circuits end at one of a firm's own places before the next one is built."""
PRICES = {"AAA": 9, "AA": 6, "A": 4, "I": 3, "II": 2, "III": 1}


@dataclass(frozen=True, slots=True)
class Place:
    """Premises of a firm: its converter, its tail, the card the tail ends at (ids), and where that is."""

    number: int
    firm: int
    outlet: Outlet
    converter: int
    tail: int
    card: int
    source: str
    name: str
    address: str
    region: str


@dataclass
class Works:
    """Mutable: draws premises and circuits, keeps rows for the inventory and flat arrays for what happens to them."""

    ground: Ground
    names: ManyNames
    dice: Random
    today: date
    products: dict[str, int]
    calendars: dict[str, int]
    places: list[Place] = field(default_factory=list)
    resources: list[Row] = field(default_factory=list)
    circuits: list[Row] = field(default_factory=list)
    ends: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    terms: list[Row] = field(default_factory=list)
    paths: int = 0
    at_place: "list[array[int]]" = field(default_factory=list)
    """The circuits at each place, by its number."""
    special: set[int] = field(default_factory=set)
    """Circuits whose contract has terms of its own."""
    _numbers: dict[str, int] = field(default_factory=dict)
    _cards: dict[int, tuple[int, int]] = field(default_factory=dict)
    _ways: list[tuple[Hops, Hops]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Number resources on after those of the network."""
        self._next = len(self.ground.rows) + 1

    def install(self, firm: Firm) -> None:
        """Draw what one firm has."""
        grades, weights = zip(*GRADES_BY_SERVICE[firm.grade], strict=True)
        hub, at_hub = self._place(firm, "本部"), 0
        orders = []
        for _ in range(firm.wanted):
            product = "internet-line" if firm.kind == "individual" else self.dice.choice(firm.trade.products)
            orders.append((product, self.dice.choices(grades, weights)[0]))
        line_of = self._sign(firm, orders)
        for product, grade in orders:
            if at_hub >= AT_A_HUB:
                hub, at_hub = self._place(firm, self.dice.choice(PREMISES)), 0
            at_hub += 1
            to_core = product in TO_THE_CORE or firm.wanted == 1
            self._circuit(firm, hub, None if to_core else self._far(firm), (product, grade), line_of[product, grade])

    def _far(self, firm: Firm) -> Place:
        label = f"{short(self.dice.choice(firm.city.districts)[1])}{self.dice.choice(PREMISES)}"
        return self._place(firm, label)

    def _place(self, firm: Firm, label: str) -> Place:
        """Draw converter and tail at a place of the firm, and the port they end at."""
        outlet = self.dice.choice(self.ground.outlets[firm.city.code])
        number, converter, tail = len(self.places), self._take(), self._take()
        code, region, technology = f"ZH-{number:06d}", outlet.access.spot.region_code, outlet.access.technology
        card, port = self._port(outlet)
        vendor, model = VENDORS[technology][0], CONVERTERS.get(technology, "NT-GE4")
        kind = "协议转换器" if technology in ("sdh", "mstp") else "接入终端"
        self.resources += [
            _row(converter, code, "device", f"{kind} {code}", region=region, role="converter", technology=technology,
                 vendor=vendor, model=model),
            _row(tail, f"{code}/JR", "link", f"接入链路 {code}", ends=(converter, port), region=region,
                 technology=technology),
        ]  # fmt: skip
        name = f"{firm.short_name or firm.name} {label}"
        address = f"{firm.city.name}市{self.names.street()}"
        place = Place(number, firm.id, outlet, converter, tail, card, source_of(technology), name, address, region)
        self.places.append(place)
        self.at_place.append(array("i"))
        return place

    def _take(self) -> int:
        self._next += 1
        return self._next - 1

    def _port(self, outlet: Outlet) -> tuple[int, int]:
        card, used = self._cards.get(outlet.id, (0, 0))
        code, region = outlet.access.code, outlet.access.spot.region_code
        slot, seat = divmod(used, PORTS_ON_CARD)
        if seat == 0:
            card = self._take()
            self.resources.append(
                _row(card, f"{code}/T{slot + 1}", "card", f"{code} T{slot + 1} 支路板", parent=outlet.id, region=region)
            )
        port = self._take()
        label = f"{code}/T{slot + 1}/{seat + 1}"
        self.resources.append(_row(port, label, "port", f"{label} 口", parent=card, region=region))
        self._cards[outlet.id] = (card, used + 1)
        return card, port

    def _sign(self, firm: Firm, orders: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Draw the contract over a firm's orders; return the ids of its lines."""
        begins = self.today - timedelta(days=self.dice.randint(60, 900))
        number, name = f"HT-{begins.year}-{firm.id:06d}", f"专线服务协议（{firm.short_name or firm.name}）"
        dates = (begins - timedelta(days=9), begins, begins + timedelta(days=365 * 3))
        self.contracts.append((firm.id, number, firm.id, name, *(day.isoformat() for day in dates)))
        if self.dice.random() < 0.004:
            self._agree(firm.id)
        ids = {}
        for position, (product, grade) in enumerate(dict.fromkeys(orders), start=1):
            ids[product, grade] = len(self.lines) + 1
            price = PRICES[grade] * self.dice.randint(60, 140) * 1_000
            self.lines.append((ids[product, grade], firm.id, position, self.products[product], grade, price))
        return ids

    def _agree(self, contract: int) -> None:
        """Agree something of the contract's own, for as long as history goes back."""
        amount, unit, calendar = self.dice.choice(
            ((45, "natural_minutes", "24x7"), (120, "natural_minutes", "24x7"), (240, "working_minutes", "office"))
        )
        since = (self.today - timedelta(days=2_000)).isoformat()
        row = (len(self.terms) + 1, contract, "restoration", f"{amount}.000", unit, self.calendars[calendar], since)
        self.terms.append(row)

    def _circuit(self, firm: Firm, hub: Place, far: Place | None, order: tuple[str, str], line: int) -> None:
        product, grade = order
        pk, near = len(self.circuits) + 1, far or hub
        protected = self.dice.random() < PROTECTED.get(grade, 0)
        ways = (
            self.ground.ways(far.outlet, hub.outlet, protected=protected)
            if far
            else self.ground.ways_to_core(hub.outlet, protected=protected)
        )
        home = (hub.tail, hub.converter) if far else ()
        self._ways.append(tuple((near.converter, near.tail, *way, *home) if way else () for way in ways))  # type: ignore[arg-type]
        technology = near.outlet.access.technology
        series = f"{near.outlet.letters}-{hub.outlet.letters}-{technology.upper()}"
        self._numbers[series] = self._numbers.get(series, 0) + 1
        opened_on = (self.today - timedelta(days=self.dice.randint(950, 1800))).isoformat()
        self.circuits.append(
            (
                pk, f"{series}-{self._numbers[series]:05d}", firm.id, line, self.products[product],
                f"{near.name}—{hub.name if far else f'{firm.city.name}核心'}", grade, technology, "local",
                self.dice.choice(SPEEDS.get(product, (2_048,))), near.region, opened_on,
            )
        )  # fmt: skip
        self.ends.append(self._end(pk, "A", near, product, firm))
        self.ends.append(
            self._end(pk, "Z", hub, product, firm)
            if far
            else (
                pk,
                "Z",
                f"{firm.city.name}核心机房",
                "",
                "",
                "",
                firm.city.code,
                None,
                "GE",
                PROTOCOLS.get(product, "IP"),
                None,
            )
        )
        for place in {near.number, hub.number}:
            self.at_place[place].append(pk)
        if self.terms and self.terms[-1][1] == firm.id:
            self.special.add(pk)

    def _end(self, circuit: int, side: str, place: Place, product: str, firm: Firm) -> Row:
        interface = "E1" if product in ("digital-circuit", "voice-line", "ddn", "fr") else "GE"
        last = circuit * 2 + (side == "Z")
        address = f"10.{64 + last // 65536 % 64}.{last // 256 % 256}.{last % 256}"
        person, phone = firm.contact[1], firm.people[1]
        return (
            circuit, side, place.name, place.address, person, phone, place.region, place.converter, interface,
            PROTOCOLS.get(product, "IP"), address,
        )  # fmt: skip

    def path_rows(self) -> Iterator[Row]:
        """Give the paths, the working one of a circuit first."""
        key = 0
        for circuit, ways in enumerate(self._ways, start=1):
            for role, way in zip(("working", "protection"), ways, strict=True):
                if way:
                    key += 1
                    yield key, circuit, role

    def hop_rows(self) -> Iterator[Row]:
        """Give the hops, path by path."""
        key = 0
        for ways in self._ways:
            for way in filter(None, ways):
                key += 1
                for position, hop in enumerate(way, start=1):
                    yield key, position, hop

    def forget_ways(self) -> None:
        """Free the memory of the ways once they are laid."""
        self._ways.clear()


def _row(
    pk: int, code: str, kind: str, name: str, *, region: str, parent: int | None = None,
    ends: tuple[int | None, int | None] = (None, None), role: str = "", technology: str = "", vendor: str = "",
    model: str = "",
) -> Row:  # fmt: skip
    return (pk, code, kind, name, parent, *ends, region, role, technology, vendor, model, "", None, None, None)
