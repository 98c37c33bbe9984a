"""How is a cut shown by hand? Cut and restore a link, or both ways of a protected circuit one after the other."""

from dataclasses import dataclass, replace
from datetime import datetime

from mainstay.accounts.catalog.choices import GRADE_RANK, Reach
from mainstay.domain.actor import system
from mainstay.domain.errors import NotFound, msgid
from mainstay.faces.demo import cast, faults
from mainstay.faces.demo.feed import BY_HAND, send
from mainstay.faces.demo.terrain import Link, Terrain, read_terrain
from mainstay.network.inventory.queries import circuits
from mainstay.platform.identity import queries as identity

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
    """Return a protected circuit that is up, or the one named; the best grade and customers of the portal come first.

    Its links are those that carry the least else. Raises NotFound.
    """
    found = circuits.visible_to(EVERYONE).filter(paths__role="protection", **({"number": number} if number else {}))
    portal = set(
        identity.users().filter(username__in=[name for name, _ in cast.PORTAL]).values_list("customer_id", flat=True)
    )
    columns = ("number", "customer__name", "grade", "customer_id", "reach")
    up = list(found.exclude(circuits.IMPAIRED).order_by("number").values_list(*columns))
    up.sort(key=lambda row: (GRADE_RANK[row[2]], row[3] not in portal, row[4] != Reach.LOCAL, row[0]))
    load = {code: link.load for code, link in read_terrain(EVERYONE).link_of.items()}
    for name, customer, grade, _, _ in up[:200]:
        ways = _links_of(name)
        working = [code for code in ways["working"] if code in load and code not in ways["protection"]]
        protection = [code for code in ways["protection"] if code in load and code not in ways["working"]]
        if working and protection:
            return Ring(
                name, customer, grade, min(working, key=load.__getitem__), min(protection, key=load.__getitem__)
            )
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
