"""Who should take which customer? By region first, then by how much each holds, keeping groups together (C4). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WEIGHTS = {"gold": 4, "silver": 3, "bronze": 2, "standard": 1}
"""What a customer of a grade weighs in somebody's portfolio."""


@dataclass(frozen=True)
class Candidate:
    """A customer to be given away."""

    customer_id: int
    region_code: str
    grade: str
    group_id: int | None = None


@dataclass(frozen=True)
class Taker:
    """Somebody who could take customers: regions are code prefixes, `held` counts by grade."""

    user_id: int
    regions: tuple[str, ...]
    held: Mapping[str, int]


def suggested(candidates: Sequence[Candidate], takers: Sequence[Taker], limits: Mapping[str, int]) -> dict[int, int]:
    """Return a taker's user id by customer id; a customer nobody's region covers is left out.

    The heaviest customers go first; each to who covers its region most closely, then who is below the limit of the
    grade, then who got others of its group, then who holds least by WEIGHTS.
    """
    load = {t.user_id: sum(WEIGHTS.get(grade, 1) * n for grade, n in t.held.items()) for t in takers}
    held = {t.user_id: dict(t.held) for t in takers}
    group_of: dict[int, int] = {}
    found: dict[int, int] = {}
    for each in sorted(
        candidates, key=lambda c: (-WEIGHTS.get(c.grade, 1), c.group_id or c.customer_id, c.customer_id)
    ):
        group = each.group_id or each.customer_id
        near = [(closest(each.region_code, t.regions), t.user_id) for t in takers]
        able = [(reach, user) for reach, user in near if reach >= 0]
        if not able:
            continue

        def cost(way: tuple[int, int], each: Candidate = each, group: int = group) -> tuple[bool, int, bool, int, int]:
            reach, user = way
            full = each.grade in limits and held[user].get(each.grade, 0) >= limits[each.grade]
            return full, -reach, group_of.get(group) != user, load[user], user

        user = min(able, key=cost)[1]
        found[each.customer_id] = user
        group_of.setdefault(group, user)
        held[user][each.grade] = held[user].get(each.grade, 0) + 1
        load[user] += WEIGHTS.get(each.grade, 1)
    return found


def closest(region_code: str, regions: Sequence[str]) -> int:
    """Return how closely regions cover one: the longest prefix's length, -1 for not at all."""
    return max((len(prefix) for prefix in regions if region_code.startswith(prefix)), default=-1)
