"""What differs between a source's export and our inventory, and who changed it? A three-way comparison (E3).

An object is a key and a row: values in the order of `fields`. A value is text, a number or a tuple of codes (a route);
None is "not said": what a source leaves open, or never delivered, is hand-kept and never differs. Empty text and an
empty tuple are said, and the same. `agreed` is what source and inventory had in common when they last agreed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Literal

Value = str | int | float | tuple[str, ...] | None
Row = Sequence[Value]
Rows = Mapping[str, Row]


class Kind(StrEnum):
    """What a difference is; the first four are about a field, the others about an object."""

    SOURCE_CHANGED = "source-changed"
    WE_CHANGED = "we-changed"
    CONFLICT = "conflict"
    NEVER_AGREED = "never-agreed"
    NEW = "new"
    VANISHED = "vanished"
    GONE_HERE = "gone-here"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. `field` is "" for an object as a whole; then `agreed`, `theirs`, `ours` are None."""

    key: str
    field: str
    kind: Kind
    agreed: Value = None
    theirs: Value = None
    ours: Value = None


@dataclass(frozen=True)
class Comparison:
    """What a comparison found. `agreed`: rows that hold more, or other, agreement than before. `seen`: keys on both
    sides.
    """

    findings: list[Finding]
    agreed: dict[str, Row]
    seen: int


def compare(agreed: Rows, theirs: Rows, ours: Rows, *, fields: Sequence[str], full: bool) -> Comparison:
    """Compare an export (`theirs`) with the inventory (`ours`), in the order of `theirs`, vanished ones last.

    `agreed` holds every object the source ever delivered. `full`: the export claims to be complete, so what it lacks
    has vanished; an object the source never delivered cannot vanish. Keys in `agreed` that neither side has are quiet.
    """
    found: list[Finding] = []
    news: dict[str, Row] = {}
    seen = 0
    for key, their in theirs.items():
        our, before = ours.get(key), agreed.get(key)
        if our is None:
            found.append(Finding(key, "", Kind.NEW if before is None else Kind.GONE_HERE))
            continue
        seen += 1
        if their == our == before:
            continue
        now = _compare_row(key, (before, their, our), fields, found)
        if before is None or now != tuple(before):
            news[key] = now
    if full:
        found += [Finding(key, "", Kind.VANISHED) for key in agreed if key not in theirs and key in ours]
    return Comparison(found, news, seen)


def _compare_row(
    key: str, rows: tuple[Row | None, Row, Row], fields: Sequence[str], found: list[Finding]
) -> tuple[Value, ...]:
    """Add what differs to `found`; return what is agreed now."""
    before, their, our = rows
    now: list[Value] = list(before) if before is not None else [None] * len(fields)
    for place, name in enumerate(fields):
        said, have, was = their[place], our[place], now[place]
        if said is None:
            continue
        if same(said, have):
            now[place] = said
        else:
            found.append(Finding(key, name, who_changed(was, said, have), was, said, have))
    return tuple(now)


def who_changed(agreed: Value, theirs: Value, ours: Value) -> Kind:
    """Say who left the agreement, of a field in which both differ."""
    if agreed is None:
        return Kind.NEVER_AGREED
    if same(agreed, ours):
        return Kind.SOURCE_CHANGED
    return Kind.WE_CHANGED if same(agreed, theirs) else Kind.CONFLICT


def same(one: Value, other: Value) -> bool:
    """Say whether two values mean the same; nothing said here is as good as empty."""
    return one == other or (one in (None, "", ()) and other in (None, "", ()))


@dataclass(frozen=True, slots=True)
class Step:
    """A hop of two routes laid side by side: in both, only in ours, or only in theirs. Positions count from 1."""

    side: Literal["both", "ours", "theirs"]
    code: str
    position: int


def route_steps(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Step]:
    """Lay two routes side by side: leaving out "theirs" gives ours, leaving out "ours" gives theirs.

    `position` is that in the route the hop comes from, for "both" that in ours.
    """
    for tag, a_from, a_to, b_from, b_to in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Step("both", ours[at], at + 1) for at in range(a_from, a_to))
        else:
            yield from (Step("ours", ours[at], at + 1) for at in range(a_from, a_to))
            yield from (Step("theirs", theirs[at], at + 1) for at in range(b_from, b_to))


def too_many(count: int, among: int, most_percent: int) -> bool:
    """Say whether so many of so many are more than a share allows; a share of 0 never stops, 3 or fewer never do."""
    return most_percent > 0 and count > 3 and count * 100 > among * most_percent
