"""Which circuits do the accounts have, between which premises, over which ways, under which contracts?"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.contracts.actions import NewContract, NewLine
from mainstay.faces.demo.accounts import Account
from mainstay.faces.demo.cities import City, short
from mainstay.faces.demo.drawing import VENDORS, Access, Drawing
from mainstay.faces.demo.names import Names
from mainstay.faces.demo.wayfinding import Way, Wayfinder
from mainstay.network.inventory.actions.circuits import NewCircuit, NewEnd
from mainstay.network.inventory.actions.resources import NewResource

GRADES_BY_SERVICE = {
    "gold": (("AAA", 25), ("AA", 35), ("A", 25), ("I", 15)),
    "silver": (("AAA", 8), ("AA", 20), ("A", 37), ("I", 25), ("II", 10)),
    "bronze": (("A", 15), ("I", 30), ("II", 35), ("III", 20)),
    "standard": (("I", 10), ("II", 40), ("III", 50)),
}
PROTECTED = {"AAA": 1.0, "AA": 0.85, "A": 0.35, "I": 0.05}
"""With which chance a circuit of a grade is ordered with a protection path."""
PREMISES = ("网点", "营业部", "分部", "机房", "仓库")
CONVERTERS = {"sdh": "MC-E1", "mstp": "MC-E1", "pon": "ONU-8", "wireless": "OD-32"}
SPEEDS = {
    "digital-circuit": (2_048, 34_368, 155_520), "mstp-line": (10_000, 50_000, 100_000),
    "otn-line": (1_000_000, 10_000_000),
    "mpls-vpn": (20_000, 100_000, 200_000), "internet-line": (100_000, 200_000, 500_000, 1_000_000),
    "data-line": (4_000, 10_000, 20_000), "dark-fibre": (10_000_000,), "ddn": (64, 128, 256), "fr": (512, 1_024, 2_048),
    "voice-line": (2_048,), "sms-line": (2_048,), "apn": (10_000,), "idc": (1_000_000,),
    "digital-trunk": (2_048, 8_448),
}  # fmt: skip
PROTOCOLS = {"digital-circuit": "HDLC", "ddn": "PPP", "fr": "FR", "voice-line": "PRI", "digital-trunk": "SS7"}
REACHES = (("local", 55), ("province", 35), ("country", 10))


@dataclass(frozen=True)
class Premises:
    """A place of a customer: its equipment, and the hops from its router to the access device (not included)."""

    name: str
    address: str
    region: str
    access: Access
    converter: str
    router: str
    contact: tuple[str, str]

    @property
    def hops(self) -> Way:
        """Return router, patch, converter and tail."""
        return (self.router, f"{self.router}/LAN", self.converter, f"{self.converter}/JR")


@dataclass
class Installer:
    """Mutable: draws premises and circuits; deterministic for a seed."""

    drawing: Drawing
    names: Names
    dice: Random
    today: date
    circuits: list[NewCircuit] = field(default_factory=list)
    contracts: list[NewContract] = field(default_factory=list)
    _access: dict[str, list[Access]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _boxes: int = 0

    def __post_init__(self) -> None:
        """Sort the access devices by city, and prepare to find ways."""
        self.ways = Wayfinder(self.drawing)
        for access in self.drawing.access:
            self._access.setdefault(access.city, []).append(access)
        self.remote = [city for city in self._access if not city.startswith("42")]
        self.letters = {access.city: access.code.split("-")[0] for access in self.drawing.access}

    def install(self, account: Account, cities: tuple[City, ...]) -> None:
        """Draw what one account has: a hub, premises, circuits between them, and the contract over them."""
        grades, weights = zip(*GRADES_BY_SERVICE[account.new.service_grade], strict=True)
        hub = self._premises(
            account, account.city, "总部" if account.new.kind == "group" else "本部", good="A" in grades[0]
        )
        orders = []
        for _ in range(account.circuits):
            grade = self.dice.choices(grades, weights)[0]
            product = "internet-line" if account.new.kind == "individual" else self.dice.choice(account.trade.products)
            orders.append((product, grade))
        contract, lines = self._sign(account, orders)
        for product, grade in orders:
            line = lines.index((product, grade)) + 1
            self.circuits.append(self._circuit(account, hub, (product, grade), (contract, line), cities))

    def _premises(self, account: Account, city: City, label: str, *, good: bool) -> Premises:
        options = self._access[city.code]
        if good:
            options = [access for access in options if access.protected] or options
        return self._fit_out(account, self.dice.choice(options), f"{city.name}市", label)

    def _fit_out(self, account: Account, access: Access, place: str, label: str) -> Premises:
        """Draw converter and router at a customer's place, with the tail to the access device."""
        self._boxes += 1
        name = f"{account.new.short_name or account.new.name}{label}"
        converter, router = f"ZH-{self._boxes:05d}", f"LY-{self._boxes:05d}"
        region, technology = access.spot.region_code, access.technology
        kind = "协议转换器" if technology in ("sdh", "mstp") else "接入终端"
        maker, model = self.dice.choice((("珩芯网络", "HX-R26"), ("珩芯网络", "HX-R36"), ("砺岳通信", "LY-AR12")))
        boxes = (
            (converter, "converter", kind, VENDORS[technology][0], CONVERTERS.get(technology, "NT-GE4")),
            (router, "router", "路由器", maker, model),
        )
        for code, role, kind, vendor, model in boxes:
            self.drawing.resources.append(
                NewResource(
                    code, "device", f"{name}{kind}", region_code=region, role=role, technology=technology,
                    vendor=vendor, model=model,
                )
            )  # fmt: skip
        port = self.drawing.port(access.code, tributary=True)
        for code, one, other, kind in (
            (f"{converter}/JR", converter, port, "接入"),
            (f"{router}/LAN", router, converter, "跳线"),
        ):
            self.drawing.resources.append(
                NewResource(code, "link", f"{name}{kind}", a_end=one, z_end=other, region_code=region)
            )
        address = f"{place}{self.names.street()}"
        return Premises(name, address, region, access, converter, router, (self.names.person(), self.names.mobile()))

    def _far_end(self, account: Account, product: str, grade: str, reach: str, cities: tuple[City, ...]) -> Premises:
        good = PROTECTED.get(grade, 0) > 0.5
        if reach == "country":
            access = self._access[self.dice.choice(self.remote)][0]
            place = self.drawing.names[access.code].removesuffix("接入")
            return self._fit_out(account, access, f"{place}市", f"{place}办事处")
        elsewhere = [city for city in cities if city is not account.city]
        city = self.dice.choice(elsewhere) if reach == "province" and elsewhere else account.city
        district = short(self.dice.choice(city.districts)[1])
        return self._premises(
            account, city, f"{district}{self.dice.choice(('网点', '营业部', '分部', '机房', '仓库'))}", good=good
        )

    def _circuit(
        self, account: Account, hub: Premises, order: tuple[str, str], line: tuple[str, int], cities: tuple[City, ...]
    ) -> NewCircuit:
        product, grade = order
        if product in ("internet-line", "idc", "apn", "sms-line"):
            return self._to_the_core(account, hub, order, line)
        reach = self.dice.choices([r for r, _ in REACHES], [w for _, w in REACHES])[0]
        reach = reach if self.remote or reach != "country" else "local"
        far = self._far_end(account, product, grade, reach, cities)
        if reach == "province" and far.access.city == hub.access.city:
            reach = "local"
        working, protection = self._ways(far.access, hub.access, grade)
        home = tuple(reversed(hub.hops))
        return self._order(
            account, order, line, reach, (far, hub),
            (*far.hops, *working, *home), (*far.hops, *protection, *home) if protection else (),
        )  # fmt: skip

    def _ways(self, one: Access, other: Access | str, grade: str) -> tuple[Way, Way]:
        """Find the working way and, as the grade asks for it, the protection way."""
        if self.dice.random() < PROTECTED.get(grade, 0):
            return self.ways.pair(one, other)
        return self.ways.working(one, other), ()

    def _to_the_core(
        self, account: Account, hub: Premises, order: tuple[str, str], line: tuple[str, int]
    ) -> NewCircuit:
        """Draw a circuit that ends in the operator's own core: Internet, hosting, mobile access."""
        core = f"{self.letters[account.city.code]}-CA"
        near = hub if self.dice.random() < 0.5 else self._premises(account, account.city, "分部", good=False)
        working, protection = self._ways(near.access, core, order[1])
        return self._order(
            account, order, line, "local", (near, None),
            (*near.hops, *working), (*near.hops, *protection) if protection else (),
        )  # fmt: skip

    def _order(
        self, account: Account, order: tuple[str, str], line: tuple[str, int], reach: str,
        ends: tuple[Premises, Premises | None], working: Way, protection: Way,
    ) -> NewCircuit:  # fmt: skip
        product, grade = order
        near, far = ends
        technology = near.access.technology
        letters = [self.letters[p.access.city] if p else self.letters[account.city.code] for p in (near, far)]
        letters = [self._short(code, p) for code, p in zip(letters, (near, far), strict=True)]
        series = f"{letters[0]}-{letters[1]}-{technology.upper()}"
        self._numbers[series] = self._numbers.get(series, 0) + 1
        serial = len(self.circuits) + 1
        a = self._end(near, product, serial, 1)
        z = (
            self._end(far, product, serial, 2)
            if far
            else NewEnd(f"{account.city.name}核心机房", region_code=account.city.code)
        )
        return NewCircuit(
            number=f"{series}-{self._numbers[series]:04d}",
            customer=account.code,
            product=product,
            grade=grade,
            technology=technology,
            reach=reach,
            bandwidth_kbps=self.dice.choice(SPEEDS.get(product, (2_048,))),
            a=a,
            z=z,
            working=working,
            protection=protection,
            region_code=near.region if near.region.startswith("42") else account.new.region,
            contract=line[0],
            line=line[1],
            name=f"{near.name}—{far.name if far else f'{account.city.name}核心'}",
            opened_on=self.today - timedelta(days=self.dice.randint(40, 1800)),
        )

    def _short(self, letters: str, premises: Premises | None) -> str:
        return premises.access.code.split("-")[1][:2] if letters == "BB" and premises else letters

    def _end(self, premises: Premises, product: str, serial: int, side: int) -> NewEnd:
        return NewEnd(
            site_name=premises.name,
            address=premises.address,
            contact_name=premises.contact[0],
            contact_phone=premises.contact[1],
            region_code=premises.region,
            converter=premises.converter,
            router=premises.router,
            interface="E1" if product in ("digital-circuit", "voice-line", "ddn", "fr") else "GE",
            protocol=PROTOCOLS.get(product, "IP"),
            ip_address=f"172.{16 + serial // 16384}.{serial // 64 % 256}.{serial % 64 * 4 + side}",
        )

    def _sign(self, account: Account, orders: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
        """Draw the contract over an account's orders; return its number and its lines' orders, from position 1."""
        lines = list(dict.fromkeys(orders))
        begins = self.today - timedelta(days=self.dice.randint(60, 900))
        number = f"HT-{begins.year}-{len(self.contracts) + 1:05d}"
        special = (self._special(begins),) if self.dice.random() < 0.08 else ()
        self.contracts.append(
            NewContract(
                number=number,
                customer=account.code,
                name=f"{account.new.short_name or account.new.name}专线服务协议",
                signed_on=begins - timedelta(days=9),
                starts_on=begins,
                ends_on=begins + timedelta(days=365 * 3),
                lines=tuple(NewLine(i, *order, self._price(order[1])) for i, order in enumerate(lines, start=1)),
                terms=special,
                auto_renew_months=12 if len(self.contracts) % 3 == 0 else 0,
                notice_days=30,
                payment="按月后付",
                registration_number=f"BA-{begins.year}-{len(self.contracts) + 1:05d}",
                registered_on=begins - timedelta(days=4),
            )
        )
        return number, lines

    def _price(self, grade: str) -> int:
        factor = {"AAA": 9, "AA": 6, "A": 4, "I": 3, "II": 2, "III": 1}[grade]
        return factor * self.dice.randint(60, 140) * 1_000

    def _special(self, begins: date) -> Terms:
        """Draw a promise of a contract's own: mostly stricter, some in working time."""
        if self.dice.random() < 0.3:
            return Terms("restoration", Decimal(240), "working_minutes", "office", begins)
        return Terms("restoration", Decimal(self.dice.choice((45, 90, 120))), "natural_minutes", "24x7", begins)
