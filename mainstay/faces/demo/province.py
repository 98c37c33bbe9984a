"""What does the demo's network look like? Real backbone, trunk in two planes, city rings, access."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from mainstay.faces.demo.cities import PROVINCE_LINKS, REMOTE, City, cities, short
from mainstay.faces.demo.drawing import Access, Drawing, Spot
from mainstay.faces.demo.facts import tables
from mainstay.faces.demo.names import Names

RING_TECHNOLOGIES = ("mstp", "ptn", "ipran", "otn", "mpls")
ACCESS_TECHNOLOGIES = {
    "mstp": ("mstp", "sdh", "mstp", "wireless"),
    "ptn": ("ptn", "ptn", "pon"),
    "ipran": ("ipran", "ipran", "pon", "wireless"),
    "otn": ("otn",),
    "mpls": ("mpls", "pon"),
}
PAIRED = 0.45
"""Share of access points that come as two devices in a small ring between two nodes; the rest hang on one tail."""
SHARED_EXIT = 0.3
"""Share of city rings whose two ends leave the core sites through one duct: the shared risk people should find."""


@dataclass(frozen=True)
class Extent:
    """How much is built: rings in the capital and in other cities, cities, access points per node, remote places."""

    capital_rings: int
    city_rings: int
    cities: int
    access_per_node: float
    remote: int


def draw_province(extent: Extent, names: Names, dice: Random) -> Drawing:
    """Draw everything but the customers' own equipment."""
    drawing = Drawing(dice)
    built = cities()[: extent.cities]
    _draw_backbone(drawing, built, extent.remote)
    for city in built:
        _draw_core(drawing, city, names)
    _draw_planes(drawing, built)
    for city in built:
        rings = extent.capital_rings if city.letters == "WH" else extent.city_rings
        for ring in range(rings):
            technology = RING_TECHNOLOGIES[(ring + dice.randrange(2)) % len(RING_TECHNOLOGIES)]
            _draw_ring(drawing, city, technology, names, extent.access_per_node)
    return drawing


def backbone_code(name: str) -> str:
    """Return the code of a backbone device: CN2-XIAN for Xi'an."""
    return "BB-" + "".join(letter for letter in name.upper() if letter.isalpha())


def _draw_backbone(drawing: Drawing, built: tuple[City, ...], remote: int) -> None:
    """Draw Chinanet's places and links; only the joined part is reachable, as on the map it was taken from."""
    for place in tables.backbone_nodes():
        assert place.latitude is not None
        assert place.longitude is not None
        spot = Spot(place.code, place.latitude, place.longitude, f"{place.name}骨干枢纽楼")
        drawing.node(backbone_code(place.name_en), f"{place.name}骨干", spot, role="backbone", technology="mpls")
    for one, other in tables.backbone_links():
        drawing.trunk(backbone_code(one), backbone_code(other), "BB", technology="otn")
    places = {place.name_en: place for place in tables.backbone_nodes()}
    for name in REMOTE[:remote]:
        place, core = places[name], backbone_code(name)
        spot = drawing.near(drawing.spots[core], place.code, f"{place.name}综合接入楼")
        code = drawing.node(f"{core}-JR1", f"{place.name}接入", spot, role="access", technology="mpls")
        tail = drawing.link(core, code, "BB", technology="mpls")
        drawing.access.append(Access(code, place.code, spot, "mpls", ((core, (tail, core)),)))


def _draw_core(drawing: Drawing, city: City, names: Names) -> None:
    for plane, label in (("A", "核心"), ("B", "枢纽")):
        district = city.districts[0 if plane == "A" else 1 % len(city.districts)]
        spot = drawing.near(Spot(city.code, city.latitude, city.longitude), district[0], names.street(), 0.02)
        drawing.node(f"{city.letters}-C{plane}", f"{city.name}{label}", spot, role="backbone", technology="otn")
    drawing.trunk(f"{city.letters}-CA", f"{city.letters}-CB", city.letters, technology="otn")


def _draw_planes(drawing: Drawing, built: tuple[City, ...]) -> None:
    """Join the cities in two planes, and the capital to the backbone; a third of the spans share a duct."""
    letters = {city.letters for city in built}
    spans = [span for span in PROVINCE_LINKS if letters.issuperset(span)]
    named = {city.letters: city for city in built}
    for one, other in spans:
        region = named[one].code
        name = f"{named[one].name}—{named[other].name}干线"
        first = drawing.duct(one, f"{name}甲", region)
        second = first if drawing.dice.random() < SHARED_EXIT else drawing.duct(one, f"{name}乙", region)
        drawing.trunk(f"{one}-CA", f"{other}-CA", one, ducts=(first,), technology="otn")
        drawing.trunk(f"{one}-CB", f"{other}-CB", one, ducts=(second,), technology="otn")
    for plane in "AB":
        drawing.trunk(f"WH-C{plane}", backbone_code("Wuhan"), "WH", technology="otn")


def _draw_ring(drawing: Drawing, city: City, technology: str, names: Names, access: float) -> None:
    """Draw a ring of 4 to 8 nodes from one core site to the other, then what hangs on it."""
    core = Spot(city.code, city.latitude, city.longitude)
    nodes = []
    for _ in range(drawing.dice.randint(4, 8)):
        code, district = drawing.dice.choice(city.districts)
        serial = drawing.number(f"{city.letters}-{technology.upper()}")
        spot = drawing.near(core, code, names.street(), 0.18)
        label = f"{short(district)}{serial.rsplit('-', 1)[1]} 汇聚"
        nodes.append(drawing.node(serial, label, spot, role="aggregation", technology=technology))
    ring = [f"{city.letters}-CA", *nodes, f"{city.letters}-CB"]
    exits: tuple[str, ...] = ()
    if drawing.dice.random() < SHARED_EXIT:
        exits = (drawing.duct(city, f"{city.name}核心出局", city.code),)
    for index, (one, other) in enumerate(pairwise(ring)):
        at_core = index in (0, len(ring) - 2)
        own = drawing.duct(city, f"{drawing.names[one]}—{drawing.names[other]}", drawing.spots[one].region_code)
        drawing.trunk(one, other, city.letters, ducts=(own, *(exits if at_core else ())), technology=technology)
    drawing.rings.append(nodes)
    for index, node in enumerate(nodes):
        wanted = int(access) + (drawing.dice.random() < access - int(access))
        for _ in range(wanted):
            _draw_access(drawing, city, technology, (node, nodes[(index + 1) % len(nodes)]), names)


def _draw_access(drawing: Drawing, city: City, ring_technology: str, nodes: tuple[str, str], names: Names) -> None:
    technology = drawing.dice.choice(ACCESS_TECHNOLOGIES[ring_technology])
    if technology in ("pon", "wireless") or drawing.dice.random() >= PAIRED:
        device = _access_device(drawing, city, technology, nodes[0], names)
        tail = drawing.link(nodes[0], device, city.letters, technology=technology)
        _add(drawing, city, device, technology, ((nodes[0], (tail, nodes[0])),))
        return
    one = _access_device(drawing, city, technology, nodes[0], names)
    other = _access_device(drawing, city, technology, nodes[1], names)
    first = drawing.link(nodes[0], one, city.letters, technology=technology)
    middle = drawing.link(one, other, city.letters, technology=technology)
    last = drawing.link(nodes[1], other, city.letters, technology=technology)
    east, west = (nodes[0], (first, nodes[0])), (nodes[1], (last, nodes[1]))
    _add(drawing, city, one, technology, (east, (nodes[1], (middle, other, *west[1]))))
    _add(drawing, city, other, technology, (west, (nodes[0], (middle, one, *east[1]))))


def _access_device(drawing: Drawing, city: City, technology: str, node: str, names: Names) -> str:
    near = drawing.spots[node]
    spot = drawing.near(near, near.region_code, names.street(), 0.03)
    serial = drawing.number(f"{city.letters}-{technology.upper()}-JR")
    label = f"{drawing.names[node].split(' ')[0][:-3]}{names.brand()}接入"
    return drawing.node(serial, label, spot, role="access", technology=technology)


def _add(
    drawing: Drawing, city: City, device: str, technology: str, ways: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    drawing.access.append(Access(device, city.code, drawing.spots[device], technology, ways))
