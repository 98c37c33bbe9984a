"""How is a cut shown by hand? Cut and restore a link, or both ways of a protected circuit one after the other."""

from dataclasses import dataclass, replace
from datetime import datetime

from mainstay.domain.actor import system
from mainstay.domain.errors import NotFound, msgid
from mainstay.faces.demo import faults
from mainstay.faces.demo.feed import BY_HAND, send
from mainstay.faces.demo.terrain import Link, Terrain, read_terrain
from mainstay.network.inventory.queries import circuits

EVERYONE = system("demo")


@dataclass(frozen=True)
class Ring:
    """A protected circuit with a link of its working path and one of its protection path, neither on both."""

    number: str
    customer: str
    grade: str
    working: str
    protection: str


def link(terrain: Terrain, code: str) -> Link:
    """Return a link by its code. Raises NotFound."""
    found = terrain.link_of.get(code)
    if found is None:
        raise NotFound(msgid("There is no link {code}; take a code from a circuit's route, e.g. WH-LK-001."), code=code)
    return found


def cut(code: str, at: datetime) -> int:
    """Send the alarms of a cut link; return how many reports."""
    marks = faults.cut(link(read_terrain(EVERYONE), code)).marks
    return send([replace(mark, text=f"{BY_HAND}{mark.text}") for mark in marks], at)


def restore(code: str, at: datetime) -> int:
    """Send the clears of a cut link; return how many reports."""
    return send(faults.cut(link(read_terrain(EVERYONE), code)).marks, at, cleared=True)


def find_ring(number: str = "") -> Ring:
    """Return a protected circuit that is up, of the best grade, or the one named. Raises NotFound."""
    found = circuits.visible_to(EVERYONE).filter(paths__role="protection", **({"number": number} if number else {}))
    up = found.filter(live_state=0).order_by("grade", "number").values_list("number", "customer__name", "grade")
    best = sorted(up, key=lambda row: (-len(row[2]) if row[2].startswith("A") else 0, row[0]))
    for name, customer, grade in best[:200]:
        ways = _links_of(name)
        working = [code for code in ways["working"] if code not in ways["protection"]]
        protection = [code for code in ways["protection"] if code not in ways["working"]]
        if working and protection:
            return Ring(name, customer, grade, working[len(working) // 2], protection[len(protection) // 2])
    raise NotFound(
        msgid("No protected circuit is up now; wait until some faults are cleared, or name another circuit.")
    )


def _links_of(number: str) -> dict[str, list[str]]:
    """Return the links of both ways of a circuit, A to Z."""
    rows = circuits.visible_to(EVERYONE).filter(number=number, paths__hops__resource__kind="link")
    ways: dict[str, list[str]] = {"working": [], "protection": []}
    ordered = rows.order_by("paths__role", "paths__hops__position")
    for role, code in ordered.values_list("paths__role", "paths__hops__resource__code"):
        ways[role].append(code)
    return ways
