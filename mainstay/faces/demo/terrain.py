"""What can fail in the demo's network, and what else alarms when it does? Read from the inventory once."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from mainstay.domain.actor import Actor
from mainstay.faces.demo import sources
from mainstay.network.inventory.queries import places, topology

_Ends = defaultdict[str, list[tuple[str, str]]]
_COLUMNS = ("pk", "code", "kind", "parent__code", "a_end__code", "z_end__code", "role", "technology", "name")


@dataclass(frozen=True)
class Link:
    """A link between ports (a customer's tail also ends at a device); `load` counts the paths over it."""

    code: str
    a_end: str
    z_end: str
    technology: str
    load: int
    name: str

    @property
    def source(self) -> str:
        """Return which system reports it."""
        return sources.source_of(self.technology)


@dataclass(frozen=True)
class Device:
    """A device, its site (a converter or router stands in none) and the links at it: (link, far end)."""

    code: str
    site: str
    role: str
    technology: str
    load: int
    name: str
    links: tuple[tuple[str, str], ...]

    @property
    def source(self) -> str:
        """Return which system reports it."""
        return sources.source_of(self.technology)


@dataclass(frozen=True)
class Terrain:
    """All of it, in the order of the codes, so that a seed picks the same things again."""

    links: tuple[Link, ...]
    devices: tuple[Device, ...]
    cards: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    ducts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    link_of: dict[str, Link] = field(default_factory=dict)
    device_of: dict[str, Device] = field(default_factory=dict)


def read_terrain(by: Actor) -> Terrain:
    """Read devices, cards, links and the ducts they run in (about 8 queries)."""
    rows = list(places.visible_to(by).order_by("code").values_list(*_COLUMNS))
    load = _loads()
    parent_of = {code: parent for _, code, _, parent, *_ in rows}
    links = tuple(
        Link(code, a, z, technology, load.get(pk, 0), name)
        for pk, code, kind, _, a, z, _, technology, name in rows
        if kind == "link" and not code.endswith("/LAN")
    )
    at_device, at_card = _far_ends(links, parent_of)
    devices = tuple(
        Device(code, parent or "", role, technology, load.get(pk, 0), name, tuple(at_device[code]))
        for pk, code, kind, parent, _, _, role, technology, name in rows
        if kind == "device"
    )
    return Terrain(
        links,
        devices,
        {card: tuple(ends) for card, ends in sorted(at_card.items())},
        _ducts(by),
        {link.code: link for link in links},
        {device.code: device for device in devices},
    )


def _loads() -> dict[int, int]:
    """Count by resource id how many paths list it."""
    read = topology.read_topology()
    counts = np.bincount(read.path_resources, minlength=len(read.resource_ids))
    return dict(zip(read.resource_ids.tolist(), counts.tolist(), strict=True))


def _far_ends(links: tuple[Link, ...], parent_of: dict[str, str | None]) -> tuple[_Ends, _Ends]:
    """Return by device and by card the links there with their far ends."""
    at_device: _Ends = defaultdict(list)
    at_card: _Ends = defaultdict(list)
    for link in links:
        for near, far in ((link.a_end, link.z_end), (link.z_end, link.a_end)):
            card = parent_of.get(near)
            if "/" not in near:
                at_device[near].append((link.code, far))
                continue
            if card:
                at_card[card].append((link.code, far))
            at_device[near.split("/", 1)[0]].append((link.code, far))
    return at_device, at_card


def _ducts(by: Actor) -> dict[str, tuple[str, ...]]:
    """Return the links by duct, for ducts with more than one."""
    through: dict[str, list[str]] = defaultdict(list)
    pairs = places.visible_to(by).filter(kind="link", dependencies__isnull=False)
    for link, duct in pairs.values_list("code", "dependencies__on__parent__parent__code").order_by("code"):
        if duct and link not in through[duct]:
            through[duct].append(link)
    return {duct: tuple(links) for duct, links in sorted(through.items()) if len(links) > 1}
