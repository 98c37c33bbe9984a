"""What does a storm look like? Fibre cut in several cities at once, with all that alarms because of it (G6)."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from mainstay.faces.demo import faults, sources
from mainstay.faces.demo.faults import Mark
from mainstay.faces.demo.feed import BY_HAND, EVERYONE, send
from mainstay.faces.demo.terrain import Link, Terrain
from mainstay.network.alarms.queries import alarms

CITIES = ("WH", "XY", "YC", "JZ", "HS")
CUTS, DEAD, TAILS = 6, 2, 8
"""For each city: busiest links cut, aggregation devices lost, customers' tails cut."""
AT_ONCE = 500
SYMPTOMS = {sources.TRANSPORT: ("AIS", "RDI", "PROTECTION_SWITCH"), sources.IP: ("CPU_HIGH", "BGP_FLAP")}


def storm(terrain: Terrain, dice: Random, *, count: int, cities: Sequence[str] = CITIES) -> list[Mark]:
    """Return the alarms of a storm, no two of them the same: the faults first, then what complains because of them."""
    own = [link for link in terrain.links if link.code.split("-", 1)[0] in cities]
    found: dict[tuple[str, str, str], Mark] = {}
    for mark in islice(_marks(terrain, dice, own, cities), 50 * count):
        if len(found) >= count:
            break
        found.setdefault((mark.source, mark.ref, mark.type), replace(mark, text=BY_HAND + (mark.text or "风暴")))
    return list(found.values())


def _marks(terrain: Terrain, dice: Random, own: Sequence[Link], cities: Sequence[str]) -> Iterator[Mark]:
    for city in cities:
        yield from _faults_of(terrain, dice, own, city)
    ends = [(link, end) for link in own for end in (link.a_end, link.z_end) if "/" in end]
    dice.shuffle(ends)
    for link, end in ends:
        for kind in SYMPTOMS[link.source]:
            yield Mark(link.source, end, kind, "下游告警指示")
    others = [(link, end) for link in terrain.links for end in (link.a_end, link.z_end) if "/" in end]
    for kind in ("RDI", "AIS", "FAN_FAIL", "PROTECTION_SWITCH", "BGP_FLAP", "CPU_HIGH"):
        for link, end in others:
            yield Mark(link.source, end, kind, "远端缺陷指示")


def _faults_of(terrain: Terrain, dice: Random, own: Sequence[Link], city: str) -> Iterator[Mark]:
    here = sorted((link for link in own if link.code.startswith(f"{city}-")), key=lambda each: (-each.load, each.code))
    for duct, links in terrain.ducts.items():
        if duct.startswith(f"{city}-"):
            yield from faults.duct_dug_up(duct, [terrain.link_of[code] for code in links]).marks
    for link in here[:CUTS]:
        yield from faults.cut(link).marks
    devices = [d for d in terrain.devices if d.role == "aggregation" and d.code.startswith(f"{city}-")]
    for device in devices[:DEAD]:
        yield from faults.device_lost(device, terrain).marks
    tails = [link for link in terrain.links if "/" not in link.a_end and link.z_end.startswith(f"{city}-")]
    for link in dice.sample(tails, min(TAILS, len(tails))):
        yield from faults.cut(link).marks


def pour(marks: Sequence[Mark], *, seconds: float, now: Callable[[], datetime], stop: threading.Event) -> int:
    """Send alarms through the intake, spread over so many seconds; return how many reports."""
    begin, sent = now(), 0
    size = max(1, min(AT_ONCE, round(len(marks) / max(seconds, 1) / 2)))
    for start in range(0, len(marks), size):
        due = begin + timedelta(seconds=seconds * start / len(marks))
        if stop.wait(max(0.0, (due - now()).total_seconds())):
            break
        sent += send(marks[start : start + size], now())
    return sent


def standing() -> list[Mark]:
    """Return what was sent by hand and still stands."""
    rows = alarms.visible_to(EVERYONE).filter(cleared_at__isnull=True, text__startswith=BY_HAND)
    return [Mark(*row) for row in rows.order_by("pk").values_list("source__code", "resource__code", "alarm_type")]


def calm(at: datetime) -> int:
    """Clear what was sent by hand and still stands; return how many reports."""
    left = standing()
    return sum(send(left[start : start + AT_ONCE], at, cleared=True) for start in range(0, len(left), AT_ONCE))
