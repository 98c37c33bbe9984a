"""Lays an inventory, key accounts and circuits over the log's topology, through the rooms' own actions."""

import random
from collections import defaultdict, deque
from datetime import datetime
from itertools import pairwise

from mainstay.accounts.catalog.actions import loading as catalog
from mainstay.accounts.customers.actions.contacts import NewContact, add_contacts
from mainstay.accounts.customers.actions.customers import NewCustomer, create_customers
from mainstay.domain.actor import Actor
from mainstay.faces.demo.realworld.log import Log
from mainstay.network.inventory.actions.circuits import NewCircuit, NewEnd, open_circuits
from mainstay.network.inventory.actions.resources import NewResource, add_resources
from mainstay.platform.calendars import actions as calendars
from mainstay.platform.places.actions import NewRegion, add_regions

REGION = "4201"
GRADES = ("AAA", "AA", "A", "I", "II", "III")
WEIGHTS = (5, 10, 20, 25, 25, 15)
Near = dict[int, list[int]]


def device_code(index: int) -> str:
    """Return the code of a device of the log."""
    return f"NE{index:03d}"


def lay(log: Log, *, customers: int, circuits: int, at: datetime, by: Actor) -> None:
    """Fill an empty database; the same log gives the same circuits."""
    chance = random.Random(439)
    add_regions([NewRegion("42", "湖北省", "Hubei"), NewRegion(REGION, "武汉市", "Wuhan")])
    calendars.load_shipped(at=at, by=by)
    catalog.load_shipped(at=at, by=by)
    add_resources(_resources(log), at=at, by=by)
    codes = [f"RW{number:04d}" for number in range(1, customers + 1)]
    create_customers([NewCustomer(code, f"客户 {code}", REGION) for code in codes], at=at, by=by)
    contacts = [NewContact(code, f"联系人 {code}", phone="02700000000", notify=True) for code in codes]
    add_contacts(contacts, at=at, by=by)
    wanted = _circuits(log, codes, circuits, chance)
    for start in range(0, len(wanted), 500):
        open_circuits(wanted[start : start + 500], at=at, by=by)


def _resources(log: Log) -> list[NewResource]:
    devices = [
        NewResource(device_code(index), "device", f"微波站 {index:03d}", region_code=REGION, technology="wireless")
        for index in range(log.devices)
    ]
    links = [
        NewResource(_link_code(a, z), "link", f"微波链路 {a:03d}–{z:03d}", a_end=device_code(a), z_end=device_code(z))
        for a, z in log.links
    ]
    return devices + links


def _link_code(one: int, other: int) -> str:
    return f"ML{min(one, other):03d}-{max(one, other):03d}"


def _circuits(log: Log, customers: list[str], count: int, chance: random.Random) -> list[NewCircuit]:
    near: Near = defaultdict(list)
    for a, z in log.links:
        near[a].append(z)
        near[z].append(a)
    linked = sorted(near)
    made: list[NewCircuit] = []
    while len(made) < count:
        start = chance.choice(linked)
        reach = _within(near, start, 6)
        end = chance.choice(reach)
        working = _shortest(near, start, end, frozenset())
        protection = _shortest(near, start, end, frozenset(working[1:-1])) if len(working) > 2 else []
        grade = chance.choices(GRADES, WEIGHTS)[0]
        made.append(_circuit(len(made) + 1, chance.choice(customers), grade, working, protection))
    return made


def _circuit(number: int, customer: str, grade: str, working: list[int], protection: list[int]) -> NewCircuit:
    return NewCircuit(
        number=f"WL-{number:05d}",
        customer=customer,
        product="digital-circuit",
        grade=grade,
        technology="wireless",
        reach="local",
        bandwidth_kbps=2048,
        a=NewEnd(f"站点 {working[0]:03d}"),
        z=NewEnd(f"站点 {working[-1]:03d}"),
        working=_hops(working),
        protection=_hops(protection),
        region_code=REGION,
    )


def _hops(devices: list[int]) -> tuple[str, ...]:
    hops: list[str] = []
    for one, other in pairwise(devices):
        hops += [device_code(one), _link_code(one, other)]
    return (*hops, device_code(devices[-1])) if devices else ()


def _within(near: Near, start: int, hops: int) -> list[int]:
    seen, layer = {start}, [start]
    for _ in range(hops):
        layer = [there for here in layer for there in near[here] if there not in seen and not seen.add(there)]  # type: ignore[func-returns-value]
    return sorted(seen - {start})


def _shortest(near: Near, start: int, end: int, avoid: frozenset[int]) -> list[int]:
    came: dict[int, int] = {start: start}
    waiting = deque([start])
    while waiting and end not in came:
        here = waiting.popleft()
        for there in near[here]:
            if there not in came and there not in avoid:
                came[there] = here
                waiting.append(there)
    if end not in came:
        return []
    way = [end]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
