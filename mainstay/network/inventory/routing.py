"""Does a route join up? Pure rules over resources already read (E2).

A route lists devices, cards, ports and links from A to Z. Two neighbours join when
- one is a link and one of its ends is the other, lies within it, or holds it (a link ending at a port joins that
  port, its card and its device; a link ending at a device joins that device's cards and ports), and a link is never
  left by the end
  it was entered by;
- both are links with an end in the same device;
- neither is a link and both lie in the same device.
Sites, rooms, ducts, cables and fibres carry no traffic by themselves: a link depends on them instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mainstay.domain.errors import msgid
from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.inventory.errors import BadRoute

CARRIERS = frozenset({ResourceKind.DEVICE, ResourceKind.CARD, ResourceKind.PORT, ResourceKind.LINK})


@dataclass(frozen=True)
class Part:
    """What the rules need to know of a resource."""

    id: int
    code: str
    kind: str
    parent_id: int | None
    a_end_id: int | None
    z_end_id: int | None


class Joints:
    """Answers whether neighbours join, for the parts given (hops, ends of links, and all that holds them)."""

    def __init__(self, parts: Mapping[int, Part]) -> None:
        self.parts = parts
        self._within: dict[int, frozenset[int]] = {}

    def within(self, part: int) -> frozenset[int]:
        """Return the device, card and port a part lies in, itself included; not the site around the device."""
        if part not in self._within:
            chain, at = [part], self.parts[part]
            while at.kind != ResourceKind.DEVICE and at.parent_id is not None:
                chain.append(at.parent_id)
                at = self.parts[at.parent_id]
            self._within[part] = frozenset(chain)
        return self._within[part]

    def ends_at(self, link: Part, other: Part) -> frozenset[str]:
        """Return at which of its ends ("a", "z") a link joins its neighbour."""
        joined = set()
        for side, end in (("a", link.a_end_id), ("z", link.z_end_id)):
            if end is not None and self._touches(end, other):
                joined.add(side)
        return frozenset(joined)

    def _touches(self, end: int, other: Part) -> bool:
        if other.kind == ResourceKind.LINK:
            mine = self.within(end)
            return any(mine & self.within(o) for o in (other.a_end_id, other.z_end_id) if o is not None)
        return other.id in self.within(end) or end in self.within(other.id)

    def join(self, one: Part, other: Part) -> bool:
        """Say whether two neighbours join."""
        if one.kind == ResourceKind.LINK:
            return bool(self.ends_at(one, other))
        if other.kind == ResourceKind.LINK:
            return bool(self.ends_at(other, one))
        return bool(self.within(one.id) & self.within(other.id))


def check_route(circuit: str, path: str, hops: Sequence[Part], joints: Joints) -> None:
    """Refuse a route that does not join up; the error names circuit, path, position, both resources and the remedy.

    `path`: the role as users read it. Positions count from 1. Raises BadRoute.
    """
    seen: dict[int, int] = {}
    for position, hop in enumerate(hops, start=1):
        _check_hop(circuit, path, position, hop, seen)
        seen[hop.id] = position
    for position, (one, other) in enumerate(pairwise(hops), start=1):
        if not joints.join(one, other):
            raise BadRoute(
                msgid(
                    "Circuit {circuit}, {path}: position {position}, {one}, does not join position "
                    "{following}, {other}; "
                    "add the link or device between them, or correct one of the two."
                ),
                circuit=circuit,
                path=path,
                position=position,
                one=one.code,
                following=position + 1,
                other=other.code,
            )
    for position, (before, link, after) in enumerate(zip(hops, hops[1:], hops[2:], strict=False), start=2):
        if link.kind == ResourceKind.LINK:
            _check_passage(circuit, path, position, (before, link, after), joints)


def _check_hop(circuit: str, path: str, position: int, hop: Part, seen: Mapping[int, int]) -> None:
    if hop.kind not in CARRIERS:
        raise BadRoute(
            msgid(
                "Circuit {circuit}, {path}: position {position}, {code}, is a {kind}; list devices, cards, "
                "ports and links, "
                "and let the link depend on {code}."
            ),
            circuit=circuit,
            path=path,
            position=position,
            code=hop.code,
            kind=hop.kind,
        )
    if hop.id in seen:
        raise BadRoute(
            msgid(
                "Circuit {circuit}, {path}: {code} stands at positions {first} and {position}; take the loop "
                "between them out."
            ),
            circuit=circuit,
            path=path,
            code=hop.code,
            first=seen[hop.id],
            position=position,
        )


def _check_passage(circuit: str, path: str, position: int, hops: tuple[Part, Part, Part], joints: Joints) -> None:
    before, link, after = hops
    entered, left = joints.ends_at(link, before), joints.ends_at(link, after)
    if len(entered | left) < 2:
        raise BadRoute(
            msgid(
                "Circuit {circuit}, {path}: position {position}, link {link}, is entered from {before} and "
                "left to {after} at "
                "the same end; name a neighbour at its other end."
            ),
            circuit=circuit,
            path=path,
            position=position,
            link=link.code,
            before=before.code,
            after=after.code,
        )
