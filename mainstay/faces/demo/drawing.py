"""How is a piece of network put on paper before the inventory gets it? Devices with cards and ports, links in ducts."""

from dataclasses import dataclass, field
from random import Random

from mainstay.faces.demo.cities import City
from mainstay.network.inventory.actions.resources import NewResource

PORTS_ON_CARD = 8
VENDORS = {
    "sdh": ("澜桥光传", "LQ-S1600"), "mstp": ("澜桥光传", "LQ-M3500"), "ptn": ("砺岳通信", "LY-P980"),
    "ipran": ("砺岳通信", "LY-R910"), "otn": ("澜桥光传", "LQ-T8800"), "pon": ("珩芯网络", "HX-G600"),
    "mpls": ("珩芯网络", "HX-N9000"), "wireless": ("砺岳通信", "LY-W320"), "": ("珩芯网络", "HX-10"),
}  # fmt: skip
"""Invented makers and models by technology."""


@dataclass(frozen=True)
class Spot:
    """Where something stands: region, position in degrees, address."""

    region_code: str
    latitude: float
    longitude: float
    address: str = ""


@dataclass(frozen=True)
class Access:
    """A device customers are connected to, and its ways to the nodes of its ring: (node, hops from device to node)."""

    code: str
    city: str
    spot: Spot
    technology: str
    ways: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def protected(self) -> bool:
        """Whether two ways lead out."""
        return len(self.ways) > 1


@dataclass
class Drawing:
    """Mutable: everything drawn so far, and how the nodes (not the access) are joined."""

    dice: Random
    resources: list[NewResource] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    joined: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)
    access: list[Access] = field(default_factory=list)
    rings: list[list[str]] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    addresses: int = 0

    def number(self, prefix: str) -> str:
        """Return the prefix with the next number of its series."""
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}-{self.numbers[prefix]:03d}"

    def node(self, code: str, name: str, spot: Spot, *, role: str, technology: str) -> str:
        """Draw a site with a device in it; return the device's code."""
        site, (vendor, model) = f"{code}-JF", VENDORS[technology]
        self.resources.append(
            NewResource(
                site, "site", f"{name}机房", region_code=spot.region_code, address=spot.address,
                latitude=spot.latitude, longitude=spot.longitude,
            )
        )  # fmt: skip
        self.resources.append(
            NewResource(
                code, "device", f"{name} {model}", parent=site, role=role, technology=technology, vendor=vendor,
                model=model, management_ip=self.management_ip(),
            )
        )  # fmt: skip
        self.spots[code], self.names[code] = spot, name
        self.joined.setdefault(code, [])
        return code

    def management_ip(self) -> str:
        """Return the next management address."""
        self.addresses += 1
        return f"10.42.{self.addresses // 250}.{self.addresses % 250 + 1}"

    def port(self, device: str, *, tributary: bool = False) -> str:
        """Draw the next port of a device, with a new card for every eight; return its code."""
        series = f"{device}/{'T' if tributary else 'L'}"
        used = self.ports.get(series, 0)
        self.ports[series] = used + 1
        card, label = f"{series}{used // PORTS_ON_CARD + 1}", "支路板" if tributary else "线路板"
        if used % PORTS_ON_CARD == 0:
            self.resources.append(
                NewResource(card, "card", f"{self.names[device]} {card.rsplit('/', 1)[1]} {label}", parent=device)
            )
        port = f"{card}/{used % PORTS_ON_CARD + 1}"
        self.resources.append(
            NewResource(port, "port", f"{self.names[device]} {port.split('/', 1)[1]} 口", parent=card)
        )
        return port

    def duct(self, city: City | str, name: str, region: str) -> str:
        """Draw a duct; return its code."""
        letters = city if isinstance(city, str) else city.letters
        code = self.number(f"{letters}-GD")
        self.resources.append(NewResource(code, "duct", f"{name}管道", region_code=region))
        return code

    def fibre(self, letters: str, name: str, duct: str, region: str) -> str:
        """Draw a cable with a fibre pair in a duct; return the fibre's code."""
        cable = self.number(f"{letters}-GL")
        self.resources.append(NewResource(cable, "cable", f"{name}光缆", parent=duct, region_code=region))
        fibre = f"{cable}/1"
        self.resources.append(NewResource(fibre, "fibre", f"{name}光缆 1 号纤对", parent=cable, region_code=region))
        return fibre

    def link(self, one: str, other: str, letters: str, *, ducts: tuple[str, ...] = (), technology: str = "") -> str:
        """Join two devices by a link between new ports, through a cable in each duct; return the link's code."""
        region = self.spots[one].region_code
        name = f"{self.names[one]}—{self.names[other]}"
        through = ducts or (self.duct(letters, name, region),)
        code = self.number(f"{letters}-LK")
        self.resources.append(
            NewResource(
                code, "link", f"{name} 链路", a_end=self.port(one), z_end=self.port(other), region_code=region,
                technology=technology, runs_in=tuple(self.fibre(letters, name, duct, region) for duct in through),
            )
        )  # fmt: skip
        self.ends[code] = (one, other)
        return code

    def trunk(self, one: str, other: str, letters: str, *, ducts: tuple[str, ...] = (), technology: str = "") -> str:
        """Join two nodes by a link that routes may use; return the link's code."""
        code = self.link(one, other, letters, ducts=ducts, technology=technology)
        self.joined[one].append((other, code))
        self.joined[other].append((one, code))
        return code

    def near(self, spot: Spot, region: str, address: str, spread: float = 0.04) -> Spot:
        """Return a spot near another one."""
        return Spot(
            region,
            round(spot.latitude + self.dice.uniform(-spread, spread), 4),
            round(spot.longitude + self.dice.uniform(-spread, spread), 4),
            address,
        )
