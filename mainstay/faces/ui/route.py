"""Where does each part of a circuit's route stand in the drawing? Numbers are pixels; the template only paints.

A route is a mapping: `a` and `z` (each `label`, and optionally `detail`, `address`, `href`, `state`) and `paths`,
working first. A path has `role` (working, protection), `active`, optionally `state`, and `elements` from A to Z.
An element has `kind` and `label`, and optionally `detail`, `href`, `state`, `since`, `fault` (a few words) and
`ducts` (names of the ducts it lies in).
Kinds of node: device, site, ring, node. Kinds of link: link, fibre, cable, access, radio.
Two nodes in a row get a plain link between them, two links a plain joint.

A long path is folded so that A and Z are seen together: a run of well parts in its middle is drawn as one link,
"+5", kind "fold". The ways in and out, faults and shared ducts are never folded away.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Any, Final

LINKS: Final = frozenset({"link", "fibre", "cable", "access", "radio", "fold"})

MARGIN: Final = 8
END_WIDTH: Final = 160
ROLE_WIDTH: Final = 96
STEP: Final = 136
NARROW_STEP: Final = 120
MOST_LINKS: Final = 6
"""How many links of a path stand side by side on a desk's screen."""
SHRINKS_FROM: Final = 900
WIDEST: Final = 2 * (MARGIN + END_WIDTH) + ROLE_WIDTH + MOST_LINKS * NARROW_STEP
LANE: Final = 132
TOP: Final = 66
BOTTOM: Final = 66
LINE: Final = 15

GLYPHS: Final = {"down": "✕", "degraded": "!", "unprotected": "△", "planned": "◷", "unknown": "?"}


@dataclass(frozen=True)
class Part:
    """One element with the place it has: a node at (x, y), a link from x to x2."""

    kind: str
    x: int
    y: int
    x2: int
    label: list[str]
    detail: list[str]
    given: Mapping[str, Any]

    @property
    def middle(self) -> int:
        """Give the middle of a link."""
        return (self.x + self.x2) // 2

    @property
    def state(self) -> str:
        """Give the live state, "up" where none is said."""
        return str(self.given.get("state") or "up")

    @property
    def glyph(self) -> str:
        """Give the sign of a state that is not well, so that colour is never alone; empty when well."""
        return GLYPHS.get(self.state, "")

    @property
    def is_link(self) -> bool:
        """Say whether this is drawn as a line."""
        return self.kind in LINKS


@dataclass(frozen=True)
class Lane:
    """One path: a horizontal line of parts between the two ends."""

    role: str
    state: str
    active: bool
    y: int
    parts: list[Part]


@dataclass(frozen=True)
class Band:
    """A duct that two links share: a four-cornered band between them."""

    name: str
    points: str
    x: int
    y: int


@dataclass(frozen=True)
class End:
    """The A or Z end: a box as tall as all lanes."""

    name: str
    x: int
    y: int
    height: int
    label: list[str]
    detail: list[str]
    given: Mapping[str, Any]

    @property
    def middle(self) -> int:
        """Give the middle of the box."""
        return self.x + END_WIDTH // 2

    @property
    def text_y(self) -> int:
        """Give the base line of the first line of text, so that all lines stand in the middle."""
        return self.y + self.height // 2 - (len(self.label) + len(self.detail)) * LINE // 2 + LINE


@dataclass(frozen=True)
class Drawing:
    """Everything the template paints."""

    width: int
    height: int
    ends: list[End]
    lanes: list[Lane]
    bands: list[Band] = field(default_factory=list)
    folded: bool = False

    @property
    def is_wide(self) -> bool:
        """Say whether it may be drawn smaller to fit the page; the unfolded drawing of a long route scrolls instead."""
        return SHRINKS_FROM < self.width <= WIDEST


def draw(route: Mapping[str, Any], *, fold: bool = True) -> Drawing:
    """Lay a route out, long paths folded unless told otherwise; a route without paths gives two ends."""
    given = list(route.get("paths") or ())
    full = [_alternate(path.get("elements") or ()) for path in given]
    shared = _shared_ducts(full)
    shown = [folded(elements, shared) for elements in full] if fold else full
    steps = max([1, *(_links(elements) for elements in shown)])
    left = MARGIN + END_WIDTH
    right = left + ROLE_WIDTH + steps * (STEP if steps < MOST_LINKS else NARROW_STEP)
    owners = [str((route.get(end) or {}).get("label") or "") for end in ("a", "z")]
    lanes = [
        _lane(path, elements, (left, right, TOP + LANE * row), owners)
        for row, (path, elements) in enumerate(zip(given, shown, strict=True))
    ]
    height = TOP + LANE * max(0, len(given) - 1) + BOTTOM
    ends = [
        _end("A", MARGIN, height, route.get("a") or {}),
        _end("Z", right, height, route.get("z") or {}),
    ]
    return Drawing(right + END_WIDTH + MARGIN, height, ends, lanes, _bands(lanes), shown != full)


def _links(elements: Iterable[Mapping[str, Any]]) -> int:
    return sum(each["kind"] in LINKS for each in elements)


def _shared_ducts(paths: Sequence[Sequence[Mapping[str, Any]]]) -> set[str]:
    """Return the ducts that more than one path lies in."""
    by_path = [{str(name) for each in elements for name in each.get("ducts") or ()} for elements in paths]
    return {name for upper, lower in combinations(by_path, 2) for name in upper & lower}


def folded(elements: Sequence[Mapping[str, Any]], shared: AbstractSet[str] = frozenset()) -> list[Mapping[str, Any]]:
    """Fold runs of well parts, the longest first, until the path has no more than `MOST_LINKS` links."""
    shown = list(elements)
    while (surplus := _links(shown) - MOST_LINKS) > 0:
        first, last = max(_runs(shown, shared), key=lambda run: run[1] - run[0], default=(0, 0))
        if first == last:
            break
        spare = (last - first) // 2 - surplus
        if spare > 0:
            first += spare // 2 * 2
            last = first + 2 * surplus
        hidden = shown[first : last + 1]
        shown[first : last + 1] = [_fold(hidden)]
    return shown


def _runs(elements: Sequence[Mapping[str, Any]], shared: AbstractSet[str]) -> Iterable[tuple[int, int]]:
    """Find runs that may be folded: (first, last), each a link; the two outermost links of a path stay."""
    start = None
    for index in range(len(elements)):
        plain = 3 <= index < len(elements) - 3 and _is_plain(elements[index], shared)
        if plain and start is None and elements[index]["kind"] in LINKS:
            start = index
        if not plain and start is not None:
            yield start, _last_link(elements, start, index - 1)
            start = None


def _last_link(elements: Sequence[Mapping[str, Any]], first: int, last: int) -> int:
    return last if elements[last]["kind"] in LINKS else max(first, last - 1)


def _is_plain(given: Mapping[str, Any], shared: AbstractSet[str]) -> bool:
    well = str(given.get("state") or "up") == "up" and not given.get("fault")
    return well and given["kind"] != "fold" and shared.isdisjoint(map(str, given.get("ducts") or ()))


def _fold(hidden: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    names = [str(each["label"]) for each in hidden if each["kind"] not in LINKS and each.get("label")]
    return {"kind": "fold", "label": f"+{len(names)}", "detail": " – ".join(names), "href": "#full-route"}


def _alternate(elements: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Make links and nodes take turns, beginning and ending with a link (the ends are the outer nodes)."""
    found: list[Mapping[str, Any]] = []
    for each in elements:
        link = each.get("kind") in LINKS
        if link and found and found[-1]["kind"] in LINKS:
            found.append({"kind": "joint"})
        if not link and (not found or found[-1]["kind"] not in LINKS):
            found.append({"kind": "link"})
        found.append(each)
    if not found or found[-1]["kind"] not in LINKS:
        found.append({"kind": "link"})
    return found


def _lane(
    path: Mapping[str, Any], elements: Sequence[Mapping[str, Any]], place: tuple[int, int, int], owners: Sequence[str]
) -> Lane:
    """Lay a path out between left and right at a height; what an end's name begins goes without that name."""
    left, right, y = place
    links = sum(each["kind"] in LINKS for each in elements)
    start = left + ROLE_WIDTH
    stops = [start + (right - start) * number // links for number in range(links + 1)]
    room = min(STEP * 2, (right - start) // links) - 10
    parts, at = [], 0
    for each in elements:
        link = each["kind"] in LINKS
        x, x2 = (stops[at], stops[at + 1]) if link else (stops[at], stops[at])
        at += link
        parts.append(_part(each, (x, x2, y), room, owners))
    state = str(path.get("state") or "up")
    return Lane(str(path.get("role") or "working"), state, bool(path.get("active", True)), y, parts)


def _part(given: Mapping[str, Any], place: tuple[int, int, int], room: int, owners: Sequence[str]) -> Part:
    x, x2, y = place
    label = wrap(_within(str(given.get("label") or ""), owners), room, 2)
    detail = [] if given["kind"] == "fold" else wrap(str(given.get("detail") or ""), room, 1)
    return Part(str(given["kind"]), x, y, x2, label, detail, given)


def _within(label: str, owners: Sequence[str]) -> str:
    """Return the label without the name of the end it belongs to, which stands in the box beside it."""
    for owner in owners:
        if owner and label.startswith(owner) and label != owner:
            return label.removeprefix(owner).strip()
    return label


def _end(name: str, x: int, height: int, given: Mapping[str, Any]) -> End:
    label = wrap(str(given.get("label") or name), END_WIDTH - 16, 2)
    detail = wrap(str(given.get("detail") or ""), END_WIDTH - 4, 2)
    detail += wrap(str(given.get("address") or ""), END_WIDTH - 4, 2)
    return End(name, x, 24, height - 44, label, detail, given)


def _bands(lanes: Sequence[Lane]) -> list[Band]:
    """Join each pair of neighbouring links, in different lanes, that lie in the same duct."""
    bands = []
    for upper, lower in pairwise(lanes):
        for above in upper.parts:
            for below in lower.parts:
                bands += [_band(name, above, below) for name in _ducts(above) if name in _ducts(below)]
    return bands


def _ducts(part: Part) -> Sequence[str]:
    return [str(name) for name in part.given.get("ducts") or ()]


def _band(name: str, above: Part, below: Part) -> Band:
    corners = [
        (above.x + 22, above.y),
        (above.x2 - 22, above.y),
        (below.x2 - 22, below.y),
        (below.x + 22, below.y),
    ]
    points = " ".join(f"{x},{y}" for x, y in corners)
    return Band(name, points, (above.middle + below.middle) // 2, (above.y + below.y) // 2 - 6)


def wrap(text: str, width: int, lines: int) -> list[str]:
    """Break text into at most `lines` lines of `width` pixels at 12 px; what is too long ends in "…".

    It breaks after a space or a dash where one stands in the second half of the line.
    """
    wrapped, line = [], ""
    for character in text:
        if line and _width(line + character) > width:
            cut = max(line.rfind(" "), line.rfind("—"), line.rfind("–")) + 1
            cut = cut if cut > len(line) // 2 else len(line)
            wrapped.append(line[:cut])
            line = line[cut:]
        line += character
    if line:
        wrapped.append(line)
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], wrapped[lines - 1][:-1] + "…"]
    return [each.strip() for each in wrapped]


def _width(text: str) -> float:
    return sum(12.0 if unicodedata.east_asian_width(character) in "WF" else 6.8 for character in text)
