"""How is a circuit's route drawn (E2)? Turns hops, ends and standing alarms into what `{% route_diagram %}` draws."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from mainstay.faces.web.links import page
from mainstay.faces.web.states import worst
from mainstay.network.alarms.choices import Effect
from mainstay.network.inventory.choices import DeviceRole, PathRole, ResourceKind
from mainstay.network.inventory.queries.route import HopView, PathView, Place, RouteView

NETWORK_ROLES = (DeviceRole.BACKBONE, DeviceRole.AGGREGATION, DeviceRole.ACCESS)
EFFECT_STATES = {Effect.NONE: "up", Effect.DEGRADED: "degraded", Effect.DOWN: "down"}


@dataclass(frozen=True)
class Faults:
    """What stands on the resources of a route: worst effect by resource, and since when by resource."""

    effects: Mapping[int, int]
    since: Mapping[int, datetime]

    def state(self, ids: Iterable[int]) -> str:
        """Return the worst state of some resources."""
        return worst([EFFECT_STATES[Effect(self.effects[pk])] for pk in ids if pk in self.effects])


def resource_ids(route: RouteView) -> list[int]:
    """Return every resource a route rests on, to ask for standing alarms."""
    found = set()
    for path in route.paths:
        for hop in path.hops:
            held = (hop.resource, hop.device, hop.site, *hop.runs_in)
            found |= {place.id for place in held if place is not None}
    return sorted(found)


def drawing(route: RouteView, ends: Iterable[Any], faults: Faults) -> dict[str, Any]:
    """Return the drawing; the working path carries the traffic unless it is down."""
    ends = list(ends)
    own = {each.pk for end in ends for each in (end.converter, end.router) if each is not None}
    paths = [_path(path, faults, own) for path in route.paths]
    working_down = any(path["state"] == "down" for path in paths if path["role"] == PathRole.WORKING)
    for path in paths:
        path["active"] = path["state"] != "down" and (path["role"] == PathRole.WORKING) != working_down
    by_side = {end.side: _end(end, faults) for end in ends}
    return {"a": by_side.get("A", {"label": "A"}), "z": by_side.get("Z", {"label": "Z"}), "paths": paths}


def what_can_fail(route: RouteView) -> list[Place]:
    """Return what the route is drawn over, each once: our devices, cables, links without a cable."""
    found: dict[int, Place] = {}
    for hop in (hop for path in route.paths for hop in path.hops):
        cable = next((place for place in hop.runs_in if place.kind == ResourceKind.CABLE), None)
        place = hop.device or cable or hop.resource
        if place.kind == ResourceKind.DEVICE and place.role not in NETWORK_ROLES:
            continue
        found.setdefault(place.id, place)
    return list(found.values())


def without_links(drawn: dict[str, Any]) -> dict[str, Any]:
    """Return a drawing for who may not open the network's own pages."""
    paths = [{**path, "elements": [{**each, "href": ""} for each in path["elements"]]} for path in drawn["paths"]]
    return {**drawn, "a": {**drawn["a"], "href": ""}, "z": {**drawn["z"], "href": ""}, "paths": paths}


def _path(path: PathView, faults: Faults, own: set[int]) -> dict[str, Any]:
    """Return one path; the customer's own equipment stands in the boxes of the ends, not on the line."""
    hops_between = [hop for hop in path.hops if hop.device is None or hop.device.id not in own]
    elements = [_element(list(hops), faults) for _key, hops in groupby(hops_between, key=_stands_in)]
    return {"role": path.role, "elements": elements, "state": worst([each["state"] for each in elements])}


def _stands_in(hop: HopView) -> tuple[str, int]:
    """Return what hops are drawn as one: ports and cards of a device are the device, a link is itself."""
    return ("device", hop.device.id) if hop.device else ("link", hop.resource.id)


def _element(hops: list[HopView], faults: Faults) -> dict[str, Any]:
    first = hops[0]
    return _device(hops, faults) if first.device is not None else _link(first, faults)


def _device(hops: list[HopView], faults: Faults) -> dict[str, Any]:
    device = hops[0].device
    assert device is not None
    ids = [device.id, *(hop.resource.id for hop in hops), *(hop.site.id for hop in hops if hop.site)]
    ports = [hop.resource.name for hop in hops if hop.resource.kind in (ResourceKind.PORT, ResourceKind.CARD)]
    return {
        "kind": "device",
        "label": device.name,
        "detail": " · ".join(dict.fromkeys(ports[:2])),
        "href": page("resource", device.id),
        **_fault(ids, {place.id: place.name for place in (device, *(hop.resource for hop in hops))}, faults),
    }


def _link(hop: HopView, faults: Faults) -> dict[str, Any]:
    under = (hop.resource, *hop.runs_in)
    cable = next((place for place in hop.runs_in if place.kind == ResourceKind.CABLE), None)
    return {
        "kind": "cable" if cable else "link",
        "label": cable.name if cable else hop.resource.name,
        "href": page("resource", cable.id if cable else hop.resource.id),
        "ducts": hop.ducts,
        **_fault([place.id for place in under], {place.id: place.name for place in under}, faults),
    }


def _fault(ids: list[int], names: Mapping[int, str], faults: Faults) -> dict[str, Any]:
    hit = [pk for pk in ids if faults.effects.get(pk, Effect.NONE) != Effect.NONE]
    if not hit:
        return {"state": "up"}
    gravest = max(hit, key=lambda pk: faults.effects[pk])
    return {"state": faults.state(hit), "fault": names.get(gravest, ""), "since": faults.since.get(gravest)}


def _end(end: Any, faults: Faults) -> dict[str, Any]:
    kit = [each for each in (end.converter, end.router) if each is not None]
    words = [" ".join(filter(None, (each.vendor, each.model))) or each.name for each in kit]
    return {
        "label": end.site_name,
        "detail": " · ".join(words),
        "address": end.address,
        "state": faults.state(each.pk for each in kit),
    }
