"""How is a route drawn for its customer? By cities and ways, never by our devices, sites, cables or ducts (L1, E2).

A path runs A end – access – cities – access – Z end; each part has the worst state of what it stands for.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from mainstay.faces.portal.states import worst
from mainstay.network.alarms.choices import Effect
from mainstay.network.inventory.choices import DeviceRole, PathRole
from mainstay.network.inventory.queries.route import HopView, PathView, RouteView

EFFECT_STATES = {Effect.NONE: "up", Effect.DEGRADED: "degraded", Effect.DOWN: "down"}
AT_CUSTOMER = (DeviceRole.CONVERTER, DeviceRole.ROUTER, DeviceRole.MODEM)


class Stretch(NamedTuple):
    """Hops drawn as one: in a city (its name), at the customer ("end"), or a link between ("link")."""

    kind: str
    city: str


def resource_ids(route: RouteView) -> list[int]:
    """Return every resource a route rests on, to ask for standing alarms."""
    return sorted({pk for path in route.paths for hop in path.hops for pk in _rests_on(hop)})


def drawing(
    route: RouteView, ends: Iterable[Any], cities: Mapping[int, str], effects: Mapping[int, int]
) -> dict[str, Any]:
    """Return the drawing; `cities` by device, `effects`: worst standing effect by resource."""
    paths = [_path(path, cities, effects) for path in route.paths]
    working_down = any(path["state"] == "down" for path in paths if path["role"] == PathRole.WORKING)
    for path in paths:
        path["active"] = path["state"] != "down" and (path["role"] == PathRole.WORKING) != working_down
    by_side = {end.side: {"label": end.site_name, "address": end.address} for end in ends}
    return {"a": by_side.get("A", {"label": "A"}), "z": by_side.get("Z", {"label": "Z"}), "paths": paths}


def _path(path: PathView, cities: Mapping[int, str], effects: Mapping[int, int]) -> dict[str, Any]:
    stretches = [
        (stretch, _state(hops, effects)) for stretch, hops in groupby(path.hops, key=lambda hop: _stretch(hop, cities))
    ]
    state = worst([state for _stretch_, state in stretches])
    middle = _within_cities([each for each in stretches if each[0].kind != "end"])
    access = {"kind": "access", "label": _("Access")}
    first, last = stretches[0], stretches[-1]
    elements = [
        {**access, "state": first[1] if first[0].kind == "end" else "up"},
        *middle,
        {**access, "state": last[1] if last[0].kind == "end" else "up"},
    ]
    return {"role": path.role, "elements": elements, "state": state}


def _stretch(hop: HopView, cities: Mapping[int, str]) -> Stretch:
    if hop.device is None:
        return Stretch("link", "")
    if hop.device.role in AT_CUSTOMER:
        return Stretch("end", "")
    return Stretch("city", cities.get(hop.device.id, ""))


def _within_cities(stretches: list[tuple[Stretch, str]]) -> list[dict[str, Any]]:
    """Draw one node per city; links inside a city belong to it, links between cities are drawn."""
    drawn: list[dict[str, Any]] = []
    between = "up"
    for stretch, state in stretches:
        if stretch.kind == "link":
            between = worst([between, state])
            continue
        if drawn and drawn[-1]["label"] == stretch.city:
            drawn[-1]["state"] = worst([drawn[-1]["state"], between, state])
        else:
            if drawn:
                drawn.append({"kind": "link", "label": "", "state": between})
                between = "up"
            drawn.append({"kind": "site", "label": stretch.city, "state": worst([between, state])})
        between = "up"
    return drawn


def _state(hops: Iterable[HopView], effects: Mapping[int, int]) -> str:
    return worst([EFFECT_STATES[Effect(effects[pk])] for hop in hops for pk in _rests_on(hop) if pk in effects])


def _rests_on(hop: HopView) -> set[int]:
    return {place.id for place in (hop.resource, hop.device, hop.site, *hop.runs_in) if place is not None}
